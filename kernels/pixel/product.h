// SPDX-License-Identifier: MIT
// Fractions in 16 bits.
#pragma once

#include "kernels/pixel/pixel.h"

// a * b / 32768, rounded to the nearest, halves upwards; both fit 16 bits, and so must the result.
// Vectors have one instruction for that, but for those of the oldest processors: these are given
// the two halves of the product, which they can compute in 16 bits.
WR_PIXEL int wr_product(int a, int b)
{
#if defined __SSE2__ && !defined __SSSE3__ && !defined __CUDACC__
    const uint16_t low = (uint16_t)(a * b);
    const int16_t high = (int16_t)(a * b >> 16);
    return (int16_t)(high + high + (uint16_t)((low >> 14) + 1) / 2);
#else
    return ((a * b >> 14) + 1) >> 1;
#endif
}
