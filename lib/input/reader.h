// SPDX-License-Identifier: MIT
// Reads a file: decoded, planar frames of one video stream and the packets of all others, in order.
// reader_open.h opens it.
#pragma once

#include "kernels/program/format.h"
#include "lib/base/queue.h"
#include "lib/input/messages.h"
#include "lib/input/source.h"
#include "lib/media/message.h"
#include "lib/media/stream.h"

struct wr_host_memory;
struct wr_reader;

// The next message, owned by the caller; WR_END after the last. Frames come with indices 0, 1, 2
// and so on. Damage is counted and is no error. Frames whose format is not wr_reader_format() have
// their own (wr_frame_own_format), unless options say that such a change ends or fails the input.
int wr_reader_next(struct wr_reader *reader, struct wr_message *message, struct wr_error *error);

// From now on decoded frames lie in this memory as far as the decoder leaves the choice, and as far
// as it has room. Borrowed until the last frame is freed; NULL: FFmpeg's own. From any thread.
void wr_reader_use_memory(struct wr_reader *reader, struct wr_host_memory *memory);

// How many frames it has given so far.
int64_t wr_reader_frames(const struct wr_reader *reader);

// The format and the time base of every frame that does not have its own.
const struct wr_format *wr_reader_format(const struct wr_reader *reader);
AVRational wr_reader_time_base(const struct wr_reader *reader);

// What its frames are like; borrows from the reader.
struct wr_stream wr_reader_stream(const struct wr_reader *reader);

// What the writer takes over besides frames and packets; valid until the reader is closed.
const struct wr_source *wr_reader_source(const struct wr_reader *reader);

// Packets of streams that are copied, as far as they were read until the first frame was found; to
// be looked at before wr_reader_next only.
struct wr_ahead wr_reader_ahead(const struct wr_reader *reader);

// The input that was given up since it gave nothing for too long, this one or one whose sound or
// text comes with it; NULL if none was.
const char *wr_reader_stalled(const struct wr_reader *reader);

// Whether the input comes at a pace of its own: from a pipe, a network, or as it was asked for.
bool wr_reader_is_live(const struct wr_reader *reader);

// Damaged packets and frames so far.
int64_t wr_reader_damaged(const struct wr_reader *reader);

// The first input that is damaged; NULL if none is.
const char *wr_reader_damaged_input(const struct wr_reader *reader);

// Expected number of frames and seconds, the same from the beginning to the end; 0 if not known.
int64_t wr_reader_frames_total(const struct wr_reader *reader);
double wr_reader_duration(const struct wr_reader *reader);

// Where the picture changed its size and so ended the input, in seconds from the beginning of the
// file; 0 if it did not.
double wr_reader_changed_at(const struct wr_reader *reader);
void wr_reader_describe(const struct wr_reader *reader, struct wr_media_report *report);
