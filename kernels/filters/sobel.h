// SPDX-License-Identifier: MIT
// sobel: how steep the picture is at each sample, in floats as in FFmpeg's vf_convolution. Bytes
// that are neither scaled nor shifted have a kernel of their own, for CUDA.
#pragma once

#include <math.h>

#include "kernels/pixel/pairs.h"
#include "kernels/pixel/pixel.h"

struct sobel {
    float scale, delta;
    int max; // largest sample value
};

WR_PIXEL float sobel_steepness(const struct window *in)
{
    const int top = at(in, -1, -1) + 2 * at(in, 0, -1) + at(in, 1, -1);
    const int bottom = at(in, -1, 1) + 2 * at(in, 0, 1) + at(in, 1, 1);
    const int left = at(in, -1, -1) + 2 * at(in, -1, 0) + at(in, -1, 1);
    const int right = at(in, 1, -1) + 2 * at(in, 1, 0) + at(in, 1, 1);
    const float down = (float)(bottom - top), across = (float)(right - left);
    return sqrtf(down * down + across * across);
}

WR_PIXEL int sobel(const struct sobel *p, const struct window *in)
{
    const float steepness = sobel_steepness(in) * p->scale + p->delta;
    return (int)wr_clamp_float(steepness, 0.0f, (float)p->max);
}

WR_PIXEL int sobel_bytes(const struct sobel *p, const struct window *in)
{
    return (int)wr_clamp_float(sobel_steepness(in), 0.0f, (float)p->max);
}

#ifdef __CUDACC__
// Differences of up to 1020 become positive by adding 1024, and floats by standing in the last bits
// of 2^23. What the root is rounded down to need not be known exactly: between n and n + 1/2 there
// is no other square, and the root of n + 1/2 is about 1/1024 or more away from integers up to 256.
// It is made an integer by rounding it, less 1/2, to the last bit of 2^23.
#define SOBEL_POSITIVE 0x04000400u

WR_PIXEL uint32_t sobel_root(uint32_t down, uint32_t across, unsigned half)
{
    const float none = 8388608.0f + 1024.0f;
    const float y = __uint_as_float(__byte_perm(down, 0x4b000000, half)) - none;
    const float x = __uint_as_float(__byte_perm(across, 0x4b000000, half)) - none;
    float root;
    asm("sqrt.approx.ftz.f32 %0, %1;" : "=f"(root) : "f"(fmaf(x, x, fmaf(y, y, 0.5f))));
    return __float_as_uint(root + 8388607.5f);
}

// Of a column: its weighted sum, and how much more there is below than above, plus 256.
WR_PIXEL uint32_t sobel_sum(const struct wr_pair_window *in, int dx)
{
    return at_pair(in, dx, -1) + 2 * at_pair(in, dx, 0) + at_pair(in, dx, 1);
}

WR_PIXEL uint32_t sobel_down(const struct wr_pair_window *in, int dx)
{
    return at_pair(in, dx, 1) - at_pair(in, dx, -1) + SOBEL_POSITIVE / 4;
}

WR_PIXEL uint32_t sobel_bytes_pair(const struct sobel *, const struct wr_pair_window *in)
{
    const uint32_t down = sobel_down(in, -1) + 2 * sobel_down(in, 0) + sobel_down(in, 1);
    const uint32_t across = sobel_sum(in, 1) - sobel_sum(in, -1) + SOBEL_POSITIVE;
    const uint32_t first = sobel_root(down, across, 0x7610);
    const uint32_t second = sobel_root(down, across, 0x7632);
    return __vminu2(__byte_perm(first, second, 0x5410), 0x00ff00ff);
}
#endif

#define KERNELS(K)                                                                                 \
    K(AROUND, sobel, struct sobel, (WR_SAMPLE), WR_SAMPLE)                                         \
    K(PAIRS, sobel_bytes, struct sobel, (WR_U8), WR_SAMPLE)
