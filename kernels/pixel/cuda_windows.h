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
