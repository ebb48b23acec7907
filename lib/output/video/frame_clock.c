// SPDX-License-Identifier: MIT
// A list of the frames inside an encoder, in order.
#include "lib/output/video/frame_clock.h"

#include <libavutil/common.h>
#include <libavutil/mathematics.h>
#include <stdlib.h>
#include <string.h>

enum wr_status wr_frame_clock_add(struct wr_frame_clock *clock, int64_t time, int64_t *tick,
                                  struct wr_error *error)
{
    *tick = av_rescale_q(time, clock->time_base, clock->tick);
    if (clock->count)
        *tick = FFMAX(*tick, clock->inside[clock->count - 1].tick + 1);
    if (clock->count == clock->capacity) {
        const int capacity = clock->capacity ? 2 * clock->capacity : 64;
        struct wr_tick *longer = realloc(clock->inside, (size_t)capacity * sizeof *longer);
        if (!longer)
            return wr_fail(error, WR_FAILED, "out of memory");
        clock->inside = longer;
        clock->capacity = capacity;
    }
    clock->inside[clock->count++] = (struct wr_tick){*tick, time};
    return WR_OK;
}

// The last frame that is not behind that tick, or the first one.
static int find(const struct wr_frame_clock *clock, int64_t tick)
{
    int i = clock->count - 1;
    while (i > 0 && clock->inside[i].tick > tick)
        i--;
    return i;
}

int64_t wr_frame_clock_time(const struct wr_frame_clock *clock, int64_t tick)
{
    const int i = find(clock, tick);
    const struct wr_tick *frame = &clock->inside[i];
    const int64_t time =
        frame->time + av_rescale_q(tick - frame->tick, clock->tick, clock->time_base);
    return i + 1 < clock->count && tick > frame->tick ? FFMIN(time, frame[1].time - 1) : time;
}

void wr_frame_clock_forget(struct wr_frame_clock *clock, int64_t tick)
{
    const int gone = clock->count ? find(clock, tick) : 0;
    clock->count -= gone;
    memmove(clock->inside, clock->inside + gone, (size_t)clock->count * sizeof *clock->inside);
}

void wr_frame_clock_close(struct wr_frame_clock *clock)
{
    free(clock->inside);
    *clock = (struct wr_frame_clock){0};
}
