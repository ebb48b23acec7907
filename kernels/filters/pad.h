// SPDX-License-Identifier: MIT
// pad: the picture at a place of a larger one, a colour around it.
#pragma once

#include "kernels/pixel/pixel.h"

struct pad {
    int left, top;     // where the picture's first sample goes
    int width, height; // samples of the picture that are shown
    int fill;
};

WR_PIXEL int pad_source(const struct pad *p, const struct window *in, int count, int *x, int *y)
{
    *x = in->x - p->left;
    *y = in->y - p->top;
    const int shown = wr_min(*x + count, p->width) - wr_max(*x, 0);
    return (unsigned)*y < (unsigned)p->height ? wr_max(shown, 0) : 0;
}

WR_PIXEL int pad_beside(const struct pad *p)
{
    return p->fill;
}

WR_PIXEL void pad(const struct pad *p, const struct window *in, int count, int out[])
{
    int x, y;
    const int shown = pad_source(p, in, count, &x, &y);
    const int from = shown ? wr_max(-x, 0) : count;
    for (int n = 0; n < from; n++)
        out[n] = p->fill;
    for (int n = from; n < from + shown; n++)
        out[n] = sample(in, x + n, y);
    for (int n = from + shown; n < count; n++)
        out[n] = p->fill;
}

#define KERNELS(K) K(MOVE, pad, struct pad, (WR_SAMPLE), WR_SAMPLE)
