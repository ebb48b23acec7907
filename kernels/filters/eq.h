// SPDX-License-Identifier: MIT
// eq on RGB pictures: brightness and colour are changed as on YUV ones, without leaving RGB.
#pragma once

#include "kernels/pixel/pixel.h"

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

WR_PIXEL void eq_colors(const struct eq_rgb *p, const struct window *in, const float *lumas,
                        const float *blues, const float *reds, int out[])
{
    const float green = at_float_of(in, 0, 0, 0), blue = at_float_of(in, 1, 0, 0),
                red = at_float_of(in, 2, 0, 0);
    const float luma = red * p->red + green * p->green + blue * p->blue;
    const float blue_difference = (blue - luma) / p->blue_range;
    const float red_difference = (red - luma) / p->red_range;

    const float new_luma = lumas[eq_index(luma * p->to_table)];
    const float new_blue = blues[eq_index(blue_difference * p->to_table + 32767.5f)];
    const float new_red = reds[eq_index(red_difference * p->to_table + 32767.5f)];
    const float b = new_luma + new_blue * p->blue_range;
    const float r = new_luma + new_red * p->red_range;
    const float g = (new_luma - p->red * r - p->blue * b) / p->green;
    out[0] = wr_to_sample(g, p->max);
    out[1] = wr_to_sample(b, p->max);
    out[2] = wr_to_sample(r, p->max);
}

WR_PIXEL void eq_rgb(const struct eq_rgb *p, const struct window *in, int out[])
{
    eq_colors(p, in, float_table(in, 0), float_table(in, 1), float_table(in, 2), out);
}

// A frame's own numbers are its tables, one behind the other.
WR_PIXEL void eq_rgb_frame(const struct eq_rgb *p, const struct window *in, int out[])
{
    const float *const tables = &in->values[0].number;
    eq_colors(p, in, tables, tables + 65536, tables + 2 * 65536, out);
}

struct eq_frame {
    int max; // largest sample value
};

WR_PIXEL int eq_frame(const struct eq_frame *p, const struct window *in)
{
    return frame_int(in, wr_min(at(in, 0, 0), p->max));
}

#define KERNELS(K)                                                                                 \
    K(LOOKUP, eq_frame, struct eq_frame, (WR_SAMPLE), WR_SAMPLE)                                   \
    K(COLOR, eq_rgb, struct eq_rgb, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)                  \
    K(COLOR, eq_rgb_frame, struct eq_rgb, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)
