// SPDX-License-Identifier: MIT
// Reads a file: decoded, planar frames of one video stream and the packets of all others, in order.
#pragma once

#include "kernels/program/format.h"
#include "lib/base/log.h"
#include "lib/base/queue.h"
#include "lib/input/companions.h"
#include "lib/input/maps.h"
#include "lib/input/skip.h"
#include "lib/input/source.h"
#include "lib/media/message.h"
#include "lib/media/stream.h"

struct wr_reader;

// Strings are borrowed until wr_reader_close.
struct wr_reader_options {
    const char *input;          // path or anything libavformat opens
    int number;                 // of it, in maps
    const char *format;         // FFmpeg's name of the demuxer or device; NULL to find out
    const char *const *options; // "K=V" for demuxer or decoder, NULL at the end
    const char *framerate;      // of the frames, whatever their times; NULL to keep these
    // Times in FFmpeg's syntax: where reading begins and ends ("+TIME": from the start), and how
    // much is read at most; NULL for all.
    const char *start, *to, *duration;
    int64_t frames;      // end after this many, -1 for all
    struct wr_maps maps; // of streams
    enum wr_on_change on_change;
    struct wr_share share; // of the frames; others may come without a picture
    bool only_first; // decode no frame but the first; packets of other streams come all the same
    // Further inputs, whose sound and text may be read too; and whether the shortest stream ends
    // all: messages then tell where streams end, as they do where the chain takes sound.
    const struct wr_companion_options *companions;
    int companion_count;
    bool shortest;
    bool *lacks_video; // set where the input has no video that is asked for; NULL if nobody asks
    // Where packets are read and no frame is decoded: how often the input is read again, -1 without
    // end; how much later all of it is, in microseconds; and what is left out at the beginning.
    int64_t loops, later;
    const char *skip;
    bool filters_sound; // sound is filtered behind the reader, and may become longer or shorter
    double timeout;     // seconds after which an input that gives nothing has ended, 0 for never
    bool is_paced;      // read at the pace of its times
    int threads;        // of the decoder, 0 for all processors
    int cancelled; // a descriptor, -1 for none: reading fails with WR_INTERRUPTED as soon as it
                   // is readable, even while the input keeps the reader waiting
    struct wr_log log;
};

// Opens the input, finds the video stream, decodes up to the first frame that is wanted. On failure
// *reader is NULL.
enum wr_status wr_reader_open(struct wr_reader **reader, const struct wr_reader_options *options,
                              struct wr_error *error);

// The next message, owned by the caller; WR_END after the last. Frames come with indices 0, 1, 2
// and so on. Damage is counted and is no error. Frames whose format is not wr_reader_format() have
// their own (wr_frame_own_format), unless options say that such a change ends or fails the input.
int wr_reader_next(struct wr_reader *reader, struct wr_message *message, struct wr_error *error);

// From now on decoded frames lie in this memory as far as the decoder leaves the choice, and as far
// as it has room. Borrowed until the last frame is freed; NULL: FFmpeg's own. From any thread.
void wr_reader_use_memory(struct wr_reader *reader, struct wr_host_memory *memory);

// How many frames it has given so far.
int64_t wr_reader_frames(const struct wr_reader *reader);

// Of every frame that has no format of its own.
const struct wr_format *wr_reader_format(const struct wr_reader *reader);
AVRational wr_reader_time_base(const struct wr_reader *reader);

// What its frames are like; borrows from the reader.
struct wr_stream wr_reader_stream(const struct wr_reader *reader);

// What the writer takes over besides frames and packets; valid until the reader is closed.
const struct wr_source *wr_reader_source(const struct wr_reader *reader);

// The first packet of a stream that is copied, among those that were read until the first frame was
// found; NULL if none was. Only before wr_reader_next; the packet stays the reader's.
const struct AVPacket *wr_reader_first_packet(const struct wr_reader *reader, int stream);

// The input that was given up since it gave nothing for too long, this one or one whose sound or
// text comes with it; NULL if none was.
const char *wr_reader_stalled(const struct wr_reader *reader);

// Whether the input comes at a pace of its own: from a pipe, a network, or as it was asked for.
bool wr_reader_is_live(const struct wr_reader *reader);

// Damaged packets and frames so far.
int64_t wr_reader_damaged(const struct wr_reader *reader);

// Expected number of frames and seconds, the same from the beginning to the end; 0 if not known.
int64_t wr_reader_frames_total(const struct wr_reader *reader);
double wr_reader_duration(const struct wr_reader *reader);

// Where the picture changed its size and so ended the input, in seconds from the beginning of the
// file; 0 if it did not.
double wr_reader_changed_at(const struct wr_reader *reader);
void wr_reader_describe(const struct wr_reader *reader, struct wr_media_report *report);
void wr_reader_close(struct wr_reader **reader); // tolerates NULL
