// SPDX-License-Identifier: MIT
// pad: the picture at a place of a larger one, a colour around it.
#pragma once

#include "kernels/pixel/pixel.h"

struct pad {
    int left, top;     // where the picture's first sample goes
    int width, height; // samples of the picture that are shown
    int fill;
};

#ifdef __CUDACC__
// Around the picture its edge is read, too: rather than branch, threads forget it.
WR_PIXEL void pad(const struct pad *p, const struct window *in, int count, int out[])
{
    for (int n = 0; n < count; n++) {
        const int x = in->x - p->left + n, y = in->y - p->top;
        const int is_seen = (unsigned)x < (unsigned)p->width && (unsigned)y < (unsigned)p->height;
        const int any = sample(in, wr_clamp(x, 0, width(in) - 1), wr_clamp(y, 0, height(in) - 1));
        out[n] = is_seen ? any : p->fill;
    }
}
#else
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
#endif

#define KERNELS(K) K(EACH, pad, struct pad, (WR_SAMPLE), WR_SAMPLE)
