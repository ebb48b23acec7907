// SPDX-License-Identifier: MIT
// Decodes the video of a source: planar frames with times that rise.
#pragma once

#include "kernels/program/format.h"
#include "lib/base/log.h"
#include "lib/input/judge.h"
#include "lib/input/surfaces.h"
#include "lib/media/libav.h"
#include "lib/media/patched.h"

// Other modules may read the fields, but only decode.c writes them.
struct wr_decoder {
    struct wr_source *source; // borrowed
    struct wr_log log;
    AVCodecContext *context;
    struct wr_surfaces surfaces;
    struct wr_patched patched;          // pictures, as far as the decoder could
    struct wr_decoder_opaque opaque;    // what FFmpeg's decoder gets to see
    struct wr_judge judge;              // of frames
    struct wr_frame_pool *pool;         // of planar frames, for those that come in another form
    struct wr_host_memory *pool_memory; // that they lie in, NULL for any
    AVFrame *received;                  // from FFmpeg's decoder
    AVFrame *pending;    // next to be handed over, as soon as its duration is known; NULL if none
    int64_t frames_left; // still wanted, negative for all
    int64_t first_pts;   // of the first frame that is handed over
    int64_t pts, end;    // of the newest frame; AV_NOPTS_VALUE before the first
    int64_t resume;      // frames before this time are left out; AV_NOPTS_VALUE for none
    int64_t counted;     // frames so far, where a rate counts in place of times
    int errors;          // in a row
    int orientation;     // of photographs, by EXIF in the first packet; 0 for none, -1 before
    bool ended;          // there are no more frames
    bool missed_start;   // the packets began too late: the first frame may have been missed
    bool warned;         // that the time of a frame was changed
};

// Opens the decoder for the source's video. threads: 0 for all processors. After a failure too,
// wr_decoder_close is due.
enum wr_status wr_decoder_open(struct wr_decoder *decoder, struct wr_source *source, int threads,
                               const struct wr_log *log, struct wr_error *error);
void wr_decoder_close(struct wr_decoder *decoder);

// Forgets all packets, before the first frame: reading begins again elsewhere in the file.
void wr_decoder_restart(struct wr_decoder *decoder);

// Forgets all packets in mid-stream: decoding goes on elsewhere, with the frame at that time.
void wr_decoder_resume(struct wr_decoder *decoder, int64_t pts);

// Takes in a packet, which stays the caller's; NULL after the last. Before the next packet
// wr_decoder_receive is to be called until it has no more frames.
enum wr_status wr_decoder_send(struct wr_decoder *decoder, const AVPacket *packet,
                               struct wr_error *error);

// Gives the next frame, owned by the caller; its pts, duration and time_base are set. Frames before
// the start and after the last one that is wanted are left out. *frame is NULL when another packet
// is needed, when there are no more frames, or when missed_start is set.
enum wr_status wr_decoder_receive(struct wr_decoder *decoder, AVFrame **frame,
                                  struct wr_error *error);

// True while packets are wanted.
bool wr_decoder_is_active(const struct wr_decoder *decoder);

// True once `end` is the end of the last frame that is wanted; never if all frames are wanted.
bool wr_decoder_end_is_known(const struct wr_decoder *decoder);
