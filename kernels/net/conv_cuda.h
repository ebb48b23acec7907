// SPDX-License-Identifier: MIT
// Part of conv.h. Convolutions with CUDA: a block of threads computes a rectangle of the result,
// 1536 elements by 6 rows, from what it copies into shared memory.
//
// A thread has 8 channels of a pixel in all 6 rows, so 48 sums, in registers. For a place of the
// kernel and up to 16 input channels the block copies the input's values, which lie so that
// neighbouring threads read neighbours, and the weights. Then for each of those channels a thread
// reads 8 weights and 6 values, and makes 48 multiply-adds of them. Each sum has its terms in the
// written order. Of integers a pair of channels takes the place of one.
#pragma once

enum {
    NET_BLOCK_ROWS = 6,
    NET_BLOCK_THREADS = 32 * NET_BLOCK_ROWS,
    NET_THREAD_CHANNELS = 8,
    NET_MOST_TAPS = 16,      // words of a pixel in shared memory at one time
    NET_SHARED_FLOATS = 6400 // four taps of any number of channels, sixteen of 32 to 256
};

// How the block's threads share out the rectangle: the same for all of its rows.
struct net_block {
    int pixels;       // of each row
    int pixel, group; // the thread's pixel, and which 8 channels it has
    int groups;       // of 8 channels
    int x, y;         // of the rectangle's first pixel
    int taps;         // how many words of a pixel are copied at one time
    float *values;    // [tap][row][pixel]
    float *weights;   // [tap][channel]
};

WR_PIXEL struct net_block net_open_block(const struct net_conv *p, float *shared, int left, int top)
{
    const int thread = threadIdx.y * blockDim.x + threadIdx.x;
    struct net_block block;
    block.pixels = NET_COLUMNS / p->out_padded;
    block.pixel = thread % block.pixels;
    block.group = thread / block.pixels;
    block.groups = p->out_padded / NET_THREAD_CHANNELS;
    block.x = left / p->out_padded;
    block.y = top;
    const int each = NET_BLOCK_ROWS * block.pixels + p->out_padded;
    block.taps = wr_min(NET_MOST_TAPS, NET_SHARED_FLOATS / each / 4 * 4);
    block.values = shared;
    block.weights = shared + block.taps * NET_BLOCK_ROWS * block.pixels;
    return block;
}

// Copies `count` taps of the kernel's place (u, v) from word `first` on, a multiple of 4.
WR_PIXEL void net_copy_taps(const struct net_conv *p, const struct window *in,
                            const struct net_block *block, int u, int v, int first, int count)
{
    const int quads = (count + 3) / 4, step = NET_BLOCK_ROWS * block->pixels;
    const int x = block->x + block->pixel + u - p->left;
    const int columns = net_conv_columns(p, in);
    for (int n = block->group; n < NET_BLOCK_ROWS * quads; n += block->groups) {
        const int row = n % NET_BLOCK_ROWS, quad = n / NET_BLOCK_ROWS;
        const int y = block->y + row + v - p->top;
        float4 four = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
        if (x >= 0 && x < columns && y >= 0 && y < in->pass->in[0].height)
            four = *((const float4 *)wr_row(in, 0, y) + (x * p->in_padded + first) / 4 + quad);
        float *const to = block->values + quad * 4 * step + row * block->pixels + block->pixel;
        to[0] = four.x;
        to[step] = four.y;
        to[2 * step] = four.z;
        to[3 * step] = four.w;
    }
    const float4 *const from =
        (const float4 *)(float_table(in, 0) +
                         ((ptrdiff_t)(v * p->kernel_width + u) * p->in_words + first) *
                             p->out_padded);
    for (int n = threadIdx.y * blockDim.x + threadIdx.x; n < count * p->out_padded / 4;
         n += NET_BLOCK_THREADS)
        ((float4 *)block->weights)[n] = from[n];
}

WR_PIXEL float net_add_product(float weight, float value, float sum)
{
    return net_fma(weight, value, sum);
}

// Of two pairs.
WR_PIXEL int net_add_product(float weight, float value, int sum)
{
    const int a = __float_as_int(weight), b = __float_as_int(value);
    return sum + (int16_t)a * (int16_t)b + (a >> 16) * (b >> 16);
}

// turns: of the loop at once, as many as there are registers for.
template <int turns, typename number>
WR_PIXEL void net_add_taps(const struct net_conv *p, const struct net_block *block, int count,
                           number sum[NET_BLOCK_ROWS][NET_THREAD_CHANNELS])
{
    const float *value = block->values + block->pixel;
    const float *weight = block->weights + block->group * NET_THREAD_CHANNELS;
#pragma unroll turns
    for (int k = 0; k < count; k++, weight += p->out_padded) {
        const float4 low = *(const float4 *)weight, high = *(const float4 *)(weight + 4);
        const float weights[] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w};
#pragma unroll
        for (int row = 0; row < NET_BLOCK_ROWS; row++, value += block->pixels)
#pragma unroll
            for (int c = 0; c < NET_THREAD_CHANNELS; c++)
                sum[row][c] = net_add_product(weights[c], *value, sum[row][c]);
    }
}

// The results of a thread in one row.
WR_PIXEL void net_put_row(unsigned char *row, int x, const float *value)
{
    float4 *const to = (float4 *)((float *)row + x);
    to[0] = make_float4(value[0], value[1], value[2], value[3]);
    to[1] = make_float4(value[4], value[5], value[6], value[7]);
}

WR_PIXEL void net_put_row(unsigned char *row, int x, const float *value, float steps)
{
    int pair[NET_THREAD_CHANNELS / 2];
#pragma unroll
    for (int n = 0; n < NET_THREAD_CHANNELS / 2; n++)
        pair[n] = (net_to_steps(value[2 * n], steps) & 0xFFFF) |
                  net_to_steps(value[2 * n + 1], steps) << 16;
    *(int4 *)((int16_t *)row + x) = make_int4(pair[0], pair[1], pair[2], pair[3]);
}

WR_PIXEL float net_value_of(float sum, const float *, int)
{
    return sum;
}

WR_PIXEL float net_value_of(int sum, const float *factors, int channel)
{
    return (float)sum * factors[channel];
}

// Threads of pixels beyond the picture only help to copy. factors: NULL for floats.
template <typename number, typename... more>
WR_PIXEL void net_put_block(const struct net_conv *p, const struct window *in,
                            const struct net_block *block,
                            const number sum[NET_BLOCK_ROWS][NET_THREAD_CHANNELS],
                            const float *factors, more... steps)
{
    const struct wr_view *const out = &in->pass->out[0];
    const int first = block->group * NET_THREAD_CHANNELS;
    const int x = (block->x + block->pixel) * p->out_padded + first;
    const float *const slopes = float_table(in, 2) + first;
    if (x >= out->width)
        return;
#pragma unroll
    for (int row = 0; row < NET_BLOCK_ROWS; row++) {
        float value[NET_THREAD_CHANNELS];
        if (block->y + row >= out->height)
            return;
#pragma unroll
        for (int c = 0; c < NET_THREAD_CHANNELS; c++)
            value[c] = net_activate(p->activation.kind, &p->activation,
                                    p->activation.kind == WR_ACTIVATION_PRELU ? slopes[c] : 0.0f,
                                    net_value_of(sum[row][c], factors, first + c));
        net_put_row(out->data + blockIdx.z * out->stride + (block->y + row) * out->pitch, x, value,
                    steps...);
    }
}

// The sums of a block that begins at (left, top). left is a multiple of NET_COLUMNS, so that it
// begins with a pixel. bias: of the first channel.
template <int turns, typename number>
WR_PIXEL struct net_block net_sum_block(const struct net_conv *p, const struct window *in,
                                        const number *bias, int left, int top,
                                        number sum[NET_BLOCK_ROWS][NET_THREAD_CHANNELS])
{
    __shared__ float4 shared[NET_SHARED_FLOATS / 4];
    const struct net_block block = net_open_block(p, (float *)shared, left, top);
#pragma unroll
    for (int row = 0; row < NET_BLOCK_ROWS; row++)
#pragma unroll
        for (int c = 0; c < NET_THREAD_CHANNELS; c++)
            sum[row][c] = bias[block.group * NET_THREAD_CHANNELS + c];
    for (int v = 0; v < p->kernel_height; v++)
        for (int u = 0; u < p->kernel_width; u++)
            for (int first = 0; first < p->in_words; first += block.taps) {
                const int count = wr_min(block.taps, p->in_words - first);
                __syncthreads();
                net_copy_taps(p, in, &block, u, v, first, count);
                __syncthreads();
                net_add_taps<turns>(p, &block, count, sum);
            }
    return block;
}

// These have the shape of the functions in kernels/pixel/cuda_loops.h.
template <typename share>
__device__ __forceinline__ void net_put_convolution(const struct net_conv *p, struct window *in,
                                                    const share *, int, int left, int top)
{
    float sum[NET_BLOCK_ROWS][NET_THREAD_CHANNELS];
    const struct net_block block = net_sum_block<2>(p, in, float_table(in, 1), left, top, sum);
    net_put_block(p, in, &block, sum, (const float *)NULL);
}

template <typename share>
__device__ __forceinline__ void net_put_convolution(const struct net_conv_int *p, struct window *in,
                                                    const share *, int to, int left, int top)
{
    int sum[NET_BLOCK_ROWS][NET_THREAD_CHANNELS];
    const struct net_block block = net_sum_block<1>(&p->conv, in, int_table(in, 1), left, top, sum);
    if (to == WR_I16)
        net_put_block(&p->conv, in, &block, sum, float_table(in, 3), p->steps);
    else
        net_put_block(&p->conv, in, &block, sum, float_table(in, 3));
}

#define WR_PUT_CONVOLUTIONS(name) net_put_convolution
#define WR_SHAPE_CONVOLUTIONS(name) WR_LIST(NET_BLOCK_ROWS, 3, NET_COLUMNS / 32, 1, false)
