// SPDX-License-Identifier: MIT
// cas: contrast adaptive sharpening. Sharpens most where the surroundings leave room between the
// darkest sample and 0 and between the brightest and white (AMD FidelityFX CAS), as FFmpeg's
// vf_cas.
#pragma once

#include <math.h>

#include "kernels/pixel/pixel.h"

struct cas {
    float strength; // weight of the four neighbours where there is most room is 1 / strength
    int max;        // largest sample value
};

WR_PIXEL int cas_least(int a, int b)
{
    return a < b ? a : b;
}

WR_PIXEL int cas_most(int a, int b)
{
    return a > b ? a : b;
}

WR_PIXEL int cas(const struct cas *p, const struct window *in)
{
    const int above = at(in, 0, -1), left = at(in, -1, 0), here = at(in, 0, 0);
    const int right = at(in, 1, 0), below = at(in, 0, 1);
    const int a = at(in, -1, -1), c = at(in, 1, -1), g = at(in, -1, 1), i = at(in, 1, 1);
    // Of the cross and of the square, added up.
    const int low = cas_least(cas_least(cas_least(left, here), cas_least(right, above)), below);
    const int high = cas_most(cas_most(cas_most(left, here), cas_most(right, above)), below);
    const int lowest = low + cas_least(cas_least(cas_least(a, c), cas_least(g, i)), low);
    const int highest = high + cas_most(cas_most(cas_most(a, c), cas_most(g, i)), high);
    const int room = cas_least(lowest, 2 * p->max + 1 - highest);
    // Nothing is brighter than 0: then there is nothing to sharpen, and nothing to divide by.
    const float amount =
        sqrtf(wr_clamp_float((float)room / (float)cas_most(highest, 1), 0.0f, 1.0f));
    const float weight = amount / p->strength;
    const float sharpened =
        ((float)(above + left + right + below) * weight + (float)here) / (1.0f + 4.0f * weight);
    return (int)wr_clamp_float(sharpened, 0.0f, (float)p->max);
}

#define KERNELS(K) K(AROUND, cas, struct cas, (WR_SAMPLE), WR_SAMPLE)
