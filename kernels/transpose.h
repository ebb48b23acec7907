// SPDX-License-Identifier: MIT
// transpose: rows become columns, from either end.
#pragma once

#include <string.h>

#include "kernels/pixel.h"

struct transpose {
    int from_bottom; // the first column was the last row
    int from_right;  // the first row was the last column
};

WR_PIXEL int transpose(const struct transpose *p, const struct window *in)
{
    const int x = p->from_right ? width(in) - 1 - in->y : in->y;
    const int y = p->from_bottom ? height(in) - 1 - in->x : in->x;
    return sample(in, x, y);
}

// Exchanges `bits` wide parts of two rows of samples, each a word with its first sample lowest.
#define TRANSPOSE_SWAP(a, b, bits, mask)                                                           \
    do {                                                                                           \
        const uint64_t swapped = ((a) >> (bits) ^ (b)) & (mask);                                   \
        (b) ^= swapped;                                                                            \
        (a) ^= swapped << (bits);                                                                  \
    } while (0)

// Eight words of eight bytes, by recursive halves.
WR_PIXEL void transpose_bytes(uint64_t row[8])
{
    for (int n = 0; n < 4; n++)
        TRANSPOSE_SWAP(row[n], row[n + 4], 32, 0x00000000ffffffff);
    for (int n = 0; n < 8; n += n & 1 ? 3 : 1)
        TRANSPOSE_SWAP(row[n], row[n + 2], 16, 0x0000ffff0000ffff);
    for (int n = 0; n < 8; n += 2)
        TRANSPOSE_SWAP(row[n], row[n + 1], 8, 0x00ff00ff00ff00ff);
}

// Four words of four samples of two bytes.
WR_PIXEL void transpose_words(uint64_t row[4])
{
    for (int n = 0; n < 2; n++)
        TRANSPOSE_SWAP(row[n], row[n + 2], 32, 0x00000000ffffffff);
    for (int n = 0; n < 4; n += 2)
        TRANSPOSE_SWAP(row[n], row[n + 1], 16, 0x0000ffff0000ffff);
}

// The square's part of side x side samples, a word for each row, that begins dx, dy from its
// corner.
WR_PIXEL void transpose_part(const struct transpose *p, const struct window *in, int side, int dx,
                             int dy, unsigned char *out, ptrdiff_t pitch)
{
    const int bytes = 8 / side;
    const int x = p->from_right ? width(in) - (in->y + dy) - side : in->y + dy;
    uint64_t row[8];
    for (int n = 0; n < side; n++) {
        const int y = in->x + dx + n;
        memcpy(&row[n], wr_row(in, 0, p->from_bottom ? height(in) - 1 - y : y) + x * bytes, 8);
    }
    if (side == 8)
        transpose_bytes(row);
    else
        transpose_words(row);
    for (int n = 0; n < side; n++)
        memcpy(out + (dy + n) * pitch + dx * bytes, &row[p->from_right ? side - 1 - n : n], 8);
}

WR_PIXEL void transpose_square(const struct transpose *p, const struct window *in,
                               unsigned char *out, ptrdiff_t pitch)
{
    const int side = in->storage[0] == WR_U8 ? 8 : 4;
    for (int dy = 0; dy < WR_SQUARE; dy += side)
        for (int dx = 0; dx < WR_SQUARE; dx += side)
            transpose_part(p, in, side, dx, dy, out, pitch);
}

#define KERNELS(K) K(TILE, transpose, struct transpose, (WR_SAMPLE), WR_SAMPLE)
