// SPDX-License-Identifier: MIT
// Part of cuda_loops.h. Windows of a reach of 1 by threads that hold pairs of samples.
#pragma once

#include "kernels/pixel/pairs.h"

// A row of pairs from the words that hold it in memory, one more on either side.
__device__ __forceinline__ void wr_take_pairs(const uint32_t *word, int bytes, uint32_t *pair)
{
    if (bytes == 1) {
        pair[0] = __byte_perm(word[0], word[1], 0x3533) & 0x00ff00ff;
        pair[1] = word[1] & 0x00ff00ff;
        pair[2] = word[1] >> 8 & 0x00ff00ff;
        pair[3] = __byte_perm(word[1], word[2], 0x4442) & 0x00ff00ff;
    } else {
        pair[0] = __byte_perm(word[0], word[1], 0x7632);
        pair[1] = __byte_perm(word[1], word[2], 0x5410);
        pair[2] = __byte_perm(word[1], word[2], 0x7632);
        pair[3] = __byte_perm(word[2], word[3], 0x5410);
    }
}

__device__ __forceinline__ void wr_store_pairs(unsigned char *row, int storage, int x, int across,
                                               uint32_t even, uint32_t odd)
{
    if (across < WR_HELD_COLUMNS) {
        wr_store(row, storage, x, (int)(even & 0xffff));
        if (across > 1)
            wr_store(row, storage, x + 1, (int)(odd & 0xffff));
        if (across > 2)
            wr_store(row, storage, x + 2, (int)(even >> 16));
    } else if (storage == WR_U8) {
        const uint32_t word[] = {__byte_perm(even, odd, 0x6240)};
        wr_store_words<1>(row + x, word);
    } else {
        const uint32_t word[] = {__byte_perm(even, odd, 0x5410), __byte_perm(even, odd, 0x7632)};
        wr_store_words<2>(row + 2 * x, word);
    }
}

// What a thread does in a block that begins at (left, top): four columns of `rows` rows. Rows below
// the picture are computed, and not stored.
template <auto pair, int rows, typename type>
__device__ __forceinline__ void wr_put_pairs(const type *arguments, struct window *in,
                                             const struct wr_share *share, int to, int left,
                                             int top)
{
    const int bytes = (int)wr_storage_bytes(in->storage[0]);
    const int words = WR_HELD_COLUMNS * bytes / 4 + 2;
    const int x = left + WR_HELD_COLUMNS * threadIdx.x, y = top + rows * threadIdx.y;
    const int across = in->pass->out[0].width - x, down = in->pass->out[0].height - y;
    uint32_t word[WR_OWN_WORDS], row[rows + 2][WR_PAIR_WORDS];
    if (across <= 0 || down <= 0)
        return;
    in->x = x;
    in->y = y;
    wr_hold_rows<1, 1, rows>(in, 0, share->aligned, word);
#pragma unroll
    for (int n = 0; n < rows + 2; n++)
        wr_take_pairs(word + n * words, bytes, row[n]);
#pragma unroll
    for (int n = 0; n < rows; n++) {
        const struct wr_pair_window even = {&row[n], 0}, odd = {&row[n], 1};
        const uint32_t even_pair = pair(arguments, &even), odd_pair = pair(arguments, &odd);
        if (n < down)
            wr_store_pairs(wr_out_row(in->pass, 0, y + n), to, x, across, even_pair, odd_pair);
    }
}

// By pairs where the thread holds its windows, as wr_held_reach() says.
template <auto pixel, auto pair, bool held, int rows, typename type>
__device__ __forceinline__ void wr_put_near_pairs(const type *arguments, struct window *in,
                                                  const struct wr_share *share, int to, int left,
                                                  int top)
{
    if constexpr (held)
        wr_put_pairs<pair, rows>(arguments, in, share, to, left, top);
    else
        wr_put_windows<pixel, rows>(arguments, in, share, to, left, top);
}
