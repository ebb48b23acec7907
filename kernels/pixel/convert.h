// SPDX-License-Identifier: MIT
// Conversions between formats: samples of another depth and range, and mixtures of components.
//
// Everything is affine: gain times sample plus offset, in floats, rounded and clamped where samples
// come out. Their offsets hold the half that rounds. WR_SAMPLE is what goes in; what comes out has
// its own depth, so each kernel is there for both.
#pragma once

#include "kernels/pixel/pixel.h"

// One sample from one, or from the three of a pixel.
struct convert {
    float gain[3], offset;
    int max; // largest sample value that comes out
};

// Three from three.
struct convert_pixel {
    float gain[3][3], offset[3];
    int max;
};

// YUV from GBR: luma is the sum weighted by `weight`, chroma how far blue and red are from it.
struct convert_split {
    float weight[3], gain[3], offset[3];
    int max;
};

WR_PIXEL int convert_rescaled(const struct convert *p, const struct window *in)
{
    return wr_to_sample_from_half(at_float(in, 0, 0) * p->gain[0] + p->offset, p->max);
}

WR_PIXEL float convert_sum(const float gain[3], const struct window *in)
{
    return gain[0] * at_float_of(in, 0, 0, 0) + gain[1] * at_float_of(in, 1, 0, 0) +
           gain[2] * at_float_of(in, 2, 0, 0);
}

WR_PIXEL float convert_mixed(const float gain[3], float offset, const struct window *in)
{
    return convert_sum(gain, in) + offset;
}

WR_PIXEL void convert_all(const struct convert_pixel *p, const struct window *in, int out[])
{
    for (int n = 0; n < 3; n++)
        out[n] = wr_to_sample_from_half(convert_mixed(p->gain[n], p->offset[n], in), p->max);
}

WR_PIXEL int rescale_to_8(const struct convert *p, const struct window *in)
{
    return convert_rescaled(p, in);
}

WR_PIXEL int rescale_to_16(const struct convert *p, const struct window *in)
{
    return convert_rescaled(p, in);
}

WR_PIXEL int rescale_float_to_8(const struct convert *p, const struct window *in)
{
    return convert_rescaled(p, in);
}

WR_PIXEL int rescale_float_to_16(const struct convert *p, const struct window *in)
{
    return convert_rescaled(p, in);
}

WR_PIXEL int mix_to_8(const struct convert *p, const struct window *in)
{
    return wr_to_sample_from_half(convert_mixed(p->gain, p->offset, in), p->max);
}

WR_PIXEL int mix_to_16(const struct convert *p, const struct window *in)
{
    return wr_to_sample_from_half(convert_mixed(p->gain, p->offset, in), p->max);
}

WR_PIXEL int convert_split(const struct convert_split *p, const struct window *in, float chroma[])
{
    const float luma = convert_sum(p->weight, in);
    chroma[0] = p->gain[1] * (at_float_of(in, 1, 0, 0) - luma) + p->offset[1];
    chroma[1] = p->gain[2] * (at_float_of(in, 2, 0, 0) - luma) + p->offset[2];
    return wr_to_sample_from_half(p->gain[0] * luma + p->offset[0], p->max);
}

WR_PIXEL int split_to_8(const struct convert_split *p, const struct window *in, float chroma[])
{
    return convert_split(p, in, chroma);
}

WR_PIXEL int split_to_16(const struct convert_split *p, const struct window *in, float chroma[])
{
    return convert_split(p, in, chroma);
}

WR_PIXEL void convert_to_8(const struct convert_pixel *p, const struct window *in, int out[])
{
    convert_all(p, in, out);
}

WR_PIXEL void convert_to_16(const struct convert_pixel *p, const struct window *in, int out[])
{
    convert_all(p, in, out);
}

// YUV to GBR, with chroma already resampled to luma's positions, as floats. Luma has the same gain
// in all three components. Red takes nothing of the blue difference, blue nothing of the red one.
WR_PIXEL void convert_moved(const struct convert_pixel *p, const struct window *in, int out[])
{
    const float luma = p->gain[0][0] * at_float_of(in, 0, 0, 0);
    const float blue = at_float_of(in, 1, 0, 0), red = at_float_of(in, 2, 0, 0);
    const float g = luma + p->gain[0][1] * blue + p->gain[0][2] * red + p->offset[0];
    const float b = luma + p->gain[1][1] * blue + p->offset[1];
    const float r = luma + p->gain[2][2] * red + p->offset[2];
    out[0] = wr_to_sample_from_half(g, p->max);
    out[1] = wr_to_sample_from_half(b, p->max);
    out[2] = wr_to_sample_from_half(r, p->max);
}

WR_PIXEL void convert_moved_to_8(const struct convert_pixel *p, const struct window *in, int out[])
{
    convert_moved(p, in, out);
}

WR_PIXEL void convert_moved_to_16(const struct convert_pixel *p, const struct window *in, int out[])
{
    convert_moved(p, in, out);
}

enum { split_to_8_rest = WR_F32, split_to_16_rest = WR_F32 };

#define KERNELS(K)                                                                                 \
    K(POINT, rescale_to_8, struct convert, (WR_SAMPLE), WR_U8)                                     \
    K(POINT, rescale_to_16, struct convert, (WR_SAMPLE), WR_U16)                                   \
    K(POINT, rescale_float_to_8, struct convert, (WR_F32), WR_U8)                                  \
    K(POINT, rescale_float_to_16, struct convert, (WR_F32), WR_U16)                                \
    K(POINT, mix_to_8, struct convert, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_U8)                   \
    K(POINT, mix_to_16, struct convert, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_U16)                 \
    K(SPLIT, split_to_8, struct convert_split, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_U8)           \
    K(SPLIT, split_to_16, struct convert_split, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_U16)         \
    K(COLOR, convert_to_8, struct convert_pixel, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_U8)         \
    K(COLOR, convert_to_16, struct convert_pixel, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_U16)       \
    K(COLOR, convert_moved_to_8, struct convert_pixel, (WR_SAMPLE, WR_F32, WR_F32), WR_U8)         \
    K(COLOR, convert_moved_to_16, struct convert_pixel, (WR_SAMPLE, WR_F32, WR_F32), WR_U16)
