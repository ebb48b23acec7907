// SPDX-License-Identifier: MIT
// Remembers when frames inside an encoder are shown, and for how long: not all encoders pass
// durations on.
#pragma once

#include <libavutil/frame.h>

#include "lib/base/error.h"

struct wr_shown {
    int64_t pts, duration;
};

// Times are those of the frames, in the encoder's time base. Begin with WR_DURATIONS.
struct wr_durations {
    struct wr_shown *inside; // frames whose packets have not come yet
    int count, capacity;
    int64_t begin, end; // of the first frame and of the last
    int64_t last;       // the duration of the last frame
};

#define WR_DURATIONS ((struct wr_durations){.begin = INT64_MAX})

enum wr_status wr_durations_add(struct wr_durations *durations, const AVFrame *frame,
                                struct wr_error *error);

// The duration of the frame at pts, which is forgotten; `otherwise` if there is none.
int64_t wr_durations_take(struct wr_durations *durations, int64_t pts, int64_t otherwise);

void wr_durations_close(struct wr_durations *durations);
