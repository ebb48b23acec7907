// SPDX-License-Identifier: MIT
// Layers that only take values from other places, and those that mix neighbours: depth to space and
// back, enlarging, parts, margins, channels side by side.
#pragma once

#include "kernels/net/activation.h"

// ---- each value is one of the input's. Tables: for each column of the output, the element of the
// input's row that its pixel begins with, -1: none; for each row, likewise, the input's row; and
// for each of phase_rows x phase_columns kinds of pixels, which follow one another, and each
// channel, how many elements and rows further it is (pairs). What pads the channels is 0.
struct net_place {
    int channels, padded;
    int phase_columns, phase_rows;
    float outside; // where there is none
};

WR_PIXEL float net_place(const struct net_place *p, const struct window *in)
{
    const int x = in->x / p->padded, c = in->x % p->padded;
    const int column = int_table(in, 0)[x], row = int_table(in, 1)[in->y];
    const int phase = in->y % p->phase_rows * p->phase_columns + x % p->phase_columns;
    const int32_t *const further = int_table(in, 2) + 2 * (phase * p->padded + c);
    return c >= p->channels        ? 0.0f
           : column < 0 || row < 0 ? p->outside
                                   : sample_float_of(in, 0, column + further[0], row + further[1]);
}

enum { net_place_block_columns = NET_COLUMNS, net_place_block_rows = 1 };

WR_PIXEL void net_place_block(const struct net_place *p, const struct window *in, int columns,
                              int rows, float *restrict out)
{
    const int pixels = columns / p->padded, first = in->x / p->padded;
    const int row = int_table(in, 1)[in->y], phases = in->y % p->phase_rows * p->phase_columns;
    (void)rows;
    memset(out, 0, sizeof *out * (size_t)columns);
    for (int n = 0; n < pixels; n++) {
        const int x = first + n, column = int_table(in, 0)[x];
        const int32_t *const further =
            int_table(in, 2) + 2 * ((phases + x % p->phase_columns) * p->padded);
        for (int c = 0; c < p->channels; c++)
            out[n * p->padded + c] =
                column < 0 || row < 0
                    ? p->outside
                    : sample_float_of(in, 0, column + further[2 * c], row + further[2 * c + 1]);
    }
}

// ---- enlarged with straight lines between samples: along rows, then from row to row. Tables: for
// each column the pixel to its left, and how far it is from there to the next, as a float; for
// each row the one above, likewise.
struct net_linear {
    int padded;
};

WR_PIXEL float net_between(float from, float to, float along)
{
    return net_fma(to - from, along, from);
}

WR_PIXEL float net_linear_at(const struct net_linear *p, const struct window *in, int x, int c)
{
    const int left = int_table(in, 0)[x] * p->padded + c, top = int_table(in, 2)[in->y];
    const int right = wr_min(left + p->padded, width(in) - p->padded + c);
    const int below = wr_min(top + 1, height(in) - 1);
    const float along = float_table(in, 1)[x];
    const float above =
        net_between(sample_float_of(in, 0, left, top), sample_float_of(in, 0, right, top), along);
    return net_between(above,
                       net_between(sample_float_of(in, 0, left, below),
                                   sample_float_of(in, 0, right, below), along),
                       float_table(in, 3)[in->y]);
}

WR_PIXEL float net_linear(const struct net_linear *p, const struct window *in)
{
    return net_linear_at(p, in, in->x / p->padded, in->x % p->padded);
}

enum { net_linear_block_columns = NET_COLUMNS, net_linear_block_rows = 1 };

WR_PIXEL void net_linear_block(const struct net_linear *p, const struct window *in, int columns,
                               int rows, float *restrict out)
{
    const int pixels = columns / p->padded, first = in->x / p->padded;
    (void)rows;
    for (int n = 0; n < pixels; n++)
        for (int c = 0; c < p->padded; c++)
            out[n * p->padded + c] = net_linear_at(p, in, first + n, c);
}

// ---- the channels of up to four tensors side by side.
struct net_concat {
    int padded;
    int inputs;
    int end[WR_MAX_INPUTS]; // channel that the input's part ends before
    int in_padded[WR_MAX_INPUTS];
};

WR_PIXEL float net_concat(const struct net_concat *p, const struct window *in)
{
    const int x = in->x / p->padded, c = in->x % p->padded, y = in->y;
    if (c < p->end[0])
        return sample_float_of(in, 0, x * p->in_padded[0] + c, y);
    if (p->inputs > 1 && c < p->end[1])
        return sample_float_of(in, 1, x * p->in_padded[1] + c - p->end[0], y);
    if (p->inputs > 2 && c < p->end[2])
        return sample_float_of(in, 2, x * p->in_padded[2] + c - p->end[1], y);
    if (p->inputs > 3 && c < p->end[3])
        return sample_float_of(in, 3, x * p->in_padded[3] + c - p->end[2], y);
    return 0.0f;
}

enum { net_concat_block_columns = NET_COLUMNS, net_concat_block_rows = 1 };

WR_PIXEL void net_concat_block(const struct net_concat *p, const struct window *in, int columns,
                               int rows, float *restrict out)
{
    const int pixels = columns / p->padded, x = in->x / p->padded;
    (void)rows;
    memset(out, 0, sizeof *out * (size_t)columns);
    for (int k = 0; k < p->inputs; k++) {
        const int first = k ? p->end[k - 1] : 0;
        const float *const from =
            (const float *)wr_row(in, k, in->y) + (ptrdiff_t)x * p->in_padded[k];
        for (int n = 0; n < pixels; n++)
            memcpy(out + n * p->padded + first, from + (ptrdiff_t)n * p->in_padded[k],
                   sizeof *out * (size_t)(p->end[k] - first));
    }
}

#define KERNELS(K)                                                                                 \
    K(GATHER, net_place, struct net_place, (WR_F32), WR_F32)                                       \
    K(GATHER, net_linear, struct net_linear, (WR_F32), WR_F32)                                     \
    K(GATHER, net_concat, struct net_concat, (WR_F32, WR_F32, WR_F32, WR_F32), WR_F32)
