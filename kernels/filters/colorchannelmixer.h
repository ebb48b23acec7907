// SPDX-License-Identifier: MIT
// colorchannelmixer: each component is a weighted sum of all of them.
#pragma once

#include <math.h>

#include "kernels/pixel/pixel.h"

// What of a pixel's colour is kept: a measure of it before and after mixing.
enum channels_keep { KEEP_NONE, KEEP_LUM, KEEP_MAX, KEEP_AVG, KEEP_SUM, KEEP_NRM, KEEP_PWR };

// Rows and columns in the order of planes: green, blue, red, and alpha as the last column.
struct channels {
    float gain[3][4];
    float amount; // of what is kept, 0 to 1
    int keep;
    int max; // largest sample value
};

struct channels_alpha {
    float gain[4];
    int max;
};

WR_PIXEL float channels_sum(const float gain[4], const float in[4])
{
    return (gain[0] * in[0] + gain[1] * in[1]) + (gain[2] * in[2] + gain[3] * in[3]);
}

WR_PIXEL float channels_max(const float v[])
{
    const float larger = v[0] > v[1] ? v[0] : v[1];
    return larger > v[2] ? larger : v[2];
}

WR_PIXEL float channels_min(const float v[])
{
    const float smaller = v[0] < v[1] ? v[0] : v[1];
    return smaller < v[2] ? smaller : v[2];
}

// Newton's method from a guess that divides the exponent by three; x is not negative.
WR_PIXEL float channels_cube_root(float x)
{
    union {
        float number;
        int32_t bits;
    } guess;
    guess.number = x;
    guess.bits = guess.bits / 3 + 0x2a514067;
    float y = guess.number;
    for (int k = 0; k < 4; k++)
        y = y - (y * y * y - x) / (3.0f * y * y);
    return x > 0.0f ? y : 0.0f;
}

WR_PIXEL float channels_measure(const float v[], int keep, float max)
{
    const float a = v[0] / max, b = v[1] / max, c = v[2] / max;
    switch (keep) {
    case KEEP_LUM:
        return channels_max(v) + channels_min(v);
    case KEEP_MAX:
        return channels_max(v);
    case KEEP_AVG:
        return (v[0] + v[1] + v[2] + 1.0f) / 3.0f;
    case KEEP_SUM:
        return v[0] + v[1] + v[2];
    case KEEP_NRM:
        return sqrtf(a * a + b * b + c * c);
    default: {
        const float cubes = a * a * a + b * b * b + c * c * c;
        return cubes < 0.0f ? -channels_cube_root(-cubes) : channels_cube_root(cubes);
    }
    }
}

WR_PIXEL void channels_mix(const struct channels *p, const float in[4], int out[])
{
    for (int n = 0; n < 3; n++)
        out[n] = wr_to_sample(channels_sum(p->gain[n], in), p->max);
}

WR_PIXEL void mix_channels(const struct channels *p, const struct window *in, int out[])
{
    const float v[4] = {at_float_of(in, 0, 0, 0), at_float_of(in, 1, 0, 0),
                        at_float_of(in, 2, 0, 0), 0.0f};
    channels_mix(p, v, out);
}

WR_PIXEL void mix_channels_alpha(const struct channels *p, const struct window *in, int out[])
{
    const float v[4] = {at_float_of(in, 0, 0, 0), at_float_of(in, 1, 0, 0),
                        at_float_of(in, 2, 0, 0), at_float_of(in, 3, 0, 0)};
    channels_mix(p, v, out);
}

// The mix, scaled so that the measure stays what it was, as far as amount says.
WR_PIXEL void mix_channels_keep(const struct channels *p, const struct window *in, int out[])
{
    const float v[4] = {at_float_of(in, 0, 0, 0), at_float_of(in, 1, 0, 0),
                        at_float_of(in, 2, 0, 0), at_float_of(in, 3, 0, 0)};
    const float max = (float)p->max;
    float mixed[3];
    for (int n = 0; n < 3; n++)
        mixed[n] = channels_sum(p->gain[n], v);
    const float before = channels_measure(v, p->keep, max);
    const float after = channels_measure(mixed, p->keep, max);
    const float scale = before / (after > 0.0f ? after : 1.0f / (2.0f * max));
    for (int n = 0; n < 3; n++) {
        const float kept = wr_clamp_float(mixed[n], 0.0f, max) * scale;
        const float value = mixed[n] + (kept - mixed[n]) * p->amount;
        // Where almost nothing was left to scale, nothing times infinity is NaN.
        const float positive = value > 0.0f ? value : 0.0f;
        out[n] = wr_to_sample(positive < max ? positive : max, p->max);
    }
}

WR_PIXEL int mix_alpha(const struct channels_alpha *p, const struct window *in)
{
    const float v[4] = {at_float_of(in, 0, 0, 0), at_float_of(in, 1, 0, 0),
                        at_float_of(in, 2, 0, 0), at_float_of(in, 3, 0, 0)};
    return wr_to_sample(channels_sum(p->gain, v), p->max);
}

#define KERNELS(K)                                                                                 \
    K(COLOR, mix_channels, struct channels, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)          \
    K(COLOR, mix_channels_alpha, struct channels, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE, WR_SAMPLE),    \
      WR_SAMPLE)                                                                                   \
    K(COLOR, mix_channels_keep, struct channels, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE, WR_SAMPLE),     \
      WR_SAMPLE)                                                                                   \
    K(POINT, mix_alpha, struct channels_alpha, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE, WR_SAMPLE),       \
      WR_SAMPLE)
