// SPDX-License-Identifier: MIT
// Two samples at a time: a word holds two of them, 16 bits each, so that one instruction of CUDA
// adds or compares both. For kernels whose windows have a reach of 1.
//
// A thread has four neighbouring columns and one more on either side, in four words that overlap:
//
//     word 0: columns -1 and 1, word 1: 0 and 2, word 2: 1 and 3, word 3: 2 and 4
//
// The windows of columns 0 and 2 are words 0 to 2, those of columns 1 and 3 words 1 to 3. A kernel
// is written as if there were one window only. What it computes of a column alone, or of a row, the
// compiler finds again in the windows beside, above and below, and computes it once.
//
// Words are added and subtracted as one number. That is right for each half if no result of a half
// is negative or needs more than 16 bits.
#pragma once

#include "kernels/pixel/view.h"

#ifdef __CUDACC__
enum { WR_PAIR_WORDS = 4 };

struct wr_pair_window {
    const uint32_t (*row)[WR_PAIR_WORDS]; // the one above the window's own, that, and the one below
    int word;                             // the first that the window has
};

WR_PIXEL uint32_t at_pair(const struct wr_pair_window *in, int dx, int dy)
{
    return in->row[1 + dy][in->word + 1 + dx];
}

// The middle one of three is what the least and the largest leave of their sum.
WR_PIXEL uint32_t wr_middle_pair(uint32_t a, uint32_t b, uint32_t c)
{
    return a + b + c - __vimin3_u16x2(a, b, c) - __vimax3_u16x2(a, b, c);
}
#endif
