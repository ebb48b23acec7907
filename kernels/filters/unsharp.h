// SPDX-License-Identifier: MIT
// unsharp: adds to each sample what sets it apart from its blurred surroundings.
//
// The blur is a window of binomial weights (1 2 1, 1 4 6 4 1, ...), separable: unsharp_rows sums
// along rows, unsharp_columns along columns and mixes with the picture. Weights sum up to a power
// of two, so everything is exact integer arithmetic until one rounded shift, as in FFmpeg's
// vf_unsharp.
#pragma once

#include "kernels/pixel/pixel.h"

#define UNSHARP_MAX_SIZE 23

struct unsharp {
    int weights[UNSHARP_MAX_SIZE]; // of this direction, 2 * reach + 1 of them
    int shift;  // rows: bits dropped to fit 32; columns: bits of all weights together
    int amount; // 16.16 fixed point, negative blurs
    int max;    // largest sample value
};

WR_PIXEL int unsharp_rows(const struct unsharp *p, const struct window *in)
{
    uint32_t sum = 0;
    const int reach = in->reach_x;
    WR_UNROLL
    for (int dx = -reach; dx <= reach; dx++)
        sum += (uint32_t)p->weights[dx + reach] * (uint32_t)at(in, dx, 0);
    return (int)sum;
}

// Samples above 8 bits under a large window need more than 32 bits.
WR_PIXEL int unsharp_rows_shifted(const struct unsharp *p, const struct window *in)
{
    uint64_t sum = ((uint64_t)1 << p->shift) >> 1;
    const int reach = in->reach_x;
    for (int dx = -reach; dx <= reach; dx++)
        sum += (uint64_t)p->weights[dx + reach] * (uint64_t)at(in, dx, 0);
    return (int)(uint32_t)(sum >> p->shift);
}

// Input 0: the sums along rows; input 1: the picture.
WR_PIXEL int unsharp_columns(const struct unsharp *p, const struct window *in)
{
    uint32_t sum = ((uint32_t)1 << p->shift) >> 1;
    const int reach = in->reach_y;
    WR_UNROLL
    for (int dy = -reach; dy <= reach; dy++)
        sum += (uint32_t)p->weights[dy + reach] * (uint32_t)at(in, 0, dy);
    const int value = at_of(in, 1, 0, 0);
    const int detail = value - (int)(sum >> p->shift);
    return wr_clamp(value + ((detail * p->amount) >> 16), 0, p->max);
}

WR_PIXEL int unsharp_columns_long(const struct unsharp *p, const struct window *in)
{
    uint64_t sum = ((uint64_t)1 << p->shift) >> 1;
    const int reach = in->reach_y;
    for (int dy = -reach; dy <= reach; dy++)
        sum += (uint64_t)p->weights[dy + reach] * (uint32_t)at(in, 0, dy);
    const int value = at_of(in, 1, 0, 0);
    const int detail = value - (int)(sum >> p->shift);
    return wr_clamp(value + (int)(((int64_t)detail * p->amount) >> 16), 0, p->max);
}

#define KERNELS(K)                                                                                 \
    K(WINDOW, unsharp_rows, struct unsharp, (WR_SAMPLE), WR_I32)                                   \
    K(WINDOW, unsharp_rows_shifted, struct unsharp, (WR_SAMPLE), WR_I32)                           \
    K(WINDOW, unsharp_columns, struct unsharp, (WR_I32, WR_SAMPLE), WR_SAMPLE)                     \
    K(WINDOW, unsharp_columns_long, struct unsharp, (WR_I32, WR_SAMPLE), WR_SAMPLE)
