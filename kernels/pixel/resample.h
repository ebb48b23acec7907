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

#include "kernels/pixel/pixel.h"

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
enum { RESAMPLE_VECTOR = WR_VECTOR / 4 }; // floats
typedef float resample_floats __attribute__((vector_size(WR_VECTOR)));

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

#include "kernels/pixel/phases.h"

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
#include "kernels/pixel/rectangle.h"

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

// Taps [from, to) of a row; the others weigh nothing, as where a window lies beyond the border.
struct resample_taps {
    const float *weights;
    int first, from, to;
};

WR_PIXEL struct resample_taps resample_taps(const struct window *in, int y)
{
    const float *const weights = float_table(in, 1) + (ptrdiff_t)y * in->span;
    struct resample_taps taps = {weights, int_table(in, 0)[y], 0, in->span};
    while (taps.to > 1 && weights[taps.to - 1] == 0)
        taps.to--;
    while (taps.from < taps.to - 1 && weights[taps.from] == 0)
        taps.from++;
    return taps;
}

WR_PIXEL void resample_piece(const struct window *in, const struct resample_taps *taps, int x,
                             int count, float *restrict out)
{
    float sum[RESAMPLE_PIECE];
    for (int n = 0; n < count; n++)
        sum[n] = 0.0f;
    for (int k = taps->from; k < taps->to; k++) {
        const float weight = taps->weights[k];
        float value[RESAMPLE_PIECE]; // with these, the compiler makes vectors of both loops
        for (int n = 0; n < count; n++)
            value[n] = sample_float_of(in, 0, x + n, taps->first + k);
        for (int n = 0; n < count; n++)
            sum[n] += weight * value[n];
    }
    for (int n = 0; n < count; n++)
        out[n] = sum[n];
}

// Asks for what the piece from column x on reads of rows from `fresh` on: of so many rows, none
// comes near by itself.
WR_PIXEL void resample_fetch(const struct window *in, const struct resample_taps *taps, int x,
                             int fresh)
{
    enum { LINE = 64 };
    const int bytes = (int)wr_storage_bytes(in->storage[0]);
    const int from = wr_max(taps->first + taps->from, fresh), to = taps->first + taps->to;
    for (int y = from; y < to && x < width(in); y++)
        for (int n = 0; n < RESAMPLE_PIECE * bytes; n += LINE)
            __builtin_prefetch(wr_row(in, 0, y) + x * bytes + n);
}

// A piece of `count` columns from x on of all rows of a rectangle.
WR_PIXEL void resample_pieces(const struct window *in, int columns, int rows, int x, int count,
                              float *restrict out)
{
    int fresh = 0;
    for (int y = 0; y < rows; y++) {
        const struct resample_taps taps = resample_taps(in, in->y + y);
        resample_fetch(in, &taps, in->x + x + count, fresh);
        resample_piece(in, &taps, in->x + x, count, out + y * columns + x);
        fresh = taps.first + taps.to;
    }
}

// What resample_column() gives for a rectangle.
WR_PIXEL void resample_columns(const struct window *in, int columns, int rows, float *restrict out)
{
    const int whole = columns - columns % RESAMPLE_PIECE;
    for (int x = 0; x < whole; x += RESAMPLE_PIECE)
        resample_pieces(in, columns, rows, x, RESAMPLE_PIECE, out);
    if (whole < columns)
        resample_pieces(in, columns, rows, whole, columns - whole, out);
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
