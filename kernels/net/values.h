// SPDX-License-Identifier: MIT
// Layers that compute each value from those at the same place, and the ways into tensors and out of
// them.
#pragma once

#include "kernels/net/steps.h"

// ---- sums, differences and products of two tensors, or of one and a constant for each channel.
// Tables: slopes, constants; both are there, used or not.
enum net_operation { NET_ACTIVATE, NET_ADD, NET_SUBTRACT, NET_SUBTRACT_FROM, NET_MULTIPLY };

struct net_values {
    int operation;
    int is_constant; // whether the second operand is
    int padded;
    struct net_activation activation;
};

WR_PIXEL float net_combine(int operation, float a, float b)
{
    switch (operation) {
    case NET_ADD:
        return a + b;
    case NET_SUBTRACT:
        return a - b;
    case NET_SUBTRACT_FROM:
        return b - a;
    case NET_MULTIPLY:
        return a * b;
    default:
        return a;
    }
}

WR_PIXEL float net_values(const struct net_values *p, const struct window *in)
{
    const int c = in->x % p->padded;
    const float a = sample_float_of(in, 0, in->x, in->y);
    const float b = p->is_constant || p->operation == NET_ACTIVATE
                        ? float_table(in, 1)[c]
                        : sample_float_of(in, 1, in->x, in->y);
    const float value = net_combine(p->operation, a, b);
    return net_activate(p->activation.kind, &p->activation, float_table(in, 0)[c], value);
}

enum { net_values_block_columns = NET_COLUMNS, net_values_block_rows = 1 };

#define NET_COMBINE_AS(operation)                                                                  \
    case operation:                                                                                \
        for (int n = 0; n < columns; n++)                                                          \
            out[n] = net_combine(operation, a[n], b[n]);                                           \
        break;
WR_PIXEL void net_values_block(const struct net_values *p, const struct window *in, int columns,
                               int rows, float *restrict out)
{
    const float *const a = (const float *)wr_row(in, 0, in->y) + in->x;
    const float *b = a;
    float constants[net_values_block_columns];
    if (p->is_constant) {
        for (int n = 0; n < columns; n += p->padded)
            memcpy(constants + n, float_table(in, 1), sizeof(float) * (size_t)p->padded);
        b = constants;
    } else if (p->operation != NET_ACTIVATE) {
        b = (const float *)wr_row(in, 1, in->y) + in->x;
    }
    switch (p->operation) {
        NET_COMBINE_AS(NET_ADD)
        NET_COMBINE_AS(NET_SUBTRACT)
        NET_COMBINE_AS(NET_SUBTRACT_FROM)
        NET_COMBINE_AS(NET_MULTIPLY)
    default:
        memcpy(out, a, sizeof *out * (size_t)columns);
    }
    net_activate_all(&p->activation, float_table(in, 0), p->padded, columns * rows, out);
}

// ---- one or three planes of samples become the first channels of a tensor, as values from 0 to 1.
struct net_load {
    int planes, padded;
    float largest; // sample
    float rest;    // what the channels behind them hold
};

WR_PIXEL float net_load_channel(const struct net_load *p, const struct window *in, int x, int y,
                                int c)
{
    if (c >= p->planes)
        return p->rest;
    const int value = c == 0   ? sample_of(in, 0, x, y)
                      : c == 1 ? sample_of(in, 1, x, y)
                               : sample_of(in, 2, x, y);
    return (float)value / p->largest;
}

WR_PIXEL float net_load(const struct net_load *p, const struct window *in)
{
    return net_load_channel(p, in, in->x / p->padded, in->y, in->x % p->padded);
}

enum { net_load_block_columns = NET_COLUMNS, net_load_block_rows = 1 };

WR_PIXEL void net_load_block(const struct net_load *p, const struct window *in, int columns,
                             int rows, float *restrict out)
{
    const int pixels = columns / p->padded, x = in->x / p->padded;
    (void)rows;
    for (int n = 0; n < columns; n++)
        out[n] = p->rest;
    for (int c = 0; c < p->planes; c++)
        for (int n = 0; n < pixels; n++)
            out[n * p->padded + c] = net_load_channel(p, in, x + n, in->y, c);
}

// ---- values become integers.
struct net_round {
    float steps; // in 1
};

WR_PIXEL int net_round(const struct net_round *p, const struct window *in)
{
    return net_to_steps(sample_float_of(in, 0, in->x, in->y), p->steps);
}

// ---- a channel of a tensor becomes a plane of samples, rounded once; with factor above 1 it is
// spread over so many times so many channels (depth to space). What is no number counts as 0.
struct net_store {
    int channel, channels; // of the picture
    int padded;
    int factor, depth_first; // WR_LAYER_DEPTH_TO_SPACE
    int max;
    float strength; // of the second input the rest is taken, where that is there
    int mixes;
};

WR_PIXEL int net_store(const struct net_store *p, const struct window *in)
{
    const int factor = p->factor, x = in->x / factor, y = in->y / factor;
    const int part = (in->y - y * factor) * factor + in->x - x * factor;
    const int channel =
        p->depth_first ? part * p->channels + p->channel : p->channel * factor * factor + part;
    const float value = sample_float_of(in, 0, x * p->padded + channel, y);
    const float above = value > 0.0f ? value : 0.0f, within = above < 1.0f ? above : 1.0f;
    float sample = within * (float)p->max;
    if (p->mixes) {
        const float before = (float)sample_of(in, 1, in->x, in->y);
        sample = net_fma(sample - before, p->strength, before);
    }
    return wr_to_sample(sample, p->max);
}

enum { net_store_block_columns = 512, net_store_block_rows = 1 };

WR_PIXEL void net_store_block(const struct net_store *p, const struct window *in, int columns,
                              int rows, int *restrict out)
{
    struct window at = *in;
    (void)rows;
    for (int n = 0; n < columns; n++, at.x++)
        out[n] = net_store(p, &at);
}

#define KERNELS(K)                                                                                 \
    K(GATHER, net_values, struct net_values, (WR_F32, WR_F32), WR_F32)                             \
    K(GATHER, net_load, struct net_load, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_F32)                \
    K(POINT, net_round, struct net_round, (WR_F32), WR_I16)                                        \
    K(GATHER, net_store, struct net_store, (WR_F32, WR_SAMPLE), WR_SAMPLE)
