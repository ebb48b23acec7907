// SPDX-License-Identifier: MIT
// boxblur: the mean of a row of samples, then of a column of them, each possibly several times.
//
// A mean is rounded at once, by a factor of 16 bits in place of the division, as in FFmpeg's
// vf_boxblur. Long sums slide along rows and down columns: one sample enters, one leaves.
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

// For the CPU, sums of so many columns go down the picture together, from one row to the next.
enum {
    boxblur_long_column_block_columns = 64,
    boxblur_long_column_block_rows = 64,
    BOXBLUR_NARROW = 128 // windows that reach as far have sums of 16 bits, for samples of 8
};

// boxblur_mean() with 16 bits: the product's upper half, and one more if the lower half is half of
// one or more.
WR_PIXEL int boxblur_narrow_mean(uint16_t factor, uint16_t largest, uint16_t sum)
{
    sum = sum < largest ? sum : largest;
    const uint16_t upper = (uint16_t)((uint32_t)sum * factor >> 16);
    return (uint16_t)(upper + ((uint16_t)(sum * (uint32_t)factor) >> 15));
}

// Sums wrap around while rows enter that will leave again; in the end they fit.
#define BOXBLUR_COLUMNS(name, type, mean)                                                          \
    WR_PIXEL void name(const struct boxblur *p, const struct window *in, int columns, int rows,    \
                       int *restrict out)                                                          \
    {                                                                                              \
        const int reach = in->reach_y, last = height(in) - 1;                                      \
        const int from = wr_max(in->y - reach, 0), to = wr_min(in->y + reach, last);               \
        type sum[boxblur_long_column_block_columns];                                               \
        for (int k = 0; k < columns; k++)                                                          \
            sum[k] = (type)(sample(in, in->x + k, from) * (from - (in->y - reach)) +               \
                            sample(in, in->x + k, to) * (in->y + reach - to));                     \
        for (int y = from; y <= to; y++)                                                           \
            for (int k = 0; k < columns; k++)                                                      \
                sum[k] = (type)(sum[k] + sample(in, in->x + k, y));                                \
        for (int n = 0; n < rows; n++) {                                                           \
            const int leaves = wr_max(in->y + n - 1 - reach, 0);                                   \
            const int enters = wr_min(in->y + n + reach, last);                                    \
            for (int k = 0; k < columns && n; k++)                                                 \
                sum[k] = (type)(sum[k] + sample(in, in->x + k, enters) -                           \
                                sample(in, in->x + k, leaves));                                    \
            for (int k = 0; k < columns; k++)                                                      \
                out[n * columns + k] = mean;                                                       \
        }                                                                                          \
    }
BOXBLUR_COLUMNS(boxblur_narrow_columns, uint16_t,
                boxblur_narrow_mean((uint16_t)p->factor, (uint16_t)wr_min((int)p->largest, 65535),
                                    sum[k]))
BOXBLUR_COLUMNS(boxblur_wide_columns, uint32_t, boxblur_mean(p, sum[k]))

WR_PIXEL void boxblur_long_column_block(const struct boxblur *p, const struct window *in,
                                        int columns, int rows, int *out)
{
    const int whole = boxblur_long_column_block_columns;
    const int is_narrow = in->storage[0] == WR_U8 && in->reach_y <= BOXBLUR_NARROW;
    if (is_narrow && columns == whole)
        boxblur_narrow_columns(p, in, whole, rows, out);
    else if (is_narrow)
        boxblur_narrow_columns(p, in, columns, rows, out);
    else if (columns == whole)
        boxblur_wide_columns(p, in, whole, rows, out);
    else
        boxblur_wide_columns(p, in, columns, rows, out);
}

// For CUDA, the sum of one column goes down a strip.
WR_PIXEL void boxblur_long_column_strip(const struct boxblur *p, const struct window *in, int count,
                                        int *out)
{
    const int reach = in->reach_y;
    uint32_t sum = 0;
    for (int dy = -reach; dy <= reach; dy++)
        sum += (uint32_t)at(in, 0, dy);
    for (int n = 0; n < count; n++) {
        if (n)
            sum += (uint32_t)(at(in, 0, n + reach) - at(in, 0, n - 1 - reach));
        out[n] = boxblur_mean(p, sum);
    }
}

enum { boxblur_row_near = 3, boxblur_column_near = 3 };

#define KERNELS(K)                                                                                 \
    K(ACROSS, boxblur_row, struct boxblur, (WR_SAMPLE), WR_SAMPLE)                                 \
    K(DOWN, boxblur_column, struct boxblur, (WR_SAMPLE), WR_SAMPLE)                                \
    K(RUN, boxblur_long_row, struct boxblur, (WR_SAMPLE), WR_SAMPLE)                               \
    K(STRIP, boxblur_long_column, struct boxblur, (WR_SAMPLE), WR_SAMPLE)
