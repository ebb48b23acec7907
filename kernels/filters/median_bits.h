// SPDX-License-Identifier: MIT
// median with CUDA: the window's samples are taken apart into bits, and the result is picked bit by
// bit, the highest first. Where more samples have a bit of 0 than the rank says, the result has it,
// too, and samples with a 1 are no longer picked from; otherwise it is the other way round, and the
// rank goes down by those left out. Takes any rank and any shape of window.
//
// The bits of 32 neighbouring samples are one word, which the threads of a warp put together by a
// vote. A row of a window is part of two words: one shift fetches it, one count sums it up.
#pragma once

#include "kernels/pixel/pixel.h"

enum {
    MEDIAN_BITS_ROWS = WR_PREPARED + 2 * MEDIAN_NEAR,              // that a block reads
    MEDIAN_BITS_WORDS = (WR_PREPARED + 2 * MEDIAN_NEAR + 31) / 32, // of a row
    MEDIAN_BITS_PLANE = MEDIAN_BITS_ROWS * MEDIAN_BITS_WORDS,      // words from bit to bit
    MEDIAN_BITS_MOST = 17                                          // bits of a sample
};

// The block's own, in shared memory: [bit][row][word], the first for the window's upper left.
WR_PIXEL uint32_t *median_bits(void)
{
    __shared__ uint32_t bits[MEDIAN_BITS_MOST * MEDIAN_BITS_PLANE];
    return bits;
}

// Deep samples have room for one bit more, which alone stands for all that lies beyond.
WR_PIXEL int median_bit_count(const struct median *p, const struct window *in)
{
    return in->storage[0] == WR_U8 ? 8 : p->bits + 1;
}

WR_PIXEL void median_near_prepare(const struct median *p, const struct window *in)
{
    const int bits = median_bit_count(p, in), right = width(in) - 1, bottom = height(in) - 1;
    for (int row = threadIdx.y; row < WR_PREPARED + 2 * in->reach_y; row += blockDim.y)
        for (int word = 0; word < MEDIAN_BITS_WORDS; word++) {
            const int x = in->x - in->reach_x + 32 * word + (int)threadIdx.x;
            const int value =
                sample(in, wr_clamp(x, 0, right), wr_clamp(in->y - in->reach_y + row, 0, bottom));
            const int limited = in->storage[0] == WR_U8 ? value : wr_min(value, 1 << p->bits);
            uint32_t own = 0;
#pragma unroll 8
            for (int bit = 0; bit < bits; bit++) {
                const uint32_t all = __ballot_sync(0xffffffff, limited >> bit & 1);
                own = (int)threadIdx.x == bit ? all : own;
            }
            if ((int)threadIdx.x < bits)
                median_bits()[(int)threadIdx.x * MEDIAN_BITS_PLANE + row * MEDIAN_BITS_WORDS +
                              word] = own;
        }
}

// `lines` results from in->x, row in->y + first on, for windows of so many rows to each side.
WR_PIXEL void median_pick_lines(const struct median *p, const struct window *in, int reach,
                                int lines, int first, int result[4])
{
    const int rows = 2 * reach + 1, column = in->x % WR_PREPARED, row = in->y % WR_PREPARED + first;
    uint32_t left[4][2 * MEDIAN_NEAR + 1]; // what results are still picked from
    uint32_t line[2 * MEDIAN_NEAR + 4];
    int rank[4];
#pragma unroll
    for (int n = 0; n < lines * rows; n++)
        left[n % lines][n / lines] = (2u << 2 * in->reach_x) - 1;
#pragma unroll
    for (int n = 0; n < lines; n++) {
        rank[n] = p->rank;
        result[n] = 0;
    }
#pragma unroll 1
    for (int bit = median_bit_count(p, in) - 1; bit >= 0; bit--) {
        const uint32_t *const words =
            median_bits() + bit * MEDIAN_BITS_PLANE + row * MEDIAN_BITS_WORDS + column / 32;
        int zeros[4] = {0};
#pragma unroll
        for (int y = 0; y < rows + lines - 1; y++) {
            line[y] = __funnelshift_r(words[y * MEDIAN_BITS_WORDS],
                                      words[y * MEDIAN_BITS_WORDS + 1], column % 32);
#pragma unroll
            for (int n = 0; n < lines; n++)
                zeros[n] += y >= n && y - n < rows ? __popc(left[n][y - n] & ~line[y]) : 0;
        }
#pragma unroll
        for (int n = 0; n < lines; n++) {
            const int is_one = zeros[n] <= rank[n];
            const uint32_t flip = is_one ? 0 : ~0u;
            rank[n] -= is_one ? zeros[n] : 0;
            result[n] = 2 * result[n] + is_one;
#pragma unroll
            for (int y = 0; y < rows; y++)
                left[n][y] &= line[y + n] ^ flip;
        }
    }
}

// The whole strip, whose results stay in registers.
WR_PIXEL void median_pick(const struct median *p, const struct window *in, int reach, int lines,
                          int out[WR_STRIP])
{
    int result[4];
#pragma unroll 1
    for (int first = 0; first < WR_STRIP; first += lines) {
        median_pick_lines(p, in, reach, lines, first, result);
#pragma unroll
        for (int n = 0; n < WR_STRIP; n++)
            out[n] = n - n % lines == first ? result[n % lines] : out[n];
    }
}

// As many results at a time as there are registers for.
#define MEDIAN_PICK(reach, lines)                                                                  \
    case reach:                                                                                    \
        median_pick(p, in, reach, lines, out);                                                     \
        break;

WR_PIXEL void median_near_strip(const struct median *p, const struct window *in, int count,
                                int *out)
{
    (void)count;
#pragma unroll
    for (int n = 0; n < WR_STRIP; n++)
        out[n] = 0;
    switch (in->reach_y) {
        MEDIAN_PICK(0, 4)
        MEDIAN_PICK(1, 4)
        MEDIAN_PICK(2, 4)
        MEDIAN_PICK(3, 4)
        MEDIAN_PICK(4, 4)
        MEDIAN_PICK(5, 4)
        MEDIAN_PICK(6, 2)
        MEDIAN_PICK(7, 2)
        MEDIAN_PICK(8, 2)
        MEDIAN_PICK(9, 2)
        MEDIAN_PICK(10, 2)
        MEDIAN_PICK(11, 1)
        MEDIAN_PICK(12, 1)
        MEDIAN_PICK(13, 1)
        MEDIAN_PICK(14, 1)
        MEDIAN_PICK(15, 1)
    }
}
