// SPDX-License-Identifier: MIT
// gblur: a Gaussian along rows and then along columns.
//
// Weights are 16.16 fixed point and add up to exactly one; what rows hand to columns has 16 bits,
// whatever the depth. So all sums fit 32 bits and are exact until they are rounded.
#pragma once

#include "kernels/pixel.h"

struct gblur {
    int bits; // that a sum is shifted down by
};

// Table 0: the weights of both sides, 2 * reach + 1 of them.
WR_PIXEL uint32_t gblur_weight(const struct window *in, int n)
{
    return (uint32_t)int_table(in, 0)[n];
}

WR_PIXEL int gblur_rounded(const struct gblur *p, uint32_t sum)
{
    return (int)((sum + (1u << (p->bits - 1))) >> p->bits);
}

WR_PIXEL int gblur_row(const struct gblur *p, const struct window *in)
{
    uint32_t sum = 0;
    const int reach = in->reach_x;
    WR_UNROLL
    for (int dx = -reach; dx <= reach; dx++)
        sum += gblur_weight(in, dx + reach) * (uint32_t)at(in, dx, 0);
    return gblur_rounded(p, sum);
}

WR_PIXEL int gblur_column(const struct gblur *p, const struct window *in)
{
    uint32_t sum = 0;
    const int reach = in->reach_y;
    WR_UNROLL
    for (int dy = -reach; dy <= reach; dy++)
        sum += gblur_weight(in, dy + reach) * (uint32_t)at(in, 0, dy);
    return gblur_rounded(p, sum);
}

// The same for larger windows: weight by weight over the whole run, so that no reach is too large
// for vectors. CUDA's threads take one sample each, neighbours reading neighbours.
enum { gblur_long_row_run = 1, gblur_long_column_run = 1 };

WR_PIXEL void gblur_long_row(const struct gblur *p, const struct window *in, int count, int *out)
{
    const int reach = in->reach_x, right = width(in) - 1;
    const uint32_t first = (uint32_t)sample(in, 0, in->y),
                   last = (uint32_t)sample(in, right, in->y);
    for (int n = 0; n < count; n++)
        out[n] = 0;
    for (int dx = -reach; dx <= reach; dx++) {
        const uint32_t weight = gblur_weight(in, dx + reach);
        const int from = wr_clamp(-dx - in->x, 0, count);
        const int to = wr_clamp(right + 1 - dx - in->x, 0, count);
        for (int n = 0; n < from; n++)
            out[n] = (int)((uint32_t)out[n] + weight * first);
        for (int n = from; n < to; n++)
            out[n] = (int)((uint32_t)out[n] + weight * (uint32_t)sample(in, in->x + n + dx, in->y));
        for (int n = to; n < count; n++)
            out[n] = (int)((uint32_t)out[n] + weight * last);
    }
    for (int n = 0; n < count; n++)
        out[n] = gblur_rounded(p, (uint32_t)out[n]);
}

WR_PIXEL void gblur_long_column(const struct gblur *p, const struct window *in, int count, int *out)
{
    const int reach = in->reach_y;
    for (int n = 0; n < count; n++)
        out[n] = 0;
    for (int dy = -reach; dy <= reach; dy++) {
        const uint32_t weight = gblur_weight(in, dy + reach);
        const int y = wr_near_y(in, 0, dy);
        for (int n = 0; n < count; n++)
            out[n] = (int)((uint32_t)out[n] + weight * (uint32_t)sample(in, in->x + n, y));
    }
    for (int n = 0; n < count; n++)
        out[n] = gblur_rounded(p, (uint32_t)out[n]);
}

#define KERNELS(K)                                                                                 \
    K(WINDOW, gblur_row, struct gblur, (WR_SAMPLE), WR_U16)                                        \
    K(WINDOW, gblur_column, struct gblur, (WR_U16), WR_SAMPLE)                                     \
    K(RUN, gblur_long_row, struct gblur, (WR_SAMPLE), WR_U16)                                      \
    K(RUN, gblur_long_column, struct gblur, (WR_U16), WR_SAMPLE)
