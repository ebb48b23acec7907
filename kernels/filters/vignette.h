// SPDX-License-Identifier: MIT
// vignette: darkens a sample the further it is from a centre, or undoes that; after FFmpeg's
// vf_vignette, with the fourth power of a cosine as a lens has it.
//
// The dithering is FFmpeg's linear congruential sequence over all samples of all frames. Any number
// of its steps is one multiplication and one addition, which tables hold for each column and row.
#pragma once

#include "kernels/pixel/pixel.h"

struct vignette {
    int max;
    int neutral;            // what the picture darkens to
    int step_x, step_y;     // pixels of the picture from sample to sample
    int backward;           // undo rather than do
    float limit;            // squared distance beyond which all is dark
    float scale_x, scale_y; // of distances
    float dither;           // 2^-24, or 0
};

// Whole steps, as FFmpeg counts them. Centre and scale are limited so that they fit an int.
WR_PIXEL float vignette_distance(int at, float center, float scale)
{
    return (float)(int)(((float)at - center) * scale);
}

// The fourth power of the cosine of an angle up to a quarter turn, by its square: Taylor's series.
WR_PIXEL float vignette_power(float square)
{
    const float cosine =
        1.0f +
        square *
            (-1.0f / 2 +
             square * (1.0f / 24 +
                       square * (-1.0f / 720 + square * (1.0f / 40320 +
                                                         square * (-1.0f / 3628800 +
                                                                   square * (1.0f / 479001600))))));
    return (cosine * cosine) * (cosine * cosine);
}

// The numbers: 0 and 1 the centre; 2 the square of angle by distance; 3 where the sequence is.
// Tables 0 and 1: multiplier and addend for each column, for each row.
WR_PIXEL int vignette(const struct vignette *p, const struct window *in)
{
    const float dx = vignette_distance(in->x * p->step_x, frame_float(in, 0), p->scale_x);
    const float dy = vignette_distance(in->y * p->step_y, frame_float(in, 1), p->scale_y);
    const float distance = dx * dx + dy * dy;
    const float power = vignette_power(frame_float(in, 2) * distance);
    const float dark = distance > p->limit ? 0.0f : power;
    // Where nothing is left to undo, any value is as good as white.
    const float undone = 1.0f / (dark > 1e-4f ? dark : 1e-4f);
    const float factor = p->backward ? undone : dark;

    const uint32_t row_factor = (uint32_t)int_table(in, 1)[2 * in->y];
    const uint32_t row_offset = (uint32_t)int_table(in, 1)[2 * in->y + 1];
    const uint32_t row = (uint32_t)frame_int(in, 3) * row_factor + row_offset;
    const uint32_t random =
        row * (uint32_t)int_table(in, 0)[2 * in->x] + (uint32_t)int_table(in, 0)[2 * in->x + 1];

    const float bright = factor * (float)(at(in, 0, 0) - p->neutral) + (float)p->neutral;
    const float value = bright + (float)(int)(random >> 8) * p->dither;
    return wr_clamp((int)value, 0, p->max);
}

#define KERNELS(K) K(POINT, vignette, struct vignette, (WR_SAMPLE), WR_SAMPLE)
