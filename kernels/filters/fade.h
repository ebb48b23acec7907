// SPDX-License-Identifier: MIT
// fade: between a colour and the picture, in 16 bits of fixed point.
#pragma once

#include "kernels/pixel/pixel.h"

struct fade {
    uint32_t color;
    uint32_t half; // added before the shift, for rounding
};

enum { FADE_ONE = 65536 }; // the frame's number when nothing but the picture is seen

// Number 0: how much of the picture is seen. All terms together stay below 2^32.
WR_PIXEL int fade(const struct fade *p, const struct window *in)
{
    const uint32_t seen = (uint32_t)frame_int(in, 0);
    const uint32_t rest = p->color * (FADE_ONE - seen) + p->half;
    return (int)(((uint32_t)at(in, 0, 0) * seen + rest) >> 16);
}

#define KERNELS(K) K(POINT, fade, struct fade, (WR_SAMPLE), WR_SAMPLE)
