// SPDX-License-Identifier: MIT
// Reads packets where no frame is decoded: those of all inputs, as they are to be copied, in one
// row by their times. What is cut, and where, is as with ffmpeg.
#pragma once

#include "lib/base/queue.h"
#include "lib/input/messages.h"
#include "lib/input/source.h"
#include "lib/media/message.h"

struct wr_packets;

// The next packet, owned by the caller, with times that count from the output's start; WR_END after
// the last.
int wr_packets_next(struct wr_packets *packets, struct wr_message *message, struct wr_error *error);

// Reads the first packets, which wr_packets_next gives all the same: as many of the video as a
// trial of the output takes, or at least one of each stream where there is no video.
enum wr_status wr_packets_look_ahead(struct wr_packets *packets, struct wr_error *error);

// What was read ahead, to be looked at before wr_packets_next only.
struct wr_ahead wr_packets_ahead(const struct wr_packets *packets);

// The first input, with the streams of all; valid until wr_packets_close.
const struct wr_source *wr_packets_source(const struct wr_packets *packets);

// Damaged packets so far, of all inputs.
int64_t wr_packets_damaged(const struct wr_packets *packets);

// The first input that is damaged; NULL if none is.
const char *wr_packets_damaged_input(const struct wr_packets *packets);

// The input that was given up since it gave nothing for too long; NULL if none was.
const char *wr_packets_stalled(const struct wr_packets *packets);
