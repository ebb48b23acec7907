// SPDX-License-Identifier: MIT
// Inputs that come at a pace of their own: finds out when one has stalled, and reads a file at the
// pace of its times.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct wr_live {
    double timeout;   // seconds that an input may keep its reader waiting, 0 for any
    bool is_paced;    // packets are read at the pace of their times
    bool has_stalled; // the input kept its reader waiting for too long, and is given up
    double since;     // when the wait began, seconds of the monotonic clock
    int64_t position; // bytes that had been read then
    bool has_origin;
    double origin; // what the times of packets count from, on the monotonic clock
};

// The reader begins to wait.
void wr_live_wait(struct wr_live *live);

// Whether it has waited too long; bytes that came since, as `position` shows, begin a new wait.
bool wr_live_check(struct wr_live *live, int64_t position);

// Waits until it is time for a packet of this time, in seconds, or until the descriptor `cancelled`
// is readable (-1: never). Does nothing for inputs that are not paced.
void wr_live_pace(struct wr_live *live, double time, int cancelled);
