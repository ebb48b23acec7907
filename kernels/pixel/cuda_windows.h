// SPDX-License-Identifier: MIT
// Part of cuda_loops.h. What a thread does in a block that begins at (left, top) for kernels that
// read windows: runs along rows, strips and windows down columns, and what a warp does together.
#pragma once

template <auto run, int most, typename type>
__device__ __forceinline__ void wr_put_run(const type *arguments, struct window *in,
                                           const struct wr_share *, int to, int left, int top)
{
    const int x = left + threadIdx.x * most, y = top + threadIdx.y;
    const int count = wr_min(in->pass->out[0].width - x, most);
    int out[most];
    if (count <= 0 || y >= in->pass->out[0].height)
        return;
    in->x = x;
    in->y = y;
    run(arguments, in, count, out);
    for (int n = 0; n < count; n++)
        wr_store(wr_out_row(in->pass, 0, y), to, x + n, out[n]);
}

// A whole row by each thread.
template <auto sweep, typename type>
__device__ __forceinline__ void wr_put_sweep(const type *arguments, struct window *in,
                                             const struct wr_share *, int storage, int, int top)
{
    const struct wr_pass_view *const pass = in->pass;
    in->y = top + threadIdx.x;
    if (in->y >= pass->out[0].height)
        return;
    const struct wr_sweep_rows to = {
        {wr_out_row(pass, 0, in->y), wr_out_row(pass, 1, in->y), wr_out_row(pass, 2, in->y)},
        {pass->out[0].pitch, pass->out[1].pitch, pass->out[2].pitch},
        storage};
    sweep(arguments, in, 1, &to);
}

template <auto strip, int most, typename type>
__device__ __forceinline__ void wr_put_strips(const type *arguments, struct window *in,
                                              const struct wr_share *share, int to, int left,
                                              int top)
{
    const int y = top + threadIdx.y * most, count = wr_min(in->pass->out[0].height - y, most);
    const int end = wr_min(left + share->columns, in->pass->out[0].width);
    for (int x = left + threadIdx.x; x < end && count > 0; x += WR_WARP) {
        int out[most];
        in->x = x;
        in->y = y;
        strip(arguments, in, count, out);
#pragma unroll
        for (int n = 0; n < most; n++)
            if (n < count)
                wr_store(wr_out_row(in->pass, 0, y + n), to, x, out[n]);
    }
}

// Strips in a block whose threads first get ready together.
template <auto prepare, auto strip, typename type>
__device__ __forceinline__ void wr_put_prepared(const type *arguments, struct window *in,
                                                const struct wr_share *share, int to, int left,
                                                int top)
{
    in->x = left;
    in->y = top;
    prepare(arguments, in);
    __syncthreads();
    wr_put_strips<strip, WR_STRIP>(arguments, in, share, to, left, top);
}

// A strip of windows. Where it is whole, loads of one element for several windows become one.
template <auto pixel, int most, typename type>
__device__ __forceinline__ void wr_put_windows(const type *arguments, struct window *in,
                                               const struct wr_share *share, int to, int left,
                                               int top)
{
    const int y = top + threadIdx.y * most, count = wr_min(in->pass->out[0].height - y, most);
    const int end = wr_min(left + share->columns, in->pass->out[0].width);
    for (int x = left + threadIdx.x; x < end; x += WR_WARP) {
        in->x = x;
        if (!in->clamped && count == most) {
            decltype(pixel(arguments, in)) out[most];
#pragma unroll
            for (int n = 0; n < most; n++) {
                in->y = y + n;
                out[n] = pixel(arguments, in);
            }
#pragma unroll
            for (int n = 0; n < most; n++)
                wr_store(wr_out_row(in->pass, 0, y + n), to, x, out[n]);
        } else {
#pragma unroll 1
            for (int n = 0; n < count; n++) {
                in->y = y + n;
                wr_store(wr_out_row(in->pass, 0, y + n), to, x, pixel(arguments, in));
            }
        }
    }
}

// A word of elements from column x of a row on, which repeats the picture's edge.
__device__ __forceinline__ uint32_t wr_edge_word(const unsigned char *row, int bytes, int x,
                                                 int right)
{
    const int storage = bytes == 1 ? WR_U8 : bytes == 2 ? WR_U16 : WR_I32;
    uint32_t word = 0;
#pragma unroll
    for (int n = 0; n < 4 / bytes; n++)
        word |= (uint32_t)wr_load(row, storage, wr_clamp(x + n, 0, right)) << 8 * bytes * n;
    return word;
}

// The rows of an input that the windows of a thread's samples reach, for the thread to hold.
template <int reach_x, int reach_y, int rows>
__device__ __forceinline__ void wr_hold_rows(const struct window *in, int n, int aligned,
                                             uint32_t *word)
{
    const int bytes = (int)wr_storage_bytes(in->storage[n]);
    const int beside = wr_words_beside(reach_x, bytes);
    const int words = WR_HELD_COLUMNS * bytes / 4 + 2 * beside;
    const int first = in->x - beside * 4 / bytes, end = first + words * 4 / bytes;
    const int right = in->pass->in[n].width - 1, bottom = in->pass->in[n].height - 1;
    const unsigned char *const own_row = wr_row(in, n, in->y), *row[rows + 2 * reach_y];
#pragma unroll
    for (int y = 0; y < rows + 2 * reach_y; y++) // so few bytes apart that an int holds them
        row[y] = own_row + wr_clamp(y - reach_y, -in->y, bottom - in->y) * (int)in->pitch[n];
    if (aligned && first >= 0 && end <= right + 1) {
#pragma unroll
        for (int y = 0; y < rows + 2 * reach_y; y++)
#pragma unroll
            for (int k = 0; k < words; k++)
                word[y * words + k] = ((const uint32_t *)(row[y] + first * bytes))[k];
    } else {
#pragma unroll
        for (int y = 0; y < rows + 2 * reach_y; y++)
#pragma unroll
            for (int k = 0; k < words; k++)
                word[y * words + k] = wr_edge_word(row[y], bytes, first + k * 4 / bytes, right);
    }
}

template <int reach_x, int reach_y, int rows, int inputs>
__device__ __forceinline__ void wr_hold_inputs(const struct window *in, int aligned,
                                               uint32_t (*word)[WR_OWN_WORDS])
{
    if constexpr (inputs > 1)
        wr_hold_inputs<reach_x, reach_y, rows, inputs - 1>(in, aligned, word);
    wr_hold_rows<reach_x, reach_y, rows>(in, inputs - 1, aligned, word[inputs - 1]);
}

// Windows and strips: the thread's next column of them, and all that a thread has where it holds
// nothing.
template <auto pixel> struct wr_windows_of {
    template <int rows, typename type>
    static __device__ __forceinline__ void column(const type *arguments, struct window *in,
                                                  struct wr_own *own, int *out)
    {
        const int y = in->y;
#pragma unroll
        for (int n = 0; n < rows; n++) {
            in->y = y + n;
            own->row = n;
            out[n] = pixel(arguments, in);
        }
        in->y = y;
    }

    template <int rows, typename type>
    static __device__ __forceinline__ void block(const type *arguments, struct window *in,
                                                 const struct wr_share *share, int to, int left,
                                                 int top)
    {
        wr_put_windows<pixel, rows>(arguments, in, share, to, left, top);
    }
};

template <auto strip> struct wr_strips_of {
    template <int rows, typename type>
    static __device__ __forceinline__ void column(const type *arguments, struct window *in,
                                                  struct wr_own *own, int *out)
    {
        own->row = 0;
        strip(arguments, in, rows, out);
    }

    template <int rows, typename type>
    static __device__ __forceinline__ void block(const type *arguments, struct window *in,
                                                 const struct wr_share *share, int to, int left,
                                                 int top)
    {
        wr_put_strips<strip, rows>(arguments, in, share, to, left, top);
    }
};

// Neighbouring columns by each thread, a strip of each. Rows below the picture are computed, and
// not stored.
template <typename windows, int reach_x, int reach_y, int inputs, int rows, typename type>
__device__ __forceinline__ void wr_put_held(const type *arguments, struct window *in,
                                            const struct wr_share *share, int to, int left, int top)
{
    const int x = left + WR_HELD_COLUMNS * threadIdx.x, y = top + rows * threadIdx.y;
    const int across = in->pass->out[0].width - x, down = in->pass->out[0].height - y;
    int out[rows][WR_HELD_COLUMNS][1];
    uint32_t word[WR_MAX_INPUTS][WR_OWN_WORDS];
    struct wr_own own;
    if (across <= 0 || down <= 0)
        return;
    own.columns = WR_HELD_COLUMNS;
    own.word = word;
    own.reach_x = in->reach_x = reach_x;
    own.reach_y = in->reach_y = reach_y;
    in->x = x;
    in->y = y;
    wr_hold_inputs<reach_x, reach_y, rows, inputs>(in, share->aligned, word);
    in->own = &own;
#pragma unroll
    for (int c = 0; c < WR_HELD_COLUMNS; c++) {
        int column[rows];
        in->x = x + c;
        own.column = c;
        windows::template column<rows>(arguments, in, &own, column);
#pragma unroll
        for (int n = 0; n < rows; n++)
            out[n][c][0] = column[n];
    }
    if (across >= WR_HELD_COLUMNS) {
#pragma unroll
        for (int n = 0; n < rows; n++)
            if (n < down)
                wr_store_row<WR_HELD_COLUMNS>(wr_out_row(in->pass, 0, y + n), to, x, out[n], 0);
    } else {
#pragma unroll
        for (int n = 0; n < rows; n++)
#pragma unroll
            for (int c = 0; c < WR_HELD_COLUMNS - 1; c++)
                if (n < down && c < across)
                    wr_store(wr_out_row(in->pass, 0, y + n), to, x + c, out[n][c][0]);
    }
}

// Windows that reach no farther than a constant, which threads hold in registers, and others.
template <typename windows, int reach_x, int reach_y, int inputs, int rows, typename type>
__device__ __forceinline__ void wr_put_near(const type *arguments, struct window *in,
                                            const struct wr_share *share, int to, int left, int top)
{
    if constexpr (reach_x > 0 || reach_y > 0)
        wr_put_held<windows, reach_x, reach_y, inputs, rows>(arguments, in, share, to, left, top);
    else
        windows::template block<rows>(arguments, in, share, to, left, top);
}

// Two neighbouring columns by each thread, a strip of both. The threads of a warp exchange what
// they have of their columns; those of the halo are computed for others only, and not stored.
template <auto warp, typename type>
__device__ __forceinline__ void wr_put_warps(const type *arguments, struct window *in,
                                             const struct wr_share *share, int to, int left,
                                             int top)
{
    const int end = wr_min(left + share->columns, in->pass->out[0].width);
    const int x = left - share->halo + 2 * threadIdx.x, y = top + threadIdx.y * WR_STRIP;
    const int count = wr_min(in->pass->out[0].height - y, WR_STRIP);
    int out[2][WR_STRIP];
    if (count <= 0)
        return;
    in->x = wr_min(x, in->clamped ? end - 1 : left + share->columns + share->halo - 2);
    in->y = y;
    warp(arguments, in, out);
#pragma unroll
    for (int n = 0; n < WR_STRIP; n++)
#pragma unroll
        for (int c = 0; c < 2; c++)
            if (n < count && x + c >= left && x + c < end)
                wr_store(wr_out_row(in->pass, 0, y + n), to, x + c, out[c][n]);
}
