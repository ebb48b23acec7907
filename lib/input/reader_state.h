// SPDX-License-Identifier: MIT
// The inside of a reader, which its two halves share: the file (reader.c) and the decoder
// (decode.c).
#pragma once

#include "lib/input/messages.h"
#include "lib/input/reader.h"
#include "lib/input/source.h"
#include "lib/input/timeline.h"

enum { MOST_ERRORS_IN_A_ROW = 1000 };

enum copy_state { NOT_COPIED, NOT_BEGUN, COPIED, PAST_END };

struct wr_reader {
    struct wr_source source;
    struct wr_options options;
    struct wr_format format;
    struct wr_frame_pool *pool; // planar frames, for the decoder's that are not
    struct wr_timeline timeline;
    AVPacket *packet; // being read
    AVFrame *frame;   // being decoded
    AVFrame *pending; // decoded, but its duration is only known with the next frame

    struct wr_messages ready; // to be delivered next
    struct wr_messages held;  // with --frames: copied packets not known yet to lie before the end
    struct wr_error failure;  // what comes after the messages that are ready

    enum copy_state *copies; // one for each stream of the file
    int copy_count;

    bool file_ended, decoder_ended, duplicate_told;
    bool duration_known;            // of the newest frame
    int read_errors, decode_errors; // in a row
    int64_t frames_left;            // negative: all
    int64_t last_pts, end;          // of the newest frame; AV_NOPTS_VALUE before
    int64_t damaged;
    int64_t frames_total; // expected, 0 if not known
    double duration;      // expected, in seconds, 0 if not known
};

// The source's offset in ticks of one of its streams.
int64_t wr_reader_offset(const struct wr_reader *reader, AVRational time_base);

// True while more frames are wanted of the decoder.
bool wr_reader_is_decoding(const struct wr_reader *reader);

// True once the last frame that is wanted has been decoded.
bool wr_reader_end_is_known(const struct wr_reader *reader);

// Before the first frame: forgets all that was read and looks for the start further back.
enum wr_status wr_reader_go_back(struct wr_reader *reader, struct wr_error *error);

// Decodes a packet and makes ready what comes out; NULL at the end: what the decoder holds back.
enum wr_status wr_reader_feed(struct wr_reader *reader, const AVPacket *packet,
                              struct wr_error *error);

// Makes the held packets ready that lie before the newest frame's end; drops the others after the
// last.
enum wr_status wr_reader_release_held(struct wr_reader *reader, struct wr_error *error);
