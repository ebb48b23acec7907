// SPDX-License-Identifier: MIT
// Tells frames that were kept from those that were dropped or repeated by their marks.
#include "lib/run/stages/tally.h"

#include <libavutil/common.h>

enum { REMEMBERED = 64 }; // bits of `seen`

void wr_tally_mark(struct wr_tally *tally, AVFrame *frame)
{
    frame->opaque = (void *)++tally->marks;
}

// Whether the mark comes out for the first time.
static bool is_new(struct wr_tally *t, uintptr_t mark)
{
    if (mark > t->newest) {
        const uintptr_t step = mark - t->newest;
        t->seen = (step < REMEMBERED ? t->seen << step : 0) | 1;
        t->newest = mark;
        t->oldest = t->oldest ? t->oldest : mark;
        return true;
    }
    const uintptr_t age = t->newest - mark;
    const uint64_t bit = age < REMEMBERED ? (uint64_t)1 << age : 0;
    const bool is_first = mark < t->oldest || (bit && !(t->seen & bit));
    t->oldest = FFMIN(t->oldest, mark);
    t->seen |= bit;
    return is_first;
}

void wr_tally_count(struct wr_tally *tally, AVFrame *frame)
{
    const uintptr_t mark = (uintptr_t)frame->opaque;
    frame->opaque = NULL;
    if (!mark || is_new(tally, mark))
        tally->kept++;
}

void wr_tally_sum(const struct wr_tally *tally, struct wr_stage_report *counts)
{
    const int64_t kept = FFMIN3(tally->kept, counts->in, counts->out);
    counts->dropped = counts->in - kept;
    counts->repeated = counts->out - kept;
}
