// SPDX-License-Identifier: MIT
// boxblur: the mean of a row of samples, then of a column of them, each possibly several times.
//
// A mean is rounded at once, by a factor of 16 bits in place of the division, as in FFmpeg's
// vf_boxblur. Long rows slide along: one sample enters, one leaves. Long columns are put together
// from blocks of rows, which neighbouring columns' sums share.
#pragma once

#include "kernels/pixel/pixel.h"

struct boxblur {
    uint32_t factor;  // 65536 / samples, rounded
    uint32_t largest; // sum whose mean is the largest sample value; factors rounded up would exceed
};

WR_PIXEL int boxblur_mean(const struct boxblur *p, uint32_t sum)
{
    sum = sum < p->largest ? sum : p->largest;
    return (int)((sum * p->factor + (1u << 15)) >> 16);
}

WR_PIXEL int boxblur_row(const struct boxblur *p, const struct window *in)
{
    uint32_t sum = 0;
    const int reach = in->reach_x;
    WR_UNROLL
    for (int dx = -reach; dx <= reach; dx++)
        sum += (uint32_t)at(in, dx, 0);
    return boxblur_mean(p, sum);
}

WR_PIXEL int boxblur_column(const struct boxblur *p, const struct window *in)
{
    uint32_t sum = 0;
    const int reach = in->reach_y;
    WR_UNROLL
    for (int dy = -reach; dy <= reach; dy++)
        sum += (uint32_t)at(in, 0, dy);
    return boxblur_mean(p, sum);
}

enum { boxblur_long_row_run = 64 };

WR_PIXEL void boxblur_long_row(const struct boxblur *p, const struct window *in, int count,
                               int *out)
{
    const int reach = in->reach_x, right = width(in) - 1;
    // Samples up to this one of the run enter from inside the picture, from this one on leave it.
    const int entering = wr_clamp(right - reach - in->x, 0, count);
    const int leaving = wr_clamp(reach - in->x, 0, count);
    for (int n = 0; n < entering; n++)
        out[n] = sample(in, in->x + n + reach + 1, in->y);
    for (int n = entering; n < count; n++)
        out[n] = sample(in, right, in->y);
    for (int n = 0; n < leaving; n++)
        out[n] -= sample(in, 0, in->y);
    for (int n = leaving; n < count; n++)
        out[n] -= sample(in, in->x + n - reach, in->y);

    uint32_t sum = 0;
    for (int dx = -reach; dx <= reach; dx++)
        sum += (uint32_t)at(in, dx, 0);
    for (int n = 0; n < count; n++) {
        const int change = out[n];
        out[n] = (int)sum;
        sum += (uint32_t)change;
    }
    for (int n = 0; n < count; n++)
        out[n] = boxblur_mean(p, (uint32_t)out[n]);
}

enum { boxblur_block_run = 1, boxblur_long_column_run = 1, BOXBLUR_BLOCK = 16 };

// Adds rows from to to, all inside the picture, of input n.
WR_PIXEL void boxblur_add_rows(const struct window *in, int n, int from, int to, int step,
                               int count, int *out)
{
    int y = from;
    for (; y + 3 * step < to; y += 4 * step)
        for (int k = 0; k < count; k++)
            out[k] += sample_of(in, n, in->x + k, y) + sample_of(in, n, in->x + k, y + step) +
                      sample_of(in, n, in->x + k, y + 2 * step) +
                      sample_of(in, n, in->x + k, y + 3 * step);
    for (; y < to; y += step)
        for (int k = 0; k < count; k++)
            out[k] += sample_of(in, n, in->x + k, y);
}

// The sum of BOXBLUR_BLOCK rows from here downwards, as far as there are rows.
WR_PIXEL void boxblur_block(const struct boxblur *p, const struct window *in, int count, int *out)
{
    (void)p;
    const int below = height(in) - in->y, rows = below < BOXBLUR_BLOCK ? below : BOXBLUR_BLOCK;
    for (int k = 0; k < count; k++)
        out[k] = 0;
    boxblur_add_rows(in, 0, in->y, in->y + rows, 1, count, out);
}

// Input 0: the sums of blocks; input 1: the picture, for the rows that fill no block.
WR_PIXEL void boxblur_long_column(const struct boxblur *p, const struct window *in, int count,
                                  int *out)
{
    const int first = in->y - in->reach_y, end = in->y + in->reach_y + 1, rows = height(in);
    const int from = first < 0 ? 0 : first, to = end > rows ? rows : end;
    const int rest = from + (to - from) / BOXBLUR_BLOCK * BOXBLUR_BLOCK;
    // Rows beyond the border repeat the edge, which is row `from` or `to - 1` then. Where there are
    // none, these rows count 0 times, and the band need not hold the edge.
    for (int k = 0; k < count; k++)
        out[k] = (from - first) * sample_of(in, 1, in->x + k, from) +
                 (end - to) * sample_of(in, 1, in->x + k, to - 1);
    boxblur_add_rows(in, 0, from, rest, BOXBLUR_BLOCK, count, out);
    boxblur_add_rows(in, 1, rest, to, 1, count, out);
    for (int k = 0; k < count; k++)
        out[k] = boxblur_mean(p, (uint32_t)out[k]);
}

#define KERNELS(K)                                                                                 \
    K(WINDOW, boxblur_row, struct boxblur, (WR_SAMPLE), WR_SAMPLE)                                 \
    K(WINDOW, boxblur_column, struct boxblur, (WR_SAMPLE), WR_SAMPLE)                              \
    K(RUN, boxblur_long_row, struct boxblur, (WR_SAMPLE), WR_SAMPLE)                               \
    K(RUN, boxblur_block, struct boxblur, (WR_SAMPLE), WR_I32)                                     \
    K(RUN, boxblur_long_column, struct boxblur, (WR_I32, WR_SAMPLE), WR_SAMPLE)
