// SPDX-License-Identifier: MIT
// Writes a file: encodes frames and muxes packets. writer_open.h opens it, and writer_finish.h
// names the file when it is whole.
#pragma once

#include "lib/media/message.h"
#include "lib/warpreel.h"

struct wr_writer;

// Consumes the message on success, leaves it untouched on failure.
enum wr_status wr_writer_send(struct wr_writer *writer, struct wr_message *message,
                              struct wr_error *error);

// How many frames were written, and when the latest of them is shown, in seconds.
int64_t wr_writer_frames(const struct wr_writer *writer);
double wr_writer_position(const struct wr_writer *writer);

// Whether the file has as many bytes as it may have: then no more is to be sent.
bool wr_writer_is_full(const struct wr_writer *writer);

// What a part says at its end: how many frames the whole video has, and how many places of the
// input were found damaged. To be told before flushing.
void wr_writer_tell_source(struct wr_writer *writer, int64_t frames, int64_t damaged);

// Damaged places of the input that joined parts tell of, once flushed; else 0.
int64_t wr_writer_damaged(const struct wr_writer *writer);

// Removes the partial output. May be called from any thread, but the process must end then.
void wr_writer_abandon(const struct wr_writer *writer);

// Removes the partial file unless it was finished. Tolerates NULL.
void wr_writer_close(struct wr_writer **writer);
