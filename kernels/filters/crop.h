// SPDX-License-Identifier: MIT
// crop: copies a rectangle that lies elsewhere in every frame.
#pragma once

#include "kernels/pixel/pixel.h"

struct crop {
    int unused;
};

// Numbers 0 and 1: the rectangle's left column and top row.
WR_PIXEL int crop(const struct crop *arguments, const struct window *in)
{
    (void)arguments;
    return sample(in, in->x + frame_int(in, 0), in->y + frame_int(in, 1));
}

#define KERNELS(K) K(POINT, crop, struct crop, (WR_SAMPLE), WR_SAMPLE)
