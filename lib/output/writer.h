// SPDX-License-Identifier: MIT
// Writes a file: encodes frames, muxes packets, and names the file when it is whole.
#pragma once

#include "kernels/program/format.h"
#include "lib/input/reader.h"
#include "lib/media/message.h"
#include "lib/warpreel.h"

struct wr_writer;

// Opens encoder and container for frames of `format` (the chain's output) beside the final name. Says
// through options->log what the container cannot hold and leaves those streams out. Takes all it needs
// to know of the source from the reader, which must outlive this call only. Fills in report->output and
// report->streams; the report must outlive the writer. `interrupted` may be NULL; it is asked during
// blocking writes and ends them by returning non-zero.
enum wr_status wr_writer_open(struct wr_writer **writer, const struct wr_options *options,
                              const struct wr_reader *reader, const struct wr_format *format,
                              struct wr_report *report, int (*interrupted)(void *), void *opaque,
                              struct wr_error *error);

// Consumes the message on success, leaves it untouched on failure.
enum wr_status wr_writer_send(struct wr_writer *writer, struct wr_message *message,
                              struct wr_error *error);

// Writes one more packet of those the encoder holds back; call it until it says WR_END: then the file is
// complete, but has no name yet.
int wr_writer_flush(struct wr_writer *writer, struct wr_error *error);

// Gives the flushed file its name.
enum wr_status wr_writer_finish(struct wr_writer *writer, struct wr_error *error);

int64_t wr_writer_frames(const struct wr_writer *writer);  // frames whose packets were written
double wr_writer_position(const struct wr_writer *writer); // seconds: the latest of them is shown at

// Removes the partial output, from any thread; nothing but the end of the process may follow.
void wr_writer_abandon(const struct wr_writer *writer);

// Removes the partial file unless it was finished. Tolerates NULL.
void wr_writer_close(struct wr_writer **writer);
