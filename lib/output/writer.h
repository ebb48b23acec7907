// SPDX-License-Identifier: MIT
// Writes a file: encodes frames, muxes packets, and names the file when it is whole.
#pragma once

#include "lib/input/reader.h"
#include "lib/media/message.h"
#include "lib/output/output_plan.h"

struct wr_writer;

// Opens the planned encoder and container beside the final name. Plan and options are copied; the
// strings of the options must outlive the writer. The reader, which says what there is to know of
// the source, must outlive this call only. Streams that the container cannot hold are left out;
// that is said through options->log. Fills in report->output and report->streams; the report must
// outlive the writer. `interrupted` may be NULL; it is asked during blocking writes and ends them
// by returning non-zero. On failure *writer is NULL.
enum wr_status wr_writer_open(struct wr_writer **writer, const struct wr_output_plan *plan,
                              const struct wr_writer_options *options,
                              const struct wr_reader *reader, struct wr_report *report,
                              int (*interrupted)(void *), void *opaque, struct wr_error *error);

// Consumes the message on success, leaves it untouched on failure.
enum wr_status wr_writer_send(struct wr_writer *writer, struct wr_message *message,
                              struct wr_error *error);

// Writes one more packet of those the encoder holds back; call it until it says WR_END: then the
// file is complete, but has no name yet.
int wr_writer_flush(struct wr_writer *writer, struct wr_error *error);

// Gives the flushed file its name.
enum wr_status wr_writer_finish(struct wr_writer *writer, struct wr_error *error);

// How many frames were written, and when the latest of them is shown, in seconds.
int64_t wr_writer_frames(const struct wr_writer *writer);
double wr_writer_position(const struct wr_writer *writer);

// What a part says at its end: how many frames the whole video has, and how many places of the
// input were found damaged. To be told before flushing.
void wr_writer_tell_source(struct wr_writer *writer, int64_t frames, int64_t damaged);

// Damaged places of the input that joined parts tell of, once flushed; else 0.
int64_t wr_writer_damaged(const struct wr_writer *writer);

// Removes the partial output. May be called from any thread, but the process must end then.
void wr_writer_abandon(const struct wr_writer *writer);

// Removes the partial file unless it was finished. Tolerates NULL.
void wr_writer_close(struct wr_writer **writer);
