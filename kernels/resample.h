// SPDX-License-Identifier: MIT
// Separable resampling: each output sample is a weighted sum of neighbours along a row or a column.
//
// Table 0 (int32) holds the first input sample for each output position, table 1 (float) its
// in->span weights. All reads lie inside the picture: the host has folded the weights of what lies
// outside into the edge. Between the two directions values stay floats.
#pragma once

#include "kernels/pixel.h"

struct resample {
    int max; // largest sample value
};

WR_PIXEL float resample_row(const struct window *in)
{
    const int first = int_table(in, 0)[in->x], taps = in->span;
    const float *weights = float_table(in, 1) + (ptrdiff_t)in->x * taps;
    float sum = 0.0f;
    WR_UNROLL
    for (int k = 0; k < taps; k++)
        sum += weights[k] * sample_float_of(in, 0, first + k, in->y);
    return sum;
}

WR_PIXEL float resample_column(const struct window *in)
{
    const int first = int_table(in, 0)[in->y], taps = in->span;
    const float *weights = float_table(in, 1) + (ptrdiff_t)in->y * taps;
    float sum = 0.0f;
    WR_UNROLL
    for (int k = 0; k < taps; k++)
        sum += weights[k] * sample_float_of(in, 0, in->x, first + k);
    return sum;
}

WR_PIXEL float resample_row_first(const struct resample *p, const struct window *in)
{
    (void)p;
    return resample_row(in);
}

WR_PIXEL float resample_row_middle(const struct resample *p, const struct window *in)
{
    (void)p;
    return resample_row(in);
}

WR_PIXEL int resample_row_last(const struct resample *p, const struct window *in)
{
    return wr_to_sample(resample_row(in), p->max);
}

WR_PIXEL int resample_row_only(const struct resample *p, const struct window *in)
{
    return wr_to_sample(resample_row(in), p->max);
}

WR_PIXEL float resample_column_first(const struct resample *p, const struct window *in)
{
    (void)p;
    return resample_column(in);
}

WR_PIXEL float resample_column_middle(const struct resample *p, const struct window *in)
{
    (void)p;
    return resample_column(in);
}

WR_PIXEL int resample_column_last(const struct resample *p, const struct window *in)
{
    return wr_to_sample(resample_column(in), p->max);
}

WR_PIXEL int resample_column_only(const struct resample *p, const struct window *in)
{
    return wr_to_sample(resample_column(in), p->max);
}

// On the CPU a rectangle is transposed, so that its rows are the lanes of vectors: one load of a
// weight then serves all of them, and neighbours need not be gathered. Sixteen rows are transposed
// by dealing them out by fours, twice.
enum {
    RESAMPLE_ROWS = 16,
    RESAMPLE_COLUMNS = 64,
    RESAMPLE_LANES = 32, // columns are read by so many, as far as the rows go
    resample_row_first_block_rows = RESAMPLE_ROWS,
    resample_row_first_block_columns = RESAMPLE_COLUMNS,
    resample_row_middle_block_rows = RESAMPLE_ROWS,
    resample_row_middle_block_columns = RESAMPLE_COLUMNS,
    resample_row_last_block_rows = RESAMPLE_ROWS,
    resample_row_last_block_columns = RESAMPLE_COLUMNS,
    resample_row_only_block_rows = RESAMPLE_ROWS,
    resample_row_only_block_columns = RESAMPLE_COLUMNS
};

// Bytes of scratch: two copies of the rectangle, in which no row is longer than `longest`.
static inline size_t resample_scratch(int longest)
{
    return 2 * RESAMPLE_ROWS * sizeof(float) * (size_t)(longest + RESAMPLE_LANES - 1);
}

#ifndef __CUDACC__
// Four rows by turns, `count` samples of each from column x on.
WR_PIXEL void resample_deal_rows(const struct window *in, int x, int count, const int y[4],
                                 float *restrict to)
{
    const int y0 = y[0], y1 = y[1], y2 = y[2], y3 = y[3];
    for (int n = 0; n < count; n++) {
        to[4 * n] = sample_float_of(in, 0, x + n, y0);
        to[4 * n + 1] = sample_float_of(in, 0, x + n, y1);
        to[4 * n + 2] = sample_float_of(in, 0, x + n, y2);
        to[4 * n + 3] = sample_float_of(in, 0, x + n, y3);
    }
}

// The four quarters of `from` by turns. Dealing twice makes columns of sixteen rows.
WR_PIXEL void resample_deal(const float *restrict from, int quarter, float *restrict to)
{
    for (int n = 0; n < quarter; n++)
        for (int k = 0; k < 4; k++)
            to[4 * n + k] = from[k * quarter + n];
}

// The inverse.
WR_PIXEL void resample_gather(const float *restrict from, int quarter, float *restrict to)
{
    for (int n = 0; n < quarter; n++)
        for (int k = 0; k < 4; k++)
            to[k * quarter + n] = from[4 * n + k];
}

WR_PIXEL void resample_gather_samples(const float *restrict from, int quarter, int max,
                                      int *restrict to)
{
    for (int n = 0; n < quarter; n++)
        for (int k = 0; k < 4; k++)
            to[k * quarter + n] = wr_to_sample(from[4 * n + k], max);
}

// Adds `taps`, a constant, weighted columns of sixteen samples to as many sums. Without the pragma
// gcc takes the loop apart before it looks for vectors, and then finds poor ones.
WR_PIXEL void resample_add(const float *restrict samples, const float *restrict weights, int taps,
                           float *restrict sums)
{
    _Pragma("GCC unroll 1") for (int r = 0; r < RESAMPLE_ROWS; r++)
    {
        float sum = sums[r];
        for (int k = 0; k < taps; k++)
            sum += weights[k] * samples[k * RESAMPLE_ROWS + r];
        sums[r] = sum;
    }
}

WR_PIXEL void resample_lanes(const float *samples, const float *weights, int taps, float *sums)
{
    for (int r = 0; r < RESAMPLE_ROWS; r++)
        sums[r] = 0.0f;
    int k = 0;
    for (; k + 4 <= taps; k += 4)
        resample_add(samples + k * RESAMPLE_ROWS, weights + k, 4, sums);
    if (taps & 2)
        resample_add(samples + k * RESAMPLE_ROWS, weights + k, 2, sums);
    if (taps & 1)
        resample_add(samples + (taps - 1) * RESAMPLE_ROWS, weights + taps - 1, 1, sums);
}

// The sums of all columns. The most usual numbers of taps are worth code of their own.
WR_PIXEL void resample_columns(const struct window *in, const float *samples, int columns, int taps,
                               float *sums)
{
    const int32_t *const first = int_table(in, 0) + in->x;
    const float *const weights = float_table(in, 1) + (ptrdiff_t)in->x * taps;
    for (int n = 0; n < columns; n++)
        resample_lanes(samples + (first[n] - first[0]) * RESAMPLE_ROWS, weights + n * taps, taps,
                       sums + n * RESAMPLE_ROWS);
}

// What resample_row() gives for a rectangle, yet to be gathered into rows. Below its last row that
// one is repeated.
WR_PIXEL const float *resample_block(const struct window *in, int columns, int rows)
{
    const int32_t *const first = int_table(in, 0) + in->x;
    const int taps = in->span, from = first[0], read = first[columns - 1] + taps - from;
    const int count = wr_min((read + RESAMPLE_LANES - 1) & -RESAMPLE_LANES, width(in) - from);
    const int below = in->y + rows - 1;
    float *const a = (float *)in->pass->scratch;
    float *const b = a + RESAMPLE_ROWS * wr_max(count, columns);
    for (int r = 0; r < 4; r++) {
        const int y = in->y + r;
        const int from_rows[] = {wr_min(y, below), wr_min(y + 4, below), wr_min(y + 8, below),
                                 wr_min(y + 12, below)};
        resample_deal_rows(in, from, count, from_rows, b + 4 * r * count);
    }
    resample_deal(b, 4 * count, a);
    if (taps == 4)
        resample_columns(in, a, columns, 4, b);
    else if (taps == 8)
        resample_columns(in, a, columns, 8, b);
    else
        resample_columns(in, a, columns, taps, b);
    resample_gather(b, 4 * columns, a);
    return a;
}

WR_PIXEL void resample_row_first_block(const struct resample *p, const struct window *in,
                                       int columns, int rows, float *out)
{
    (void)p;
    resample_gather(resample_block(in, columns, rows), 4 * columns, out);
}

WR_PIXEL void resample_row_middle_block(const struct resample *p, const struct window *in,
                                        int columns, int rows, float *out)
{
    resample_row_first_block(p, in, columns, rows, out);
}

WR_PIXEL void resample_row_last_block(const struct resample *p, const struct window *in,
                                      int columns, int rows, int *out)
{
    resample_gather_samples(resample_block(in, columns, rows), 4 * columns, p->max, out);
}

WR_PIXEL void resample_row_only_block(const struct resample *p, const struct window *in,
                                      int columns, int rows, int *out)
{
    resample_row_last_block(p, in, columns, rows, out);
}
#endif

#define KERNELS(K)                                                                                 \
    K(GATHER, resample_row_first, struct resample, (WR_SAMPLE), WR_F32)                            \
    K(GATHER, resample_row_middle, struct resample, (WR_F32), WR_F32)                              \
    K(GATHER, resample_row_last, struct resample, (WR_F32), WR_SAMPLE)                             \
    K(GATHER, resample_row_only, struct resample, (WR_SAMPLE), WR_SAMPLE)                          \
    K(SUM, resample_column_first, struct resample, (WR_SAMPLE), WR_F32)                            \
    K(SUM, resample_column_middle, struct resample, (WR_F32), WR_F32)                              \
    K(SUM, resample_column_last, struct resample, (WR_F32), WR_SAMPLE)                             \
    K(SUM, resample_column_only, struct resample, (WR_SAMPLE), WR_SAMPLE)
