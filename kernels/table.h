// SPDX-License-Identifier: MIT
// Looks every sample up in a table: any function of one sample value.
#pragma once

#include "kernels/pixel.h"

// The table (uint16_t) has an entry for all that the storage of a sample can hold: clamping here, for
// the samples above max that occur in broken streams only, would cost a branch that noise mispredicts.
struct table {
    int max; // largest sample value
};

WR_PIXEL int table(const struct table *arguments, const struct window *in)
{
    (void)arguments;
    return short_table(in, 0)[at(in, 0, 0)];
}

#define KERNELS(K) K(POINT, table, struct table, (WR_SAMPLE), WR_SAMPLE)
