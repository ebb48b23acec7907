// SPDX-License-Identifier: MIT
// eq on RGB pictures: brightness and colour are changed as on YUV ones, without leaving RGB.
#pragma once

#include "kernels/pixel.h"

// Tables 0 to 2 (float, 65536 entries) send luma, blue difference and red difference from 0..65535
// to their new values in sample units; differences have their zero at 32767.5.
struct eq_rgb {
    int max;                     // largest sample value
    float to_table;              // 65535 / max
    float red, green, blue;      // what each adds to luma; they sum up to 1
    float blue_range, red_range; // 2 * (1 - blue), 2 * (1 - red)
};

WR_PIXEL int eq_index(float value)
{
    return (int)(wr_clamp_float(value, 0.0f, 65535.0f) + 0.5f);
}

WR_PIXEL void eq_rgb(const struct eq_rgb *p, const struct window *in, int out[])
{
    const float green = at_float_of(in, 0, 0, 0), blue = at_float_of(in, 1, 0, 0),
                red = at_float_of(in, 2, 0, 0);
    const float luma = red * p->red + green * p->green + blue * p->blue;
    const float blue_difference = (blue - luma) / p->blue_range;
    const float red_difference = (red - luma) / p->red_range;

    const float new_luma = float_table(in, 0)[eq_index(luma * p->to_table)];
    const float new_blue = float_table(in, 1)[eq_index(blue_difference * p->to_table + 32767.5f)];
    const float new_red = float_table(in, 2)[eq_index(red_difference * p->to_table + 32767.5f)];
    const float b = new_luma + new_blue * p->blue_range;
    const float r = new_luma + new_red * p->red_range;
    const float g = (new_luma - p->red * r - p->blue * b) / p->green;
    out[0] = wr_to_sample(g, p->max);
    out[1] = wr_to_sample(b, p->max);
    out[2] = wr_to_sample(r, p->max);
}

#define KERNELS(K) K(COLOR, eq_rgb, struct eq_rgb, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)
