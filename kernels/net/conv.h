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

#ifdef __CUDACC__
#include "kernels/net/conv_cuda.h"
#else
#include "kernels/net/conv_block.h"
#endif

// Like GATHER, but CUDA has its own way of sharing out the work.
#define WR_FORM_CONVOLUTION SPAN, ONE, RECTANGLES, CONVOLUTIONS
#define KERNELS(K) K(CONVOLUTION, net_conv, struct net_conv, (WR_F32), WR_F32)
