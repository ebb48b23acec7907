// SPDX-License-Identifier: MIT
// pad: the picture at a place of a larger one, a colour around it.
#pragma once

#include "kernels/pixel/pixel.h"

struct pad {
    int left, top;     // where the picture's first sample goes
    int width, height; // samples of the picture that are shown
    int fill;
};

enum { pad_run = 1 };

WR_PIXEL void pad(const struct pad *p, const struct window *in, int count, int out[])
{
    const int above_or_below = in->y < p->top || in->y >= p->top + p->height;
    const int from = above_or_below ? count : wr_clamp(p->left - in->x, 0, count);
    const int to = above_or_below ? count : wr_clamp(p->left + p->width - in->x, from, count);
    for (int n = 0; n < from; n++)
        out[n] = p->fill;
    for (int n = from; n < to; n++)
        out[n] = sample(in, in->x - p->left + n, in->y - p->top);
    for (int n = to; n < count; n++)
        out[n] = p->fill;
}

#define KERNELS(K) K(RUN, pad, struct pad, (WR_SAMPLE), WR_SAMPLE)
