// SPDX-License-Identifier: MIT
// colorbalance: red, green and blue moved in shadows, midtones and highlights.
#pragma once

#include "kernels/pixel/pixel.h"

// Amounts in the order of planes (green, blue, red), the filter's overall strength in them.
struct balance {
    float shadows[3], midtones[3], highlights[3];
    float max; // largest sample value
};

WR_PIXEL float balance_clip(float value)
{
    return wr_clamp_float(value, 0.0f, 1.0f);
}

WR_PIXEL float balance_larger(float a, float b)
{
    return a > b ? a : b;
}

WR_PIXEL float balance_smaller(float a, float b)
{
    return a < b ? a : b;
}

// New components, 0 to 1, from v; returns the largest and smallest of v together, 0 to 2. The
// weights are ramps of that sum, four times as steep as it.
WR_PIXEL float balance_shift(const struct balance *p, const struct window *in, float v[3])
{
    for (int n = 0; n < 3; n++)
        v[n] = at_float_of(in, n, 0, 0) / p->max;
    const float sum = balance_larger(balance_larger(v[0], v[1]), v[2]) +
                      balance_smaller(balance_smaller(v[0], v[1]), v[2]);
    const float third = 0.333f;
    const float dark = balance_clip((third - sum) * 4.0f + 0.5f);
    const float middle = balance_clip((sum - third) * 4.0f + 0.5f) *
                         balance_clip((1.0f - sum - third) * 4.0f + 0.5f);
    const float bright = balance_clip((sum + third - 1.0f) * 4.0f + 0.5f);
    for (int n = 0; n < 3; n++)
        v[n] = balance_clip(v[n] + p->shadows[n] * dark + p->midtones[n] * middle +
                            p->highlights[n] * bright);
    return sum;
}

WR_PIXEL void balance_put(const struct balance *p, const float v[3], int out[])
{
    for (int n = 0; n < 3; n++)
        out[n] = (int)(v[n] * p->max + 0.5f);
}

WR_PIXEL void balance(const struct balance *p, const struct window *in, int out[])
{
    float v[3];
    balance_shift(p, in, v);
    balance_put(p, v, out);
}

// A component of the colour with this hue (in twelfths of the circle, from -2 on), saturation and
// lightness; turn is 0 for red, 8 for green, 4 for blue.
WR_PIXEL float balance_component(float turn, float hue, float saturation, float lightness)
{
    const float a = saturation * balance_smaller(lightness, 1.0f - lightness);
    const float at = turn + (hue < 0.0f ? hue + 12.0f : hue);
    const float k = at >= 12.0f ? at - 12.0f : at;
    const float wave = balance_smaller(balance_smaller(k - 3.0f, 9.0f - k), 1.0f);
    return balance_clip(lightness - a * balance_larger(wave, -1.0f));
}

// The new hue and saturation (none where a component is at its end) at the old lightness.
WR_PIXEL void balance_lightness(const struct balance *p, const struct window *in, int out[])
{
    float v[3];
    const float lightness = balance_shift(p, in, v) * 0.5f;
    const float green = v[0], blue = v[1], red = v[2];
    const float max = balance_larger(balance_larger(green, blue), red);
    const float min = balance_smaller(balance_smaller(green, blue), red);
    const float range = max > min ? max - min : 1.0f;
    const float hue = max == red     ? 2.0f * ((green - blue) / range)
                      : max == green ? 2.0f * (2.0f + (blue - red) / range)
                                     : 2.0f * (4.0f + (red - green) / range);
    const float off_middle = 2.0f * lightness - 1.0f;
    const float room = 1.0f - (off_middle < 0.0f ? -off_middle : off_middle);
    const float saturation = max == 1.0f || min == 0.0f || room <= 0.0f ? 0.0f : (max - min) / room;
    v[0] = balance_component(8.0f, hue, saturation, lightness);
    v[1] = balance_component(4.0f, hue, saturation, lightness);
    v[2] = balance_component(0.0f, hue, saturation, lightness);
    balance_put(p, v, out);
}

#define KERNELS(K)                                                                                 \
    K(COLOR, balance, struct balance, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)                \
    K(COLOR, balance_lightness, struct balance, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)
