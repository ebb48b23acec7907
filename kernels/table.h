// SPDX-License-Identifier: MIT
// Looks every sample up in a table: any function of one sample value.
#pragma once

#include "kernels/pixel.h"

struct table {
    int max; // largest sample value; the table (uint16_t) has max + 1 entries
};

WR_PIXEL int table(const struct table *arguments, const struct window *in)
{
    // Samples above max occur in broken streams only: two-byte storage has room for them.
    const int value = at(in, 0, 0);
    return short_table(in, 0)[value < arguments->max ? value : arguments->max];
}

#define KERNELS(K) K(POINT, table, struct table, (WR_SAMPLE), WR_SAMPLE)
