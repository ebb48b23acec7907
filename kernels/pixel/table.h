// SPDX-License-Identifier: MIT
// Looks every sample up in a table: any function of one sample value. Where that is a straight
// line, clipped, computing it is faster, since vectors can; so it is for smooth ones of 16 bits.
#pragma once

#include "kernels/pixel/parabolas.h"

// The table (uint16_t) has an entry for all that the storage of a sample can hold: clamping here,
// for the samples above max that occur in broken streams only, would cost a branch that noise
// mispredicts.
struct table {
    int max; // largest sample value
};

WR_PIXEL int table(const struct table *arguments, const struct window *in)
{
    (void)arguments;
    return short_table(in, 0)[at(in, 0, 0)];
}

struct line {
    int gain, offset, shift; // (gain * value + offset) >> shift
    int low, high;           // where it is clipped
    int max; // largest sample value; what is above, as no byte is, must not overflow
};

WR_PIXEL int line(const struct line *p, const struct window *in)
{
    const int own = at(in, 0, 0), value = in->storage[0] == WR_U8 ? own : wr_min(own, p->max);
    const int whole = (p->gain * value + p->offset) >> p->shift;
    return wr_min(wr_max(whole, p->low), p->high);
}

#define KERNELS(K)                                                                                 \
    K(LOOKUP, table, struct table, (WR_SAMPLE), WR_SAMPLE)                                         \
    K(ROW, parabolas, struct parabolas_table, (WR_U16), WR_U16)                                    \
    K(POINT, line, struct line, (WR_SAMPLE), WR_SAMPLE)
