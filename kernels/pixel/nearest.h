// SPDX-License-Identifier: MIT
// Another size by taking the nearest sample, which needs no sums.
//
// Table 0 (int32) holds the column that each output column is taken from, table 1 the rows.
#pragma once

#include <string.h>

#include "kernels/pixel/pixel.h"

struct nearest {
    int is_dense; // no columns are skipped: those of neighbouring samples lie at most one apart
};

WR_PIXEL int nearest(const struct nearest *p, const struct window *in)
{
    (void)p;
    return sample(in, int_table(in, 0)[in->x], int_table(in, 1)[in->y]);
}

#ifndef __CUDACC__
#ifdef __AVX2__
typedef uint8_t nearest_bytes __attribute__((vector_size(16)));
typedef uint16_t nearest_words __attribute__((vector_size(16)));

// As many samples as 16 bytes hold, from column x of the output on. What they are taken from lies
// in 16 bytes, too; at the right edge these begin earlier.
#define NEAREST_PIECE(name, vector, type)                                                          \
    WR_PIXEL void name(const struct window *in, const unsigned char *row, int x,                   \
                       unsigned char *restrict out)                                                \
    {                                                                                              \
        enum { LANES = sizeof(vector) / sizeof(type) };                                            \
        const int32_t *const columns = int_table(in, 0) + x;                                       \
        const int first = wr_min(columns[0], width(in) - LANES);                                   \
        vector places, samples;                                                                    \
        for (int n = 0; n < LANES; n++)                                                            \
            places[n] = (type)(columns[n] - first);                                                \
        memcpy(&samples, row + first * (int)sizeof(type), sizeof samples);                         \
        samples = __builtin_shuffle(samples, places);                                              \
        memcpy(out + x * (int)sizeof(type), &samples, sizeof samples);                             \
    }
NEAREST_PIECE(nearest_byte_piece, nearest_bytes, uint8_t)
NEAREST_PIECE(nearest_word_piece, nearest_words, uint16_t)

WR_PIXEL int nearest_row(const struct nearest *p, const struct window *in, int count, int storage,
                         unsigned char *restrict out)
{
    const int lanes = storage == WR_U8 ? 16 : 8;
    const unsigned char *const row = wr_row(in, 0, int_table(in, 1)[in->y]);
    if (!p->is_dense || count < lanes || width(in) < lanes)
        return 0;
    for (int n = 0; n < count; n += lanes)
        if (storage == WR_U8)
            nearest_byte_piece(in, row, wr_min(n, count - lanes), out);
        else
            nearest_word_piece(in, row, wr_min(n, count - lanes), out);
    return count;
}
#else
WR_PIXEL int nearest_row(const struct nearest *p, const struct window *in, int count, int storage,
                         unsigned char *out)
{
    (void)p, (void)in, (void)count, (void)storage, (void)out;
    return 0;
}
#endif
#endif

#define KERNELS(K) K(ROW, nearest, struct nearest, (WR_SAMPLE), WR_SAMPLE)
