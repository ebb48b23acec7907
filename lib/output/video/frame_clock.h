// SPDX-License-Identifier: MIT
// The clock of an encoder: it ticks once for a frame of the frame rate, as encoders take for
// granted that share bits out among the frames of a second. Frames keep times of their own, which
// packets get back: they need not be at ticks.
#pragma once

#include <libavutil/rational.h>
#include <stdint.h>

#include "lib/base/error.h"

// A frame inside the encoder.
struct wr_tick {
    int64_t tick, time;
};

struct wr_frame_clock {
    AVRational tick, time_base; // of the encoder's times, and of the frames' own
    struct wr_tick *inside;     // frames in the order in which they came
    int count, capacity;
};

// The tick next to a frame's time; no two frames get the same, and none one before the last.
enum wr_status wr_frame_clock_add(struct wr_frame_clock *clock, int64_t time, int64_t *tick,
                                  struct wr_error *error);

// The time of the frame that has that tick. Between frames, and before the first, the clock ticks
// on. One frame at least has been added.
int64_t wr_frame_clock_time(const struct wr_frame_clock *clock, int64_t tick);

// Forgets frames that are before that tick, for which nobody will ask any more.
void wr_frame_clock_forget(struct wr_frame_clock *clock, int64_t tick);

void wr_frame_clock_close(struct wr_frame_clock *clock);
