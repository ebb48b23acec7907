// SPDX-License-Identifier: MIT
// gblur: a Gaussian along rows and then along columns.
//
// Weights are 16.16 fixed point and add up to exactly one; what rows hand to columns has 16 bits,
// whatever the depth. So all sums fit 32 bits and are exact until they are rounded.
#pragma once

#include "kernels/pixel.h"

struct gblur {
    int bits; // that a sum is shifted down by
};

// Table 0: the weights of both sides, 2 * reach + 1 of them.
WR_PIXEL uint32_t gblur_weight(const struct window *in, int n)
{
    return (uint32_t)int_table(in, 0)[n];
}

WR_PIXEL int gblur_rounded(const struct gblur *p, uint32_t sum)
{
    return (int)((sum + (1u << (p->bits - 1))) >> p->bits);
}

WR_PIXEL int gblur_row(const struct gblur *p, const struct window *in)
{
    uint32_t sum = 0;
    const int reach = in->reach_x;
    WR_UNROLL
    for (int dx = -reach; dx <= reach; dx++)
        sum += gblur_weight(in, dx + reach) * (uint32_t)at(in, dx, 0);
    return gblur_rounded(p, sum);
}

WR_PIXEL int gblur_column(const struct gblur *p, const struct window *in)
{
    uint32_t sum = 0;
    const int reach = in->reach_y;
    WR_UNROLL
    for (int dy = -reach; dy <= reach; dy++)
        sum += gblur_weight(in, dy + reach) * (uint32_t)at(in, 0, dy);
    return gblur_rounded(p, sum);
}

// The same for larger windows: weight by weight over the whole run, so that no reach is too large
// for vectors. CUDA's threads take one sample each, neighbours reading neighbours.
enum { gblur_long_row_run = 1, gblur_long_column_run = 1 };

// Adds four weights' worth of rows y[] (step 0), or of neighbours in a row (step 1), to samples
// from to to of the run.
WR_PIXEL void gblur_add_four(const struct window *in, int weight, int dx, const int y[4], int step,
                             int from, int to, int *out)
{
    const uint32_t a = gblur_weight(in, weight), b = gblur_weight(in, weight + 1);
    const uint32_t c = gblur_weight(in, weight + 2), d = gblur_weight(in, weight + 3);
    const int x = in->x + dx, y0 = y[0], y1 = y[1], y2 = y[2], y3 = y[3];
    for (int n = from; n < to; n++)
        out[n] = (int)((uint32_t)out[n] + a * (uint32_t)sample(in, x + n, y0) +
                       b * (uint32_t)sample(in, x + n + step, y1) +
                       c * (uint32_t)sample(in, x + n + 2 * step, y2) +
                       d * (uint32_t)sample(in, x + n + 3 * step, y3));
}

// Adds the weight of column dx for samples from to to of the run, where the edge may have to
// repeat.
WR_PIXEL void gblur_add_column(const struct window *in, int dx, int from, int to, int *out)
{
    const uint32_t weight = gblur_weight(in, dx + in->reach_x);
    const int right = width(in) - 1, x = in->x + dx;
    const int inside = wr_clamp(-x, from, to), beyond = wr_clamp(right + 1 - x, inside, to);
    const uint32_t first = weight * (uint32_t)sample(in, 0, in->y);
    const uint32_t last = weight * (uint32_t)sample(in, right, in->y);
    for (int n = from; n < inside; n++)
        out[n] = (int)((uint32_t)out[n] + first);
    for (int n = inside; n < beyond; n++)
        out[n] = (int)((uint32_t)out[n] + weight * (uint32_t)sample(in, x + n, in->y));
    for (int n = beyond; n < to; n++)
        out[n] = (int)((uint32_t)out[n] + last);
}

WR_PIXEL void gblur_long_row(const struct gblur *p, const struct window *in, int count, int *out)
{
    const int reach = in->reach_x, size = width(in), rows[] = {in->y, in->y, in->y, in->y};
    for (int n = 0; n < count; n++)
        out[n] = 0;
    int dx = -reach;
    for (; dx + 3 <= reach; dx += 4) {
        const int from = wr_clamp(-dx - in->x, 0, count);
        const int to = wr_clamp(size - 3 - dx - in->x, from, count);
        gblur_add_four(in, dx + reach, dx, rows, 1, from, to, out);
        for (int k = dx; k < dx + 4; k++) {
            gblur_add_column(in, k, 0, from, out);
            gblur_add_column(in, k, to, count, out);
        }
    }
    for (; dx <= reach; dx++)
        gblur_add_column(in, dx, 0, count, out);
    for (int n = 0; n < count; n++)
        out[n] = gblur_rounded(p, (uint32_t)out[n]);
}

WR_PIXEL void gblur_long_column(const struct gblur *p, const struct window *in, int count, int *out)
{
    const int reach = in->reach_y;
    for (int n = 0; n < count; n++)
        out[n] = 0;
    int dy = -reach;
    for (; dy + 3 <= reach; dy += 4) {
        const int rows[] = {wr_near_y(in, 0, dy), wr_near_y(in, 0, dy + 1),
                            wr_near_y(in, 0, dy + 2), wr_near_y(in, 0, dy + 3)};
        gblur_add_four(in, dy + reach, 0, rows, 0, 0, count, out);
    }
    for (; dy <= reach; dy++) {
        const uint32_t weight = gblur_weight(in, dy + reach);
        const int y = wr_near_y(in, 0, dy);
        for (int n = 0; n < count; n++)
            out[n] = (int)((uint32_t)out[n] + weight * (uint32_t)sample(in, in->x + n, y));
    }
    for (int n = 0; n < count; n++)
        out[n] = gblur_rounded(p, (uint32_t)out[n]);
}

#define KERNELS(K)                                                                                 \
    K(WINDOW, gblur_row, struct gblur, (WR_SAMPLE), WR_U16)                                        \
    K(WINDOW, gblur_column, struct gblur, (WR_U16), WR_SAMPLE)                                     \
    K(RUN, gblur_long_row, struct gblur, (WR_SAMPLE), WR_U16)                                      \
    K(RUN, gblur_long_column, struct gblur, (WR_U16), WR_SAMPLE)
