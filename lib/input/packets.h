// SPDX-License-Identifier: MIT
// Reads packets where no frame is decoded: those of all inputs, as they are to be copied, in one
// row by their times. What is cut, and where, is as with ffmpeg.
#pragma once

#include "lib/base/queue.h"
#include "lib/input/source.h"
#include "lib/media/message.h"

struct wr_packets;

// The next packet, owned by the caller, with times that count from the output's start; WR_END after
// the last.
int wr_packets_next(struct wr_packets *packets, struct wr_message *message, struct wr_error *error);

// The first input, with the streams of all; valid until wr_packets_close.
const struct wr_source *wr_packets_source(const struct wr_packets *packets);

// Damaged packets so far, of all inputs.
int64_t wr_packets_damaged(const struct wr_packets *packets);

// The first input that is damaged; NULL if none is.
const char *wr_packets_damaged_input(const struct wr_packets *packets);

// The input that was given up since it gave nothing for too long; NULL if none was.
const char *wr_packets_stalled(const struct wr_packets *packets);
