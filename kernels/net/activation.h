// SPDX-License-Identifier: MIT
// What layers of networks share: the written order of their arithmetic, and what is done to each
// value that a layer has computed.
//
// A tensor is a plane of floats, channels innermost. They are padded with values that nobody uses,
// to a number that divides NET_COLUMNS, so that rectangles of that width begin with a pixel.
#pragma once

#include <string.h>

#include "kernels/model/network.h"
#include "kernels/pixel/pixel.h"

enum { NET_COLUMNS = 1536, NET_LANES = 8 };

struct net_activation {
    int kind;        // enum wr_activation
    float low, high; // WR_ACTIVATION_CLIP
};

// a * b + c, rounded once.
WR_PIXEL float net_fma(float a, float b, float c)
{
#ifdef __CUDACC__
    return __fmaf_rn(a, b, c);
#else
    return __builtin_fmaf(a, b, c);
#endif
}

// x limited to where neither exp(x) nor 1 / (1 + exp(x)) is 0 or infinite. What is not a number, as
// after infinity minus infinity, counts as the least.
WR_PIXEL float net_limit(float x)
{
    const float above = x > -87.0f ? x : -87.0f;
    return above < 87.0f ? above : 87.0f;
}

// exp(x), for x within those limits: two to a whole power, times a polynomial for what is left,
// Taylor's around 0. Wrong by less than 2e-7 of it.
WR_PIXEL float net_exp(float x)
{
    const float turns = x * 1.44269504f;
    const int whole = (int)(turns + (turns < 0.0f ? -0.5f : 0.5f));
    const float high = net_fma((float)whole, -0.693359375f, x); // ln 2 in two parts
    const float r = net_fma((float)whole, 2.12194440e-4f, high);
    float sum = 1.0f / 5040.0f;
    sum = net_fma(sum, r, 1.0f / 720.0f);
    sum = net_fma(sum, r, 1.0f / 120.0f);
    sum = net_fma(sum, r, 1.0f / 24.0f);
    sum = net_fma(sum, r, 1.0f / 6.0f);
    sum = net_fma(sum, r, 0.5f);
    sum = net_fma(sum, r, 1.0f);
    sum = net_fma(sum, r, 1.0f);
    const int32_t bits = (whole + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return sum * power;
}

// Sigmoid, tanh and swish of a value follow from exp() of this.
WR_PIXEL float net_exponent(int kind, float value)
{
    return net_limit(kind == WR_ACTIVATION_TANH ? 2.0f * value : -value);
}

WR_PIXEL float net_from_exponent(int kind, float value, float exponent)
{
    const float below = 1.0f + net_exp(exponent);
    return kind == WR_ACTIVATION_TANH      ? 1.0f - 2.0f / below
           : kind == WR_ACTIVATION_SIGMOID ? 1.0f / below
                                           : value * (1.0f / below);
}

// slope: of the value's channel.
WR_PIXEL float net_activate(int kind, const struct net_activation *p, float slope, float value)
{
    switch (kind) {
    case WR_ACTIVATION_RELU:
        return value > 0.0f ? value : 0.0f;
    case WR_ACTIVATION_PRELU:
        return value < 0.0f ? value * slope : value;
    case WR_ACTIVATION_CLIP:
        return wr_clamp_float(value, p->low, p->high);
    case WR_ACTIVATION_SIGMOID:
    case WR_ACTIVATION_TANH:
    case WR_ACTIVATION_SWISH:
        return net_from_exponent(kind, value, net_exponent(kind, value));
    default:
        return value;
    }
}

// For many values. Exponents have a loop of their own: as one, compilers would work out first what
// becomes of the limits, and then treat the values one by one.
WR_PIXEL void net_activate_by_exp(int kind, int count, float *restrict values)
{
    float exponents[NET_COLUMNS];
    for (int first = 0; first < count; first += NET_COLUMNS, values += NET_COLUMNS) {
        const int some = wr_min(count - first, NET_COLUMNS);
        for (int n = 0; n < some; n++)
            exponents[n] = net_exponent(kind, values[n]);
        for (int n = 0; n < some; n++)
            values[n] = net_from_exponent(kind, values[n], exponents[n]);
    }
}

// For whole pixels of a rectangle; slopes may be missing where the kind takes none.
#define NET_ACTIVATE_AS(kind)                                                                      \
    case kind:                                                                                     \
        for (int n = 0; n < count; n++)                                                            \
            values[n] = net_activate(kind, p, 0.0f, values[n]);                                    \
        break;
#define NET_ACTIVATE_BY_EXP(kind)                                                                  \
    case kind:                                                                                     \
        net_activate_by_exp(kind, count, values);                                                  \
        break;
WR_PIXEL void net_activate_all(const struct net_activation *p, const float *restrict slopes,
                               int channels, int count, float *restrict values)
{
    switch (p->kind) {
        NET_ACTIVATE_AS(WR_ACTIVATION_RELU)
        NET_ACTIVATE_AS(WR_ACTIVATION_CLIP)
        NET_ACTIVATE_BY_EXP(WR_ACTIVATION_SIGMOID)
        NET_ACTIVATE_BY_EXP(WR_ACTIVATION_TANH)
        NET_ACTIVATE_BY_EXP(WR_ACTIVATION_SWISH)
    case WR_ACTIVATION_PRELU:
        for (int first = 0; first < count; first += channels)
            for (int c = 0; c < channels; c++)
                values[first + c] =
                    net_activate(WR_ACTIVATION_PRELU, p, slopes[c], values[first + c]);
        break;
    default:
        break;
    }
}
