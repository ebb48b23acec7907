// SPDX-License-Identifier: MIT
// Measures how long an input keeps its reader waiting, and has the reader wait for the clock.
#include "lib/input/live.h"

#include <math.h>
#include <poll.h>

#include "lib/base/trace.h"

void wr_live_wait(struct wr_live *live)
{
    live->since = wr_now();
}

bool wr_live_check(struct wr_live *live, int64_t position)
{
    if (position != live->position) {
        live->position = position;
        live->since = wr_now();
    }
    if (live->timeout > 0 && wr_now() - live->since > live->timeout)
        live->has_stalled = true;
    return live->has_stalled;
}

void wr_live_pace(struct wr_live *live, double time, int cancelled)
{
    if (!live->is_paced)
        return;
    if (!live->has_origin) {
        live->has_origin = true;
        live->origin = wr_now() - time;
    }
    struct pollfd watched = {cancelled, POLLIN, 0};
    double left;
    while ((left = live->origin + time - wr_now()) > 0)
        if (poll(&watched, 1, (int)ceil(1e3 * fmin(left, 1))) > 0)
            return;
}
