// SPDX-License-Identifier: MIT
// Separable resampling: each output sample is a weighted sum of neighbours along a row or a column.
//
// Table 0 (int32) holds the first input sample for each output position, table 1 (float) its
// in->span weights: for columns those of one position together, for rows those of one tap, since
// there neighbouring positions are computed at once. All reads lie inside the picture: the host has
// folded the weights of what lies outside into the edge. Between the two directions values stay
// floats.
#pragma once

#include <string.h>

#include "kernels/pixel.h"

struct resample {
    int max; // largest sample value
};

WR_PIXEL float resample_row_at(const struct window *in, int x)
{
    const int first = int_table(in, 0)[x], taps = in->span;
    const ptrdiff_t positions = in->pass->out[0].width;
    const float *weights = float_table(in, 1) + x;
    float sum = weights[0] * sample_float_of(in, 0, first, in->y);
    WR_UNROLL
    for (int k = 1; k < taps; k++)
        sum += weights[k * positions] * sample_float_of(in, 0, first + k, in->y);
    return sum;
}

WR_PIXEL float resample_row(const struct window *in)
{
    return resample_row_at(in, in->x);
}

WR_PIXEL float resample_column(const struct window *in)
{
    const int first = int_table(in, 0)[in->y], taps = in->span;
    const float *weights = float_table(in, 1) + (ptrdiff_t)in->y * taps;
    float sum = weights[0] * sample_float_of(in, 0, in->x, first);
    WR_UNROLL
    for (int k = 1; k < taps; k++)
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

WR_PIXEL float resample_columns_first(const struct resample *p, const struct window *in)
{
    return resample_column_first(p, in);
}

WR_PIXEL float resample_columns_middle(const struct resample *p, const struct window *in)
{
    return resample_column_middle(p, in);
}

WR_PIXEL int resample_columns_last(const struct resample *p, const struct window *in)
{
    return resample_column_last(p, in);
}

WR_PIXEL int resample_columns_only(const struct resample *p, const struct window *in)
{
    return resample_column_only(p, in);
}

#ifndef __CUDACC__
// As many floats as the level's registers hold.
#if defined __AVX512F__
enum { RESAMPLE_VECTOR = 16 };
#elif defined __AVX2__
enum { RESAMPLE_VECTOR = 8 };
#else
enum { RESAMPLE_VECTOR = 4 };
#endif
typedef float resample_floats __attribute__((vector_size(RESAMPLE_VECTOR * 4)));

// What phases.h does its sums with.
enum { PHASES_STORAGE = WR_F32 };
typedef float phases_number;
typedef resample_floats phases_numbers;

WR_PIXEL float phases_load(const unsigned char *row, int storage, int x)
{
    return storage == WR_F32 ? ((const float *)row)[x] : (float)wr_load(row, storage, x);
}

WR_PIXEL resample_floats phases_times(float weight, resample_floats numbers)
{
    return weight * numbers;
}

WR_PIXEL float phases_sum(const struct window *in, int x)
{
    return resample_row_at(in, x);
}

WR_PIXEL float phases_element(float sum)
{
    return sum;
}

WR_PIXEL int phases_sample(float sum, int max)
{
    return wr_to_sample(sum, max);
}
#endif

#include "kernels/phases.h"

WR_PIXEL float phases_first(const struct phases *p, const struct window *in)
{
    (void)p;
    return resample_row(in);
}

WR_PIXEL float phases_middle(const struct phases *p, const struct window *in)
{
    (void)p;
    return resample_row(in);
}

WR_PIXEL int phases_last(const struct phases *p, const struct window *in)
{
    return wr_to_sample(resample_row(in), p->max);
}

WR_PIXEL int phases_only(const struct phases *p, const struct window *in)
{
    return wr_to_sample(resample_row(in), p->max);
}

#ifndef __CUDACC__
PHASES_ROW(phases_first)
PHASES_ROW(phases_middle)
PHASES_ROW(phases_last)
PHASES_ROW(phases_only)
#endif

// On the CPU a rectangle is computed at once.
enum {
    RESAMPLE_ROWS = 16,
    RESAMPLE_COLUMNS = 256,
    RESAMPLE_LANES = 32, // columns are read by so many, as far as the rows go
    resample_row_first_block_rows = RESAMPLE_ROWS,
    resample_row_first_block_columns = RESAMPLE_COLUMNS,
    resample_row_middle_block_rows = RESAMPLE_ROWS,
    resample_row_middle_block_columns = RESAMPLE_COLUMNS,
    resample_row_last_block_rows = RESAMPLE_ROWS,
    resample_row_last_block_columns = RESAMPLE_COLUMNS,
    resample_row_only_block_rows = RESAMPLE_ROWS,
    resample_row_only_block_columns = RESAMPLE_COLUMNS,
    resample_columns_first_block_rows = RESAMPLE_ROWS,
    resample_columns_first_block_columns = RESAMPLE_COLUMNS,
    resample_columns_middle_block_rows = RESAMPLE_ROWS,
    resample_columns_middle_block_columns = RESAMPLE_COLUMNS,
    resample_columns_last_block_rows = RESAMPLE_ROWS,
    resample_columns_last_block_columns = RESAMPLE_COLUMNS,
    resample_columns_only_block_rows = RESAMPLE_ROWS,
    resample_columns_only_block_columns = RESAMPLE_COLUMNS
};

// Bytes of scratch: two copies of the rectangle, in which no row is longer than `longest`.
static inline size_t resample_scratch(int longest)
{
    return 2 * RESAMPLE_ROWS * sizeof(float) * (size_t)(longest + RESAMPLE_LANES - 1);
}

#ifndef __CUDACC__
// ---- transposed: rows are the lanes of vectors, so that one load of a weight serves all of them,
// and neighbours need not be gathered. Sixteen rows are transposed by dealing them out by fours,
// twice.

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
typedef int32_t resample_places __attribute__((vector_size(RESAMPLE_VECTOR * 4)));

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

WR_PIXEL void resample_row_first_block(const struct resample *p, const struct window *in,
                                       int columns, int rows, float *out)
{
    (void)p;
    resample_block(in, columns, rows, out);
}

WR_PIXEL void resample_row_middle_block(const struct resample *p, const struct window *in,
                                        int columns, int rows, float *out)
{
    resample_row_first_block(p, in, columns, rows, out);
}

WR_PIXEL void resample_row_last_block(const struct resample *p, const struct window *in,
                                      int columns, int rows, int *out)
{
    float sums[RESAMPLE_ROWS * RESAMPLE_COLUMNS];
    resample_block(in, columns, rows, sums);
    for (int n = 0; n < rows * columns; n++)
        out[n] = wr_to_sample(sums[n], p->max);
}

WR_PIXEL void resample_row_only_block(const struct resample *p, const struct window *in,
                                      int columns, int rows, int *out)
{
    resample_row_last_block(p, in, columns, rows, out);
}

// ---- columns of many taps: the sums of a piece of a row stay in registers while the taps go by.
enum { RESAMPLE_PIECE = 64 };

WR_PIXEL void resample_piece(const struct window *in, int x, int y, int count, float *restrict out)
{
    const int first = int_table(in, 0)[y], taps = in->span;
    const float *const weights = float_table(in, 1) + (ptrdiff_t)y * taps;
    float sum[RESAMPLE_PIECE];
    for (int n = 0; n < count; n++)
        sum[n] = 0.0f;
    for (int k = 0; k < taps; k++)
        for (int n = 0; n < count; n++)
            sum[n] += weights[k] * sample_float_of(in, 0, x + n, first + k);
    for (int n = 0; n < count; n++)
        out[n] = sum[n];
}

// What resample_column() gives for a rectangle.
WR_PIXEL void resample_columns(const struct window *in, int columns, int rows, float *restrict out)
{
    const int whole = columns - columns % RESAMPLE_PIECE;
    for (int y = 0; y < rows; y++, out += columns) {
        for (int x = 0; x < whole; x += RESAMPLE_PIECE)
            resample_piece(in, in->x + x, in->y + y, RESAMPLE_PIECE, out + x);
        resample_piece(in, in->x + whole, in->y + y, columns - whole, out + whole);
    }
}

WR_PIXEL void resample_columns_first_block(const struct resample *p, const struct window *in,
                                           int columns, int rows, float *out)
{
    (void)p;
    resample_columns(in, columns, rows, out);
}

WR_PIXEL void resample_columns_middle_block(const struct resample *p, const struct window *in,
                                            int columns, int rows, float *out)
{
    resample_columns_first_block(p, in, columns, rows, out);
}

WR_PIXEL void resample_columns_last_block(const struct resample *p, const struct window *in,
                                          int columns, int rows, int *out)
{
    float sums[RESAMPLE_ROWS * RESAMPLE_COLUMNS];
    resample_columns(in, columns, rows, sums);
    for (int n = 0; n < rows * columns; n++)
        out[n] = wr_to_sample(sums[n], p->max);
}

WR_PIXEL void resample_columns_only_block(const struct resample *p, const struct window *in,
                                          int columns, int rows, int *out)
{
    resample_columns_last_block(p, in, columns, rows, out);
}
#endif

#define KERNELS(K)                                                                                 \
    K(GATHER, resample_row_first, struct resample, (WR_SAMPLE), WR_F32)                            \
    K(GATHER, resample_row_middle, struct resample, (WR_F32), WR_F32)                              \
    K(GATHER, resample_row_last, struct resample, (WR_F32), WR_SAMPLE)                             \
    K(GATHER, resample_row_only, struct resample, (WR_SAMPLE), WR_SAMPLE)                          \
    K(ROW, phases_first, struct phases, (WR_SAMPLE), WR_F32)                                       \
    K(ROW, phases_middle, struct phases, (WR_F32), WR_F32)                                         \
    K(ROW, phases_last, struct phases, (WR_F32), WR_SAMPLE)                                        \
    K(ROW, phases_only, struct phases, (WR_SAMPLE), WR_SAMPLE)                                     \
    K(SUM, resample_column_first, struct resample, (WR_SAMPLE), WR_F32)                            \
    K(SUM, resample_column_middle, struct resample, (WR_F32), WR_F32)                              \
    K(SUM, resample_column_last, struct resample, (WR_F32), WR_SAMPLE)                             \
    K(SUM, resample_column_only, struct resample, (WR_SAMPLE), WR_SAMPLE)                          \
    K(GATHER, resample_columns_first, struct resample, (WR_SAMPLE), WR_F32)                        \
    K(GATHER, resample_columns_middle, struct resample, (WR_F32), WR_F32)                          \
    K(GATHER, resample_columns_last, struct resample, (WR_F32), WR_SAMPLE)                         \
    K(GATHER, resample_columns_only, struct resample, (WR_SAMPLE), WR_SAMPLE)
