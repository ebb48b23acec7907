// SPDX-License-Identifier: MIT
// Copies a plane: for planes that no filter touched.
#pragma once

#include "kernels/pixel/pixel.h"

struct copy_plane {
    int unused;
};

WR_PIXEL int copy_plane(const struct copy_plane *arguments, const struct window *in)
{
    (void)arguments;
    return at(in, 0, 0);
}

#define KERNELS(K) K(POINT, copy_plane, struct copy_plane, (WR_SAMPLE), WR_SAMPLE)
