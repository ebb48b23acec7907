// SPDX-License-Identifier: MIT
// hflip: left becomes right.
#pragma once

#include "kernels/pixel/pixel.h"

struct hflip {
    int unused;
};

WR_PIXEL int hflip(const struct hflip *arguments, const struct window *in)
{
    (void)arguments;
    return sample(in, width(in) - 1 - in->x, in->y);
}

#define KERNELS(K) K(POINT, hflip, struct hflip, (WR_SAMPLE), WR_SAMPLE)
