// SPDX-License-Identifier: MIT
// A short list of the frames inside an encoder, in no order.
#include "lib/output/video/durations.h"

#include <libavutil/common.h>
#include <stdlib.h>

#include "lib/media/compat.h"

enum wr_status wr_durations_add(struct wr_durations *durations, const AVFrame *frame,
                                struct wr_error *error)
{
    const struct wr_shown shown = {frame->pts, wr_frame_duration(frame)};
    if (durations->count == durations->capacity) {
        const int capacity = durations->capacity ? 2 * durations->capacity : 64;
        struct wr_shown *longer = realloc(durations->inside, (size_t)capacity * sizeof *longer);
        if (!longer)
            return wr_fail(error, WR_FAILED, "out of memory");
        durations->inside = longer;
        durations->capacity = capacity;
    }
    durations->begin = FFMIN(durations->begin, shown.pts);
    durations->end = FFMAX(durations->end, shown.pts + shown.duration);
    durations->last = shown.duration;
    durations->inside[durations->count++] = shown;
    return WR_OK;
}

int64_t wr_durations_take(struct wr_durations *durations, int64_t pts, int64_t otherwise)
{
    for (int i = 0; i < durations->count; i++) {
        if (durations->inside[i].pts != pts)
            continue;
        const int64_t duration = durations->inside[i].duration;
        durations->inside[i] = durations->inside[--durations->count];
        return duration;
    }
    return otherwise;
}

void wr_durations_close(struct wr_durations *durations)
{
    free(durations->inside);
    *durations = WR_DURATIONS;
}
