// SPDX-License-Identifier: MIT
// Numbers a decoder's pictures, and marks some.
#include "lib/media/patched.h"

#include <stdint.h>

static _Thread_local struct {
    const struct wr_patched *of; // only to be compared
    unsigned number;
} current;

static atomic_bool *mark_of(struct wr_patched *patched, unsigned number)
{
    return &patched->is_patched[number % WR_MOST_PICTURES];
}

void wr_patched_begin(struct wr_patched *patched, AVFrame *frame)
{
    const unsigned number = atomic_fetch_add(&patched->numbers, 1);
    atomic_store(mark_of(patched, number), false);
    current.of = patched;
    current.number = number;
    frame->opaque = (void *)((uintptr_t)number + 1); // NULL is a frame without a number
}

void wr_patched_mark(struct wr_patched *patched)
{
    if (current.of == patched)
        atomic_store(mark_of(patched, current.number), true);
}

bool wr_patched_has(struct wr_patched *patched, const AVFrame *frame)
{
    return frame->opaque && atomic_load(mark_of(patched, (unsigned)((uintptr_t)frame->opaque - 1)));
}
