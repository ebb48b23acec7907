// SPDX-License-Identifier: MIT
// transpose: rows become columns, from either end.
#pragma once

#include <string.h>

#include "kernels/pixel/pixel.h"

struct transpose {
    int from_bottom; // the first column was the last row
    int from_right;  // the first row was the last column
};

WR_PIXEL void transpose_source(const struct transpose *p, const struct window *in, int *x, int *y)
{
    *x = p->from_right ? width(in) - 1 - in->y : in->y;
    *y = p->from_bottom ? height(in) - 1 - in->x : in->x;
}

WR_PIXEL int transpose(const struct transpose *p, const struct window *in)
{
    int x, y;
    transpose_source(p, in, &x, &y);
    return sample(in, x, y);
}

#ifndef __CUDACC__
// Rows of a part of the square, sixteen samples of a byte or eight of two.
typedef uint8_t transpose_bytes __attribute__((vector_size(16)));
typedef uint16_t transpose_words __attribute__((vector_size(16)));

// Deals the upper and the lower half of the rows out by turns, sample by sample. Done as often as
// the side can be halved it makes rows of columns.
WR_PIXEL void transpose_deal_bytes(const transpose_bytes *from, transpose_bytes *to)
{
    for (int n = 0; n < 8; n++) {
        to[2 * n] = __builtin_shufflevector(from[n], from[n + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20,
                                            5, 21, 6, 22, 7, 23);
        to[2 * n + 1] = __builtin_shufflevector(from[n], from[n + 8], 8, 24, 9, 25, 10, 26, 11, 27,
                                                12, 28, 13, 29, 14, 30, 15, 31);
    }
}

WR_PIXEL void transpose_deal_words(const transpose_words *from, transpose_words *to)
{
    for (int n = 0; n < 4; n++) {
        to[2 * n] = __builtin_shufflevector(from[n], from[n + 4], 0, 8, 1, 9, 2, 10, 3, 11);
        to[2 * n + 1] = __builtin_shufflevector(from[n], from[n + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
}

WR_PIXEL void transpose_all(unsigned char rows[16][16], int side)
{
    transpose_bytes a[16], b[16];
    transpose_words c[8], d[8];
    if (side == 16) {
        memcpy(a, rows, sizeof a);
        transpose_deal_bytes(a, b);
        transpose_deal_bytes(b, a);
        transpose_deal_bytes(a, b);
        transpose_deal_bytes(b, a);
        memcpy(rows, a, sizeof a);
    } else {
        memcpy(c, rows, sizeof c);
        transpose_deal_words(c, d);
        transpose_deal_words(d, c);
        transpose_deal_words(c, d);
        memcpy(rows, d, sizeof d);
    }
}

// The square's part of side x side samples that begins dx, dy from its corner. What the square
// beside it reads is asked for meanwhile: of so many rows, none comes near by itself.
WR_PIXEL void transpose_part(const struct transpose *p, const struct window *in, int side, int dx,
                             int dy, unsigned char *out, ptrdiff_t pitch)
{
    const int bytes = 16 / side, top = in->x + dx;
    const int x = p->from_right ? width(in) - (in->y + dy) - side : in->y + dy;
    const int ahead = wr_min(WR_SQUARE, height(in) - side - top);
    const ptrdiff_t down = p->from_bottom ? -in->pitch[0] : in->pitch[0];
    const unsigned char *const from =
        wr_row(in, 0, p->from_bottom ? height(in) - 1 - top : top) + x * bytes;
    unsigned char rows[16][16];
    wr_check_row(in, 0, p->from_bottom ? height(in) - side - top : top + side - 1);
    for (int n = 0; n < side; n++) {
        memcpy(rows[n], from + n * down, 16);
        __builtin_prefetch(from + (n + ahead) * down);
    }
    transpose_all(rows, side);
    for (int n = 0; n < side; n++)
        memcpy(out + (dy + n) * pitch + dx * bytes, rows[p->from_right ? side - 1 - n : n], 16);
}

WR_PIXEL void transpose_square(const struct transpose *p, const struct window *in,
                               unsigned char *out, ptrdiff_t pitch)
{
    const int side = in->storage[0] == WR_U8 ? 16 : 8;
    for (int dy = 0; dy < WR_SQUARE; dy += side)
        for (int dx = 0; dx < WR_SQUARE; dx += side)
            transpose_part(p, in, side, dx, dy, out, pitch);
}
#endif

#define KERNELS(K) K(TILE, transpose, struct transpose, (WR_SAMPLE), WR_SAMPLE)
