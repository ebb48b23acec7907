// SPDX-License-Identifier: MIT
// Chooses between two planes, frame by frame: the first where the frame's number is not 0.
#pragma once

#include "kernels/pixel/pixel.h"

struct select {
    int unused;
};

WR_PIXEL int select_plane(const struct select *arguments, const struct window *in)
{
    (void)arguments;
    return frame_int(in, 0) ? at_of(in, 0, 0, 0) : at_of(in, 1, 0, 0);
}

#define KERNELS(K) K(POINT, select_plane, struct select, (WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)
