// SPDX-License-Identifier: MIT
// hue: turns the plane of both chroma components and stretches it, in 16 bits of fixed point up to
// 10 bits of depth, in floats beyond; adds to luma. After FFmpeg's vf_hue, at its two depths.
#pragma once

#include "kernels/pixel/pixel.h"

struct hue {
    int max;
    int middle; // of chroma, where there is no colour
};

WR_PIXEL int hue_difference(const struct hue *p, const struct window *in, int n)
{
    return wr_min(at_of(in, n, 0, 0), p->max) - p->middle;
}

// Inputs: the component, the other one. Numbers 0 and 1: what each counts, in 1/65536, 10 at most.
WR_PIXEL int hue_turn(const struct hue *p, const struct window *in)
{
    const int turned =
        frame_int(in, 0) * hue_difference(p, in, 0) + frame_int(in, 1) * hue_difference(p, in, 1);
    return wr_clamp(((turned + (1 << 15)) >> 16) + p->middle, 0, p->max);
}

// The same with numbers that are floats.
WR_PIXEL int hue_turn_deep(const struct hue *p, const struct window *in)
{
    const float turned = frame_float(in, 0) * (float)hue_difference(p, in, 0) +
                         frame_float(in, 1) * (float)hue_difference(p, in, 1);
    return wr_to_sample(turned + (float)p->middle, p->max);
}

// Number 0 is added; samples from number 1 on get one more.
WR_PIXEL int hue_brighten(const struct hue *p, const struct window *in)
{
    const int value = wr_min(at(in, 0, 0), p->max);
    const int more = value >= frame_int(in, 1);
    return wr_clamp(value + frame_int(in, 0) + more, 0, p->max);
}

#define KERNELS(K)                                                                                 \
    K(POINT, hue_turn, struct hue, (WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)                              \
    K(POINT, hue_turn_deep, struct hue, (WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)                         \
    K(POINT, hue_brighten, struct hue, (WR_SAMPLE), WR_SAMPLE)
