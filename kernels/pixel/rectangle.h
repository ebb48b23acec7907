// SPDX-License-Identifier: MIT
// Part of resample.h, for the CPU: rows resampled by rectangles, whose windows need not repeat.
//
// What lies in the rectangle is turned so that rows are the lanes of vectors, or permuted where
// neighbouring windows lie near one another and vectors can do that.
#pragma once

#include <string.h>

#include "kernels/pixel/pixel.h"

// ---- transposed: rows are the lanes of vectors, so that one load of a weight serves all of them,
// and neighbours need not be gathered. Sixteen rows are transposed by interleaving them by fours,
// twice.

// Interleaves four rows, `count` samples of each from column x on.
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

// Interleaves the four quarters of `from`. Done twice, it makes columns of sixteen rows.
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

// Adds `taps`, a constant, weighted columns of sixteen samples to as many sums. Without the pragma
// gcc takes the loop apart before it looks for vectors, and then finds poor ones.
WR_PIXEL void resample_add(const float *restrict samples, const float *restrict weights,
                           ptrdiff_t positions, int taps, float *restrict sums)
{
    _Pragma("GCC unroll 1") for (int r = 0; r < RESAMPLE_ROWS; r++)
    {
        float sum = sums[r];
        for (int k = 0; k < taps; k++)
            sum += weights[k * positions] * samples[k * RESAMPLE_ROWS + r];
        sums[r] = sum;
    }
}

WR_PIXEL void resample_lanes(const float *samples, const float *weights, ptrdiff_t positions,
                             int taps, float *sums)
{
    for (int r = 0; r < RESAMPLE_ROWS; r++)
        sums[r] = 0.0f;
    int k = 0;
    for (; k + 4 <= taps; k += 4)
        resample_add(samples + k * RESAMPLE_ROWS, weights + k * positions, positions, 4, sums);
    if (taps & 2)
        resample_add(samples + k * RESAMPLE_ROWS, weights + k * positions, positions, 2, sums);
    if (taps & 1)
        resample_add(samples + (taps - 1) * RESAMPLE_ROWS, weights + (taps - 1) * positions,
                     positions, 1, sums);
}

// What the rectangle reads of each row.
struct resample_part {
    int from, count; // columns
    int below;       // the last row; the ones below are the same
};

WR_PIXEL void resample_transposed(const struct window *in, const struct resample_part *part,
                                  int columns, float *out)
{
    const int32_t *const first = int_table(in, 0) + in->x;
    const float *const weights = float_table(in, 1) + in->x;
    const ptrdiff_t positions = in->pass->out[0].width;
    float *const a = (float *)in->pass->scratch;
    float *const b = a + RESAMPLE_ROWS * wr_max(part->count, columns);
    for (int r = 0; r < 4; r++) {
        const int y = in->y + r, below = part->below;
        const int rows[] = {wr_min(y, below), wr_min(y + 4, below), wr_min(y + 8, below),
                            wr_min(y + 12, below)};
        resample_deal_rows(in, part->from, part->count, rows, b + 4 * r * part->count);
    }
    resample_deal(b, 4 * part->count, a);
    for (int n = 0; n < columns; n++)
        resample_lanes(a + (first[n] - first[0]) * RESAMPLE_ROWS, weights + n, positions, in->span,
                       b + n * RESAMPLE_ROWS);
    resample_gather(b, 4 * columns, a);
    resample_gather(a, 4 * columns, out);
}

// ---- permuted: neighbouring positions of a row are the lanes. Each tap reads as many samples in
// one piece, or twice as many, which one instruction puts where they belong.
#ifdef __AVX2__
typedef int32_t resample_places __attribute__((vector_size(WR_VECTOR)));

// Whether the rectangle's positions lie near enough to one another.
WR_PIXEL int resample_is_near(const int32_t *first, int columns)
{
    int apart = columns < RESAMPLE_VECTOR ? 2 * RESAMPLE_VECTOR : 0;
    for (int n = 0; n + RESAMPLE_VECTOR <= columns; n++)
        apart = wr_max(apart, first[n + RESAMPLE_VECTOR - 1] - first[n]);
    return apart < 2 * RESAMPLE_VECTOR;
}

// Adds up the lanes' positions for all rows, whose samples from the first position on lie `count`
// apart; the sums lie `columns` apart.
WR_PIXEL void resample_permute(const struct window *in, int x, const float *samples, int count,
                               int rows, int taps, float *sums, int columns)
{
    const int32_t *const first = int_table(in, 0) + x;
    const float *const weights = float_table(in, 1) + x;
    resample_places places;
    memcpy(&places, first, sizeof places);
    places -= first[0];
    const int is_one = places[RESAMPLE_VECTOR - 1] < RESAMPLE_VECTOR;
    for (int r = 0; r < rows; r++) {
        resample_floats sum = {0};
        for (int k = 0; k < taps; k++) {
            const float *const from = samples + r * count + k;
            resample_floats left, right, weight;
            memcpy(&left, from, sizeof left);
            memcpy(&right, from + RESAMPLE_VECTOR, sizeof right);
            memcpy(&weight, weights + k * (ptrdiff_t)in->pass->out[0].width, sizeof weight);
            sum += weight * (is_one ? __builtin_shuffle(left, places)
                                    : __builtin_shuffle(left, right, places));
        }
        memcpy(sums + r * columns, &sum, sizeof sum);
    }
}

WR_PIXEL void resample_permuted(const struct window *in, const struct resample_part *part,
                                int columns, int taps, float *out)
{
    const int32_t *const first = int_table(in, 0) + in->x;
    const int rows = part->below + 1 - in->y;
    float *const samples = (float *)in->pass->scratch;
    for (int r = 0; r < rows; r++)
        for (int n = 0; n < part->count; n++)
            samples[r * part->count + n] = sample_float_of(in, 0, part->from + n, in->y + r);
    for (int n = 0; n < columns; n += RESAMPLE_VECTOR) {
        const int x = wr_min(n, columns - RESAMPLE_VECTOR);
        resample_permute(in, in->x + x, samples + first[x] - first[0], part->count, rows, taps,
                         out + x, columns);
    }
}
#endif

// What resample_row() gives for a rectangle, row by row. The most usual numbers of taps are worth
// code of their own.
WR_PIXEL void resample_block(const struct window *in, int columns, int rows, float *out)
{
    const int32_t *const first = int_table(in, 0) + in->x;
    const int taps = in->span, from = first[0], read = first[columns - 1] + taps - from;
    const struct resample_part part = {
        from, wr_min((read + RESAMPLE_LANES - 1) & -RESAMPLE_LANES, width(in) - from),
        in->y + rows - 1};
#ifdef __AVX2__
    if (resample_is_near(first, columns)) {
        if (taps == 4)
            resample_permuted(in, &part, columns, 4, out);
        else
            resample_permuted(in, &part, columns, taps, out);
        return;
    }
#endif
    resample_transposed(in, &part, columns, out);
}
