// SPDX-License-Identifier: MIT
// What the CPU's rectangles of BLOCK kernels share.
#pragma once

#include "kernels/pixel/pixel.h"

// `count` samples of the first input from column x of row y on; outside the picture its edge.
WR_PIXEL void wr_copy_row(const struct window *in, int x, int y, int count, uint16_t *restrict to)
{
    const int right = width(in) - 1, storage = in->storage[0];
    const unsigned char *const row = wr_row(in, 0, wr_clamp(y, 0, height(in) - 1));
    const int from = wr_clamp(-x, 0, count), end = wr_clamp(right + 1 - x, from, count);
    for (int n = 0; n < from; n++)
        to[n] = (uint16_t)wr_load(row, storage, 0);
    for (int n = from; n < end; n++)
        to[n] = (uint16_t)wr_load(row, storage, x + n);
    for (int n = end; n < count; n++)
        to[n] = (uint16_t)wr_load(row, storage, right);
}
