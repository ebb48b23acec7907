// SPDX-License-Identifier: MIT
// Part of cuda_loops.h: which samples a block of threads computes, how its threads read windows,
// and what a launch needs for that.
#pragma once

#include "kernels/pixel/cuda.h"

enum { WR_WARP = 32, WR_SHARED_BYTES = 48 << 10, WR_HELD_COLUMNS = 4 };

// How a kernel's form shares out the picture.
struct wr_shape {
    int threads;        // rows of them in a block
    int blocks;         // that a multiprocessor must have registers for
    int across, down;   // columns and rows of samples that a thread computes; across 0: whole rows
    bool tiled;         // whether blocks have tiles; they are narrower where those would not fit
    int held_x, held_y; // the largest reach of windows that threads hold instead, 0: none
};

// How threads read a window: from the picture, from their block's tiles, or from registers. Those
// have a constant reach, by which their way is above WR_TILES.
enum { WR_PICTURE, WR_TILES };

// What one block computes; how many columns more on either side, which are not stored; the bytes
// its tiles take of shared memory, 0: it has none; whether samples side by side may be loaded at
// once; whether words of four bytes may be; how its threads read windows.
struct wr_share {
    int columns, rows, halo;
    unsigned shared;
    int aligned, has_words, way;
};

// The last of the ways that a kernel's threads read windows.
static constexpr int wr_ways(const struct wr_shape *shape)
{
    return shape->held_x ? WR_TILES + shape->held_x : shape->tiled + shape->held_y;
}

// Windows in registers leave room for fewer threads.
static constexpr int wr_blocks(const struct wr_shape *shape, int way)
{
    return way > WR_TILES ? 2 : shape->blocks;
}

// The reach of windows that threads hold, 0: they do not.
static inline int wr_held_reach(const struct wr_shape *shape, const struct wr_pass_view *pass)
{
    const int x = pass->reach_x, y = pass->reach_y, reach = x > y ? x : y;
    const bool fits_x = x == (shape->held_x ? reach : 0) && x <= shape->held_x;
    const bool fits_y = y == (shape->held_y ? reach : 0) && y <= shape->held_y;
    return fits_x && fits_y ? reach : 0;
}

// Bytes from row to row of a tile, a multiple of any element's. A row of words has up to three
// bytes before its first element.
__host__ __device__ __forceinline__ int wr_tile_pitch(const struct wr_pass_view *pass, int columns,
                                                      int storage, int wide)
{
    return ((columns + 2 * pass->reach_x) * (int)wr_storage_bytes(wr_storage_of(storage, wide)) +
            6) /
           4 * 4;
}

__host__ __device__ __forceinline__ int wr_tile_rows(const struct wr_pass_view *pass, int rows)
{
    return rows + 2 * pass->reach_y;
}

// What the rows of all inputs begin at a multiple of, if that is a power of two.
static inline bool wr_rows_begin_at(const struct wr_pass_view *pass, int inputs, uintptr_t bytes)
{
    uintptr_t places = 0;
    for (int n = 0; n < inputs; n++) {
        const struct wr_view *in = &pass->in[n];
        places |= (uintptr_t)in->data | (uintptr_t)in->pitch | (uintptr_t)in->stride;
    }
    return places % bytes == 0;
}

// Whether threads that compute `count` neighbouring samples may load those of all inputs at once,
// or 16 bytes of them.
static inline bool wr_is_aligned(const struct wr_pass_view *pass, const int *storage, int inputs,
                                 int wide, int count)
{
    uintptr_t bytes = 1;
    for (int n = 0; n < inputs; n++) {
        const uintptr_t all = (uintptr_t)count * wr_storage_bytes(wr_storage_of(storage[n], wide));
        bytes = all > bytes ? all : bytes;
    }
    return wr_rows_begin_at(pass, inputs, bytes < 16 ? bytes : 16);
}

// Where threads hold windows, each has WR_HELD_COLUMNS. A block with tiles is as wide as they
// allow; where not even those of one warp fit, it has none, and no halo.
static inline struct wr_share wr_share_out(const struct wr_shape *shape,
                                           const struct wr_pass_view *pass, const int *storage,
                                           int inputs, int wide, int halo)
{
    const int held = wr_held_reach(shape, pass);
    const int across = held ? WR_HELD_COLUMNS : shape->across;
    const int rows = shape->threads * shape->down;
    const int aligned = wr_is_aligned(pass, storage, inputs, wide, across);
    const int has_words = wr_rows_begin_at(pass, inputs, sizeof(uint32_t));
    if (held)
        return {WR_WARP * across, rows, 0, 0, aligned, has_words, WR_TILES + held};
    for (int all = WR_WARP * shape->across; shape->tiled && all >= WR_WARP; all /= 2) {
        const int columns = all - 2 * halo;
        int64_t bytes = 0;
        for (int n = 0; n < inputs; n++)
            bytes +=
                (int64_t)wr_tile_pitch(pass, columns, storage[n], wide) * wr_tile_rows(pass, rows);
        if (bytes <= WR_SHARED_BYTES)
            return {columns, rows, halo, (unsigned)bytes, aligned, has_words, WR_TILES};
    }
    const int columns = shape->across ? WR_WARP * shape->across : pass->out[0].width;
    return {columns, rows, 0, 0, aligned, has_words, WR_PICTURE};
}
