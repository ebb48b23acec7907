// SPDX-License-Identifier: MIT
// Reads a file: decoded, planar frames of one video stream and the packets of all others, in order.
#pragma once

#include "kernels/program/format.h"
#include "lib/media/message.h"
#include "lib/warpreel.h"

struct wr_reader;
struct wr_source;

// Opens the input, finds the video stream, decodes up to its first frame. Only the options input,
// start, frames, threads and log are read. Reading fails with WR_INTERRUPTED, however long the input
// keeps it waiting, once the descriptor `cancelled` becomes readable (-1: never).
enum wr_status wr_reader_open(struct wr_reader **reader, const struct wr_options *options,
                              int cancelled, struct wr_error *error);

// Next message, owned by the caller; WR_END after the last. Damage is counted, not an error; a change
// of picture size or format in mid-stream is an error (WR_FAILED with a sentence).
int wr_reader_next(struct wr_reader *reader, struct wr_message *message, struct wr_error *error);

const struct wr_format *wr_reader_format(const struct wr_reader *reader); // of every frame
AVRational wr_reader_time_base(const struct wr_reader *reader);
// Valid until the reader is closed: what the writer takes over besides frames and packets.
const struct wr_source *wr_reader_source(const struct wr_reader *reader);

int64_t wr_reader_damaged(const struct wr_reader *reader);       // damaged packets and frames so far
int64_t wr_reader_frames_total(const struct wr_reader *reader);  // expected, 0 if not known; constant
double wr_reader_duration(const struct wr_reader *reader);       // seconds, 0 if not known; constant
void wr_reader_describe(const struct wr_reader *reader, struct wr_media_report *report);
void wr_reader_close(struct wr_reader **reader);
