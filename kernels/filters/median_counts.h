// SPDX-License-Identifier: MIT
// median on the CPU for windows of few samples: the result is found bit by bit, for many positions
// at once. A bit belongs to it if there are no more samples below it than the rank says. Takes any
// rank and any shape of window; the time goes by the number of samples and of bits.
#pragma once

#include "kernels/pixel/block.h"

enum {
    MEDIAN_LANES = 64,        // positions at once
    MEDIAN_COUNTS_MOST = 128, // samples of a window, at most
    MEDIAN_COUNTS_COLUMNS = 256,
    MEDIAN_COUNTS_ROWS = 64
};

// Whether this is faster here than histograms of columns.
WR_PIXEL int median_counts_suit(const struct window *in, int bytes)
{
    const int samples = (2 * in->reach_x + 1) * (2 * in->reach_y + 1);
    return samples * bytes <= 2 * WR_VECTOR;
}

WR_PIXEL int median_counts_pitch(int reach_x)
{
    return MEDIAN_COUNTS_COLUMNS + MEDIAN_LANES + 2 * reach_x;
}

// Bytes for the samples that a rectangle reads, and for one row of them with 16 bits.
WR_PIXEL size_t median_counts_scratch(int bytes, int reach_x, int reach_y)
{
    const size_t pitch = (size_t)median_counts_pitch(reach_x);
    return pitch * (size_t)(bytes * (MEDIAN_COUNTS_ROWS + 2 * reach_y)) + pitch * sizeof(uint16_t);
}

// The largest result. Deep samples have room for one more, which stands for what lies beyond.
WR_PIXEL int median_counts_end(int bytes, int bits)
{
    return bytes == 1 ? 255 : 1 << bits;
}

#define MEDIAN_COUNTS(name, type)                                                                  \
    /* `samples` begins at the corner of the first position's window. */                           \
    WR_PIXEL void name##_piece(const struct window *in, const type *samples, int rank, int bits,   \
                               int count, int *restrict out)                                       \
    {                                                                                              \
        const int end = median_counts_end(sizeof(type), bits);                                     \
        const int pitch = median_counts_pitch(in->reach_x);                                        \
        type result[MEDIAN_LANES], limit[MEDIAN_LANES], less[MEDIAN_LANES];                        \
        for (int n = 0; n < MEDIAN_LANES; n++)                                                     \
            result[n] = 0;                                                                         \
        for (int bit = sizeof(type) == 1 ? 128 : wr_min(end, 1 << 15); bit; bit >>= 1) {           \
            for (int n = 0; n < MEDIAN_LANES; n++) {                                               \
                limit[n] = (type)(result[n] + bit);                                                \
                less[n] = 0;                                                                       \
            }                                                                                      \
            for (int dy = 0; dy <= 2 * in->reach_y; dy++)                                          \
                for (int dx = 0; dx <= 2 * in->reach_x; dx++) {                                    \
                    const type *const from = samples + dy * pitch + dx;                            \
                    type value[MEDIAN_LANES];                                                      \
                    for (int n = 0; n < MEDIAN_LANES; n++)                                         \
                        value[n] = from[n];                                                        \
                    for (int n = 0; n < MEDIAN_LANES; n++)                                         \
                        less[n] = (type)(less[n] + (value[n] < limit[n]));                         \
                }                                                                                  \
            for (int n = 0; n < MEDIAN_LANES; n++)                                                 \
                result[n] = less[n] <= rank ? limit[n] : result[n];                                \
        }                                                                                          \
        for (int n = 0; n < count; n++)                                                            \
            out[n] = wr_min(result[n], end);                                                       \
    }                                                                                              \
    WR_PIXEL void name(const struct window *in, int rank, int bits, int columns, int rows,         \
                       int *out)                                                                   \
    {                                                                                              \
        const int pitch = median_counts_pitch(in->reach_x), read = columns + 2 * in->reach_x;      \
        uint16_t *const row = (uint16_t *)in->pass->scratch;                                       \
        type *const samples = (type *)(row + pitch);                                               \
        for (int y = 0; y < rows + 2 * in->reach_y; y++) {                                         \
            wr_copy_row(in, in->x - in->reach_x, in->y - in->reach_y + y, read, row);              \
            for (int n = 0; n < read; n++)                                                         \
                samples[y * pitch + n] = (type)row[n];                                             \
            for (int n = read; n < pitch; n++)                                                     \
                samples[y * pitch + n] = 0;                                                        \
        }                                                                                          \
        for (int y = 0; y < rows; y++)                                                             \
            for (int x = 0; x < columns; x += MEDIAN_LANES)                                        \
                name##_piece(in, samples + y * pitch + x, rank, bits,                              \
                             wr_min(columns - x, MEDIAN_LANES), out + y * columns + x);            \
    }
#ifndef __CUDACC__
MEDIAN_COUNTS(median_counts_bytes, uint8_t)
MEDIAN_COUNTS(median_counts_words, uint16_t)
#endif
