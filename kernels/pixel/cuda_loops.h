// SPDX-License-Identifier: MIT
// Compiles the kernels of the header included before this one for CUDA: each block of threads
// computes a rectangle of the output, each layer of blocks a frame. CMake generates a .cu file for
// each header that defines WR_FAMILY and includes both.
//
// A thread computes several samples, and stores them when it has them all, so that what they read
// is on its way together. Where each sample needs its own position only, they are neighbours
// (cuda_vectors.h). Otherwise the threads of a warp stand side by side in a row: whatever the
// storage, they read consecutive elements, which fill sectors of global memory and lie in different
// banks of shared memory.
//
// Windows overlap. Small ones, of a constant reach, a thread holds in registers: it loads the words
// of four bytes that its samples reach, four columns of several rows, takes each element out of its
// word once for all windows it lies in, and stores what it computed by words (cuda_windows.h).
//
// For larger ones a block first copies whatever its samples can reach into shared memory, a tile
// for each input, repeating the picture's edge: each sample is loaded and clamped once, rather than
// once for each window it lies in. The kernel then sees the tiles as pictures that go on beyond
// their borders. Loads for each sample that is computed:
//
//                             no tiles   from the picture                 from the tile
//     5 x 5 (median)                25   132 x 36 / (128 x 32) = 1.16     5 x 8 / 4 = 10
//     reach 9 (bilateral)          254    82 x 82 /  (64 x 64) = 1.64     254
//     reach 10 (nlmeans)      <= 21953    78 x 84 /  (58 x 64) = 1.77     224 x 1.9 = 426
//
// Tiles are no larger than what every device gives every block unasked, since asking would be
// another call for each kernel. Windows too large for that are read from global memory.
#pragma once

#include <cuda_runtime.h>

#include "kernels/pixel/cuda_share.h"

#define WR_JOIN(a, b) a##_##b
#define WR_EXPAND(a, b) WR_JOIN(a, b)
#define WR_COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

// The arguments of a launch are read in place, not copied; devices before compute capability 7.0
// copy what is indexed.
#if defined __CUDA_ARCH__ && __CUDA_ARCH__ < 700
#define WR_HANDED_OVER const
#else
#define WR_HANDED_OVER const __grid_constant__
#endif

__device__ __forceinline__ void wr_store(unsigned char *row, int storage, int x, int value)
{
    if (storage == WR_U8)
        row[x] = (unsigned char)value;
    else if (storage == WR_U16)
        ((uint16_t *)row)[x] = (uint16_t)value;
    else if (storage == WR_I16)
        ((int16_t *)row)[x] = (int16_t)value;
    else
        ((int32_t *)row)[x] = value;
}

__device__ __forceinline__ void wr_store(unsigned char *row, int, int x, float value)
{
    ((float *)row)[x] = value;
}

__device__ __forceinline__ unsigned char *wr_out_row(const struct wr_pass_view *pass, int n, int y)
{
    return pass->out[n].data + blockIdx.z * pass->out[n].stride + y * pass->out[n].pitch;
}

__device__ __forceinline__ struct window wr_open_window(const struct wr_pass_view *pass,
                                                        const union wr_value *values,
                                                        const int *storage, int inputs, int wide)
{
    struct window window;
    window.pass = pass;
    for (int n = 0; n < inputs; n++) {
        window.plane[n] = pass->in[n].data + blockIdx.z * pass->in[n].stride;
        window.pitch[n] = pass->in[n].pitch;
        window.storage[n] = wr_storage_of(storage[n], wide);
    }
    window.reach_x = pass->reach_x;
    window.reach_y = pass->reach_y;
    window.span = pass->span;
    window.clamped = 1;
    window.own = NULL;
    window.values = values + pass->first_value;
    return window;
}

// The part of an input that a block can reach.
struct wr_tile {
    unsigned char *memory;
    int left, top, columns, rows, pitch;
};

// Outside the picture its edge is repeated. A pass may have fewer inputs than its kernel knows.
template <typename element>
__device__ __forceinline__ void wr_load_elements(const struct window *in, int n,
                                                 const struct wr_tile *tile)
{
    const int right = in->pass->in[n].width - 1, bottom = in->pass->in[n].height - 1;
    for (int y = threadIdx.y; y < tile->rows && in->pass->in[n].data; y += blockDim.y) {
        const unsigned char *const from = wr_row(in, n, wr_clamp(tile->top + y, 0, bottom));
        element *const to = (element *)(tile->memory + y * tile->pitch);
#pragma unroll 4
        for (int x = threadIdx.x; x < tile->columns; x += WR_WARP)
            to[x] = ((const element *)from)[wr_clamp(tile->left + x, 0, right)];
    }
}

// Where the tile's rows lie inside the picture's, whole words are loaded: with the first and the
// last element come some that nobody reads. Returns the bytes before the first element.
__device__ __forceinline__ int wr_load_words_of_tile(const struct window *in, int n,
                                                     const struct wr_tile *tile)
{
    const int bytes = (int)wr_storage_bytes(in->storage[n]), first = tile->left * bytes;
    const int before = first % (int)sizeof(uint32_t), bottom = in->pass->in[n].height - 1;
    const int words = (before + tile->columns * bytes + 3) / (int)sizeof(uint32_t);
    for (int y = threadIdx.y; y < tile->rows && in->pass->in[n].data; y += blockDim.y) {
        const unsigned char *const row = wr_row(in, n, wr_clamp(tile->top + y, 0, bottom));
        const uint32_t *const from = (const uint32_t *)(row + first - before);
        uint32_t *const to = (uint32_t *)(tile->memory + y * tile->pitch);
        for (int x = threadIdx.x; x < words; x += WR_WARP)
            to[x] = from[x];
    }
    return before;
}

// Returns the bytes before the first element.
__device__ __forceinline__ int wr_load_tile(const struct window *in, int n,
                                            const struct wr_tile *tile, int has_words)
{
    if (has_words && tile->left >= 0 && tile->left + tile->columns <= in->pass->in[n].width)
        return wr_load_words_of_tile(in, n, tile);
    if (in->storage[n] == WR_U8)
        wr_load_elements<uint8_t>(in, n, tile);
    else if (wr_storage_bytes(in->storage[n]) == 2)
        wr_load_elements<uint16_t>(in, n, tile);
    else
        wr_load_elements<int32_t>(in, n, tile);
    return 0;
}

// From now on the window of the block that begins at (left, top) sees the block's tiles.
__device__ __forceinline__ void wr_open_tiles(struct window *window, const struct wr_share *share,
                                              const int *storage, int inputs, int wide, int left,
                                              int top)
{
    extern __shared__ int32_t wr_shared[];
    const struct wr_pass_view *const pass = window->pass;
    struct wr_tile tile = {(unsigned char *)wr_shared, left - pass->reach_x, top - pass->reach_y,
                           share->columns + 2 * pass->reach_x, wr_tile_rows(pass, share->rows)};
    for (int n = 0; n < inputs; n++) {
        tile.pitch = wr_tile_pitch(pass, share->columns, storage[n], wide);
        const int before = wr_load_tile(window, n, &tile, share->has_words);
        window->plane[n] = tile.memory + before - (ptrdiff_t)tile.top * tile.pitch -
                           (ptrdiff_t)tile.left * (ptrdiff_t)wr_storage_bytes(window->storage[n]);
        window->pitch[n] = tile.pitch;
        tile.memory += tile.rows * tile.pitch;
    }
    window->clamped = 0;
    __syncthreads();
}

#include "kernels/pixel/cuda_vectors.h"
#include "kernels/pixel/cuda_squares.h"

// What a thread does in a block that begins at (left, top), for each form. Beyond the picture's
// edge it computes the edge's sample again and drops it: with a branch around each sample it could
// not read for several at once.
template <auto pixel, int across, typename type>
__device__ __forceinline__ void wr_put_pixels(const type *arguments, struct window *in,
                                              const struct wr_share *, int to, int left, int top)
{
    const int x = left + threadIdx.x, y = top + threadIdx.y, right = in->pass->out[0].width - 1;
    decltype(pixel(arguments, in)) out[across];
    if (y >= in->pass->out[0].height)
        return;
    in->y = y;
#pragma unroll
    for (int n = 0; n < across; n++) {
        in->x = wr_min(x + n * WR_WARP, right);
        out[n] = pixel(arguments, in);
    }
#pragma unroll
    for (int n = 0; n < across; n++)
        if (x + n * WR_WARP <= right)
            wr_store(wr_out_row(in->pass, 0, y), to, x + n * WR_WARP, out[n]);
}

#include "kernels/pixel/cuda_windows.h"
#include "kernels/pixel/cuda_pairs.h"

#define WR_PUT_NEIGHBOURS(name, ...)                                                               \
    wr_put_neighbours<__VA_ARGS__, name##_shape.across, WR_COUNT(storage)>
#define WR_PUT_PIXELS(name) wr_put_pixels<name, name##_shape.across>
#define WR_PUT_VECTORS(name) WR_PUT_NEIGHBOURS(name, wr_put_one<name>)
#define WR_PUT_EACH(name) WR_PUT_NEIGHBOURS(name, wr_put_each<name>)
#define WR_PUT_MOVES(name) WR_PUT_NEIGHBOURS(name, wr_put_moved<name##_source, name##_beside>)
#define WR_PUT_SUMS(name) WR_PUT_PIXELS(name)
#define WR_PUT_SQUARES(name) wr_put_square<name, name##_source>
#define WR_PUT_COLORS(name) WR_PUT_NEIGHBOURS(name, wr_put_color<name>)
#define WR_PUT_SPLITS(name) WR_PUT_NEIGHBOURS(name, wr_put_split<name, name##_rest>)
#define WR_PUT_RUNS(name) wr_put_run<name, name##_shape.across>
#define WR_PUT_SWEEPS(name) wr_put_sweep<name>
#define WR_PUT_WINDOWS(name) wr_put_windows<name, name##_shape.down>
#define WR_PUT_STRIPS(name) wr_put_strips<name##_strip, name##_shape.down>
#define WR_PUT_PREPARED(name) wr_put_prepared<name##_prepare, name##_strip>
#define WR_PUT_NEAR(name, windows)                                                                 \
    wr_put_near<windows, name##_shape.held_x ? way - WR_TILES : 0,                                 \
                name##_shape.held_y ? way - WR_TILES : 0, WR_COUNT(storage), name##_shape.down>
#define WR_PUT_ACROSS(name) WR_PUT_NEAR(name, wr_windows_of<name>)
#define WR_PUT_DOWN(name) WR_PUT_ACROSS(name)
#define WR_PUT_AROUND(name) WR_PUT_ACROSS(name)
#define WR_PUT_PAIRS(name) wr_put_near_pairs<name, name##_pair, (way > WR_TILES), name##_shape.down>
#define WR_PUT_STRIPS_ACROSS(name) WR_PUT_NEAR(name, wr_strips_of<name##_strip>)
#define WR_PUT_STRIPS_DOWN(name) WR_PUT_STRIPS_ACROSS(name)
#define WR_PUT_WARPS(name) wr_put_warps<name##_warp>

#define WR_SHAPE_PIXELS(name) WR_LIST(8, 4, 4, 1, false)
#define WR_SHAPE_VECTORS(name) WR_LIST(8, 4, 16, 1, false)
#define WR_SHAPE_EACH(name) WR_LIST(8, 2, 16, 1, false)
#define WR_SHAPE_MOVES(name) WR_SHAPE_VECTORS(name)
#define WR_SHAPE_SUMS(name) WR_LIST(8, 4, 1, 1, false)
#define WR_SHAPE_SQUARES(name)                                                                     \
    WR_LIST(WR_SIDE_THREADS / WR_WARP, 8, WR_SIDE / WR_WARP, WR_SIDE * WR_WARP / WR_SIDE_THREADS,  \
            false)
#define WR_SHAPE_COLORS(name) WR_LIST(8, 4, 4, 1, false)
#define WR_SHAPE_SPLITS(name) WR_SHAPE_COLORS(name)
#define WR_SHAPE_RUNS(name) WR_LIST(8, 4, name##_run, 1, false)
#define WR_SHAPE_SWEEPS(name) WR_LIST(1, 4, 0, WR_WARP, false)
#define WR_SHAPE_WINDOWS(name) WR_LIST(8, 4, 4, 4, true)
#define WR_SHAPE_ACROSS(name) WR_LIST(8, 4, 4, WR_STRIP, true, name##_near, 0)
#define WR_SHAPE_DOWN(name) WR_LIST(8, 4, 4, WR_STRIP, true, 0, name##_near)
#define WR_SHAPE_AROUND(name) WR_LIST(8, 4, 4, 4, true, 1, 1)
#define WR_SHAPE_PAIRS(name) WR_LIST(8, 4, 4, WR_STRIP, true, 1, 1)
#define WR_SHAPE_STRIPS(name) WR_LIST(8, 3, 2, WR_STRIP, true)
#define WR_SHAPE_STRIPS_ACROSS(name) WR_LIST(8, 3, 2, WR_STRIP, true, name##_near, 0)
#define WR_SHAPE_STRIPS_DOWN(name) WR_LIST(8, 3, 2, WR_STRIP, true, 0, name##_near)
#define WR_SHAPE_PREPARED(name) WR_LIST(8, 2, WR_PREPARED / WR_WARP, WR_STRIP, false)
#define WR_SHAPE_WARPS(name) WR_LIST(8, 2, 2, WR_STRIP, true)

// How many columns more on either side a block computes, for its own threads only. A header whose
// kernels need some has a function of that name for its arguments.
template <typename type> static inline int wr_halo(const type *)
{
    return 0;
}

#define WR_LIST(...)                                                                               \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

#define WR_CUDA_KERNEL(form, ...) WR_CUDA_KERNEL_OF(WR_FORM_##form, __VA_ARGS__)
#define WR_CUDA_KERNEL_OF(...) WR_CUDA_KERNEL_BY(__VA_ARGS__)
#define WR_CUDA_KERNEL_BY(reads, writes, cpu, cuda, name, type, inputs, output)                    \
    static constexpr struct wr_shape name##_shape = WR_SHAPE_##cuda(name);                         \
    template <int wide, int way>                                                                   \
    static __global__ void __launch_bounds__(WR_WARP *name##_shape.threads,                        \
                                             wr_blocks(&name##_shape, way))                        \
        name##_pixels(WR_HANDED_OVER struct wr_pass_view pass, WR_HANDED_OVER type arguments,      \
                      const struct wr_share share)                                                 \
    {                                                                                              \
        const union wr_value *values = pass.values + blockIdx.z * pass.value_count;                \
        if (pass.when >= 0 && !values[pass.when].integer)                                          \
            return;                                                                                \
        const int storage[] = WR_LIST inputs;                                                      \
        const int left = blockIdx.x * share.columns, top = blockIdx.y * share.rows;                \
        struct window window = wr_open_window(&pass, values, storage, WR_COUNT(storage), wide);    \
        if (way == WR_TILES)                                                                       \
            wr_open_tiles(&window, &share, storage, WR_COUNT(storage), wide, left, top);           \
        WR_PUT_##cuda(name)(&arguments, &window, &share, wr_storage_of(output, wide), left, top);  \
    }                                                                                              \
    template <int wide, int most> static auto name##_for(int way)                                  \
    {                                                                                              \
        if constexpr (most > 0)                                                                    \
            return way == most ? name##_pixels<wide, most> : name##_for<wide, most - 1>(way);      \
        else                                                                                       \
            return name##_pixels<wide, 0>;                                                         \
    }                                                                                              \
    static int name##_launch(const struct wr_pass_view *pass, const void *arguments, int wide,     \
                             int frames, struct CUstream_st *stream)                               \
    {                                                                                              \
        const int storage[] = WR_LIST inputs;                                                      \
        constexpr struct wr_shape shape = name##_shape;                                            \
        const int halo = wr_halo((const type *)arguments);                                         \
        const struct wr_share share =                                                              \
            wr_share_out(&shape, pass, storage, WR_COUNT(storage), wide, halo);                    \
        const dim3 block(WR_WARP, shape.threads);                                                  \
        const dim3 grid((pass->out[0].width + share.columns - 1) / share.columns,                  \
                        (pass->out[0].height + share.rows - 1) / share.rows, frames);              \
        auto *const pixels = wide ? name##_for<1, wr_ways(&shape)>(share.way)                      \
                                  : name##_for<0, wr_ways(&shape)>(share.way);                     \
        pixels<<<grid, block, share.shared, stream>>>(*pass, *(const type *)arguments, share);     \
        return cudaGetLastError();                                                                 \
    }
#define WR_CUDA_ENTRY(form, name, type, inputs, output) {&wr_##name##_kernel, name##_launch},

KERNELS(WR_CUDA_KERNEL)
WR_DECLARE_KERNELS

extern "C" const struct wr_cuda_kernel WR_EXPAND(wr_cuda,
                                                 WR_FAMILY)[] = {KERNELS(WR_CUDA_ENTRY){0, 0}};
