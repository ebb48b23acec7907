// SPDX-License-Identifier: MIT
// vflip: top becomes bottom.
#pragma once

#include "kernels/pixel.h"

struct vflip {
    int unused;
};

WR_PIXEL int vflip(const struct vflip *arguments, const struct window *in)
{
    (void)arguments;
    return sample(in, in->x, height(in) - 1 - in->y);
}

#define KERNELS(K) K(POINT, vflip, struct vflip, (WR_SAMPLE), WR_SAMPLE)
