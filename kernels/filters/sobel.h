// SPDX-License-Identifier: MIT
// sobel: how steep the picture is at each sample, in floats as in FFmpeg's vf_convolution.
#pragma once

#include <math.h>

#include "kernels/pixel/pixel.h"

struct sobel {
    float scale, delta;
    int max; // largest sample value
};

WR_PIXEL int sobel(const struct sobel *p, const struct window *in)
{
    const int top = at(in, -1, -1) + 2 * at(in, 0, -1) + at(in, 1, -1);
    const int bottom = at(in, -1, 1) + 2 * at(in, 0, 1) + at(in, 1, 1);
    const int left = at(in, -1, -1) + 2 * at(in, -1, 0) + at(in, -1, 1);
    const int right = at(in, 1, -1) + 2 * at(in, 1, 0) + at(in, 1, 1);
    const float down = (float)(bottom - top), across = (float)(right - left);
    const float steepness = sqrtf(down * down + across * across) * p->scale + p->delta;
    return (int)wr_clamp_float(steepness, 0.0f, (float)p->max);
}

#define KERNELS(K) K(AROUND, sobel, struct sobel, (WR_SAMPLE), WR_SAMPLE)
