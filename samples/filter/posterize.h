// SPDX-License-Identifier: MIT
// posterize: a filter to copy. The pixel function, for the CPU and CUDA alike.
#pragma once

#include "kernels/pixel/pixel.h"

// What the pixel function needs; lower() fills it in.
struct posterize {
    int step; // distance between the values that stay
    int max;  // largest sample value
};

// One sample of the output from the same place of the input. at(in, dx, dy) would read a neighbour:
// then the form below is WINDOW, and lower() sets the pass's reach_x and reach_y.
WR_PIXEL int posterize(const struct posterize *p, const struct window *in)
{
    const int value = at(in, 0, 0) / p->step * p->step + p->step / 2;
    return wr_clamp(value, 0, p->max);
}

#define KERNELS(K) K(POINT, posterize, struct posterize, (WR_SAMPLE), WR_SAMPLE)
