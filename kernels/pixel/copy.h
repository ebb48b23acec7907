// SPDX-License-Identifier: MIT
// Copies a plane: for planes that no filter touched.
#pragma once

#include "kernels/pixel/pixel.h"

struct copy {
    int unused;
};

WR_PIXEL int copy(const struct copy *arguments, const struct window *in)
{
    (void)arguments;
    return at(in, 0, 0);
}

#define KERNELS(K) K(POINT, copy, struct copy, (WR_SAMPLE), WR_SAMPLE)
