// SPDX-License-Identifier: MIT
// A convolution: each output is one chain of fused multiply-adds from the bias, over the rows of
// the kernel, its columns, and the input's channels. Outside the picture values are 0 and take
// part.
//
// Tables: weights[y][x][input channel][output channel, padded], bias[output channel, padded], and
// slopes likewise.
//
// The same in integers (steps.h): two neighbouring channels are a pair, which takes the place of
// one float, with the pairs of weights to match. Sums are exact, so their order does not count.
// They begin with the bias as an integer. One more table has for each channel what a sum is to be
// multiplied by.
#pragma once

#include "kernels/net/steps.h"

struct net_conv {
    int kernel_width, kernel_height;
    int left, top;           // columns and rows of zeros before the picture
    int in_words, in_padded; // of four bytes, for a pixel: floats, or pairs of integers
    int out_channels, out_padded;
    struct net_activation activation;
};

struct net_conv_int {
    struct net_conv conv;
    float steps; // of the result's integers in 1
};

// Pixels in a row of the input.
WR_PIXEL int net_conv_columns(const struct net_conv *p, const struct window *in)
{
    const int bytes = (int)wr_storage_bytes(in->storage[0]);
    return in->pass->in[0].width / (p->in_padded * (int)sizeof(float) / bytes);
}

#ifdef __CUDACC__
#include "kernels/net/conv_cuda.h"
#else
#include "kernels/net/conv_block.h"
#endif

// Like GATHER, but the CPU and CUDA have their own ways of sharing out the work.
#define WR_FORM_CONVOLUTION SPAN, ONE, CONVOLUTIONS, CONVOLUTIONS
#define WR_SCRATCH_CONVOLUTIONS(name) WR_NEEDS_SCRATCH
#define KERNELS(K)                                                                                 \
    K(CONVOLUTION, net_conv, struct net_conv, (WR_F32), WR_F32)                                    \
    K(CONVOLUTION, net_conv_int, struct net_conv_int, (WR_I16), WR_I16)                            \
    K(CONVOLUTION, net_conv_to_float, struct net_conv_int, (WR_I16), WR_F32)
