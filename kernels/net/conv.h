// SPDX-License-Identifier: MIT
// A convolution: each output is one chain of fused multiply-adds from the bias, over the rows of
// the kernel, its columns, and the input's channels. Outside the picture values are 0 and take
// part.
//
// Tables: weights[y][x][input channel][output channel, padded], bias[output channel, padded], and
// slopes likewise.
#pragma once

#include "kernels/net/activation.h"

struct net_conv {
    int kernel_width, kernel_height;
    int left, top; // columns and rows of zeros before the picture
    int in_channels, in_padded;
    int out_channels, out_padded;
    struct net_activation activation;
};

WR_PIXEL float net_conv(const struct net_conv *p, const struct window *in)
{
    const float *const weights = float_table(in, 0);
    const int x = in->x / p->out_padded, c = in->x % p->out_padded;
    const int columns = width(in) / p->in_padded;
    float sum = float_table(in, 1)[c];
    for (int v = 0; v < p->kernel_height; v++)
        for (int u = 0; u < p->kernel_width; u++) {
            const int from_x = x + u - p->left, from_y = in->y + v - p->top;
            const int inside =
                from_x >= 0 && from_x < columns && from_y >= 0 && from_y < height(in);
            const float *const weight =
                weights + (ptrdiff_t)(v * p->kernel_width + u) * p->in_channels * p->out_padded;
            for (int n = 0; n < p->in_channels; n++)
                sum = net_fma(
                    weight[n * p->out_padded + c],
                    inside ? sample_float_of(in, 0, from_x * p->in_padded + n, from_y) : 0.0f, sum);
        }
    const float slope = p->activation.kind == WR_ACTIVATION_PRELU ? float_table(in, 2)[c] : 0.0f;
    return net_activate(p->activation.kind, &p->activation, slope, sum);
}

#ifndef __CUDACC__
#include "kernels/net/conv_block.h"
#endif

#define KERNELS(K) K(GATHER, net_conv, struct net_conv, (WR_F32), WR_F32)
