// SPDX-License-Identifier: MIT
// Smoothing by recursion that stops at edges (Yang, Recursive Bilateral Filtering, ECCV 2012), with
// the arithmetic of FFmpeg's vf_bilateral: the same order of the same operations in floats.
//
// Along a line of samples, from either end, each sum is `still` times the own sample and a weight
// times the sum before. The weight says how little the two samples differ, table 0 (float, by
// difference). Sums of ones are made alike: their quotient is a mean. Lines are rows first; then
// what came of that is turned, so that rows are columns; in the end means of it are turned back.
// A pair, two floats side by side, is a sum of samples and a sum of ones. FFmpeg halves where both
// ends meet, which is exact and cancels when a pair is divided.
#pragma once

#include <string.h>

#include "kernels/pixel/pixel.h"

struct recursion {
    float still; // 1 less the weight where nothing differs
};

WR_PIXEL float recursion_weight(const struct window *in, int a, int b)
{
    return float_table(in, 0)[wr_max(a, b) - wr_min(a, b)];
}

WR_PIXEL float *recursion_row(const struct wr_sweep_rows *to, int n, int row)
{
    return (float *)(to->rows[n] + row * to->pitch[n]);
}

// One sample further along a line: both sums of a pair.
WR_PIXEL void recursion_step(const struct recursion *p, float weight, float own, float own_ones,
                             float *sum, float *ones)
{
    *sum = p->still * own + weight * *sum;
    *ones = p->still * own_ones + weight * *ones;
}

// Pairs of a row of samples. The sums from the right are added to those from the left. Several rows
// are computed at once, since each sum waits for the one before it.
WR_PIXEL void recursion_samples(const struct recursion *p, const struct window *in, const int rows,
                                const struct wr_sweep_rows *to)
{
    const unsigned char *from[WR_SWEEP];
    float *out[WR_SWEEP], sum[WR_SWEEP], ones[WR_SWEEP];
    const int right = width(in) - 1;
    int before[WR_SWEEP];
    for (int r = 0; r < rows; r++) {
        from[r] = wr_row(in, 0, in->y + r);
        out[r] = recursion_row(to, 0, r);
        before[r] = wr_load(from[r], in->storage[0], 0);
        out[r][0] = sum[r] = (float)before[r];
        out[r][1] = ones[r] = 1;
    }
    for (int x = 1; x <= right; x++)
        for (int r = 0; r < rows; r++) {
            const int own = wr_load(from[r], in->storage[0], x);
            const float weight = recursion_weight(in, own, before[r]);
            recursion_step(p, weight, (float)own, 1, &sum[r], &ones[r]);
            out[r][2 * x] = sum[r];
            out[r][2 * x + 1] = ones[r];
            before[r] = own;
        }
    for (int r = 0; r < rows; r++) {
        before[r] = wr_load(from[r], in->storage[0], right);
        out[r][2 * right] += sum[r] = (float)before[r];
        out[r][2 * right + 1] += ones[r] = 1;
    }
    for (int x = right - 1; x >= 0; x--)
        for (int r = 0; r < rows; r++) {
            const int own = wr_load(from[r], in->storage[0], x);
            const float weight = recursion_weight(in, own, before[r]);
            recursion_step(p, weight, (float)own, 1, &sum[r], &ones[r]);
            out[r][2 * x] += sum[r];
            out[r][2 * x + 1] += ones[r];
            before[r] = own;
        }
}

// The mean of a pair, rounded to the nearest, halves to even: beside this number floats have no
// places behind the point.
#define RECURSION_WHOLE 12582912.0f

WR_PIXEL void recursion_store(const struct wr_sweep_rows *to, int row, int x, float sum, float ones)
{
    unsigned char *const out = to->rows[0] + row * to->pitch[0];
    const int mean = (int)(sum / ones + RECURSION_WHOLE - RECURSION_WHOLE);
    if (to->storage == WR_U8)
        out[x] = (unsigned char)mean;
    else
        ((uint16_t *)out)[x] = (uint16_t)mean;
}

// Means of a row of pairs; the second input has the samples that they are of.
WR_PIXEL void recursion_pairs(const struct recursion *p, const struct window *in, const int rows,
                              const struct wr_sweep_rows *to)
{
    const float *from[WR_SWEEP];
    const unsigned char *samples[WR_SWEEP];
    float *left[WR_SWEEP], *left_ones[WR_SWEEP], sum[WR_SWEEP], ones[WR_SWEEP];
    const int right = width(in) / 2 - 1;
    int before[WR_SWEEP];
    for (int r = 0; r < rows; r++) {
        from[r] = (const float *)wr_row(in, 0, in->y + r);
        samples[r] = wr_row(in, 1, in->y + r);
        left[r] = recursion_row(to, 1, r);
        left_ones[r] = recursion_row(to, 2, r);
        before[r] = wr_load(samples[r], in->storage[1], 0);
        left[r][0] = sum[r] = from[r][0];
        left_ones[r][0] = ones[r] = from[r][1];
    }
    for (int x = 1; x <= right; x++)
        for (int r = 0; r < rows; r++) {
            const float *const own = from[r] + 2 * x;
            const int sample = wr_load(samples[r], in->storage[1], x);
            const float weight = recursion_weight(in, sample, before[r]);
            recursion_step(p, weight, own[0], own[1], &sum[r], &ones[r]);
            left[r][x] = sum[r];
            left_ones[r][x] = ones[r];
            before[r] = sample;
        }
    for (int r = 0; r < rows; r++) {
        sum[r] = from[r][2 * right];
        ones[r] = from[r][2 * right + 1];
        recursion_store(to, r, right, left[r][right] + sum[r], left_ones[r][right] + ones[r]);
    }
    for (int x = right - 1; x >= 0; x--)
        for (int r = 0; r < rows; r++) {
            const float *const own = from[r] + 2 * x;
            const int sample = wr_load(samples[r], in->storage[1], x);
            const float weight = recursion_weight(in, sample, before[r]);
            recursion_step(p, weight, own[0], own[1], &sum[r], &ones[r]);
            recursion_store(to, r, x, left[r][x] + sum[r], left_ones[r][x] + ones[r]);
            before[r] = sample;
        }
}

// As many rows as a sweep has at most are a constant, which unrolls.
#define RECURSION_SWEEP(name, sweep)                                                               \
    WR_PIXEL void name(const struct recursion *p, const struct window *in, int rows,               \
                       const struct wr_sweep_rows *to)                                             \
    {                                                                                              \
        struct window row = *in;                                                                   \
        struct wr_sweep_rows out = *to;                                                            \
        if (rows == WR_SWEEP) {                                                                    \
            sweep(p, in, WR_SWEEP, to);                                                            \
            return;                                                                                \
        }                                                                                          \
        for (int r = 0; r < rows; r++, row.y++) {                                                  \
            sweep(p, &row, 1, &out);                                                               \
            for (int n = 0; n < 3; n++)                                                            \
                out.rows[n] += out.pitch[n];                                                       \
        }                                                                                          \
    }
RECURSION_SWEEP(recursion_of_samples, recursion_samples)
RECURSION_SWEEP(recursion_of_pairs, recursion_pairs)

// ---- turning

// The pairs of a row become those of a column.
WR_PIXEL float recursion_turn(const struct recursion *p, const struct window *in)
{
    (void)p;
    return sample_float_of(in, 0, 2 * in->y + in->x % 2, in->x / 2);
}

#ifndef __CUDACC__
// On the CPU a rectangle reads few rows, each from left to right, and writes few.
enum { RECURSION_COLUMNS = 32, RECURSION_ROWS = 64 };

// Asks for what the rectangle to the right reads of a row, from column in->y on: processors do not
// foresee short parts of many rows.
WR_PIXEL void recursion_fetch(const struct window *in, int row, size_t bytes, int count)
{
    enum { LINE = 64 };
    if (row >= height(in))
        return;
    const unsigned char *const from = in->plane[0] + row * in->pitch[0] + (size_t)in->y * bytes;
    for (size_t n = 0; n < (size_t)count * bytes; n += LINE)
        __builtin_prefetch(from + n);
}

enum {
    recursion_turn_block_columns = RECURSION_COLUMNS,
    recursion_turn_block_rows = RECURSION_ROWS
};

WR_PIXEL void recursion_turn_block(const struct recursion *p, const struct window *in, int columns,
                                   int rows, float *restrict out)
{
    (void)p;
    for (int n = 0; n < columns / 2; n++) {
        const float *const from = (const float *)wr_row(in, 0, in->x / 2 + n) + 2 * in->y;
        recursion_fetch(in, in->x / 2 + n + columns / 2, 2 * sizeof *from, rows);
        for (int m = 0; m < rows; m++)
            memcpy(out + m * columns + 2 * n, from + 2 * m, 2 * sizeof *out);
    }
}
#endif

#define KERNELS(K)                                                                                 \
    K(SWEEP, recursion_of_samples, struct recursion, (WR_SAMPLE), WR_F32)                          \
    K(TWICE, recursion_of_pairs, struct recursion, (WR_F32, WR_SAMPLE), WR_SAMPLE)                 \
    K(GATHER, recursion_turn, struct recursion, (WR_F32), WR_F32)
