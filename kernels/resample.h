// SPDX-License-Identifier: MIT
// Separable resampling: each output sample is a weighted sum of neighbours along a row or a column.
//
// Table 0 (int32) holds the first input sample for each output position, table 1 (float) its
// in->span weights. All reads lie inside the picture: the host has folded the weights of what lies
// outside into the edge. Between the two directions values stay floats.
#pragma once

#include "kernels/pixel.h"

struct resample {
    int max; // largest sample value
};

// Four running sums, so that devices with vectors can keep the written order.
WR_PIXEL float resample_row(const struct window *in)
{
    const int first = int_table(in, 0)[in->x], taps = in->span;
    const float *weights = float_table(in, 1) + (ptrdiff_t)in->x * taps;
    float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f}, rest = 0.0f;
    int k = 0;
    for (; k + 4 <= taps; k += 4)
        for (int lane = 0; lane < 4; lane++)
            sum[lane] += weights[k + lane] * sample_float_of(in, 0, first + k + lane, in->y);
    for (; k < taps; k++)
        rest += weights[k] * sample_float_of(in, 0, first + k, in->y);
    return (sum[0] + sum[2]) + (sum[1] + sum[3]) + rest;
}

WR_PIXEL float resample_column(const struct window *in)
{
    const int first = int_table(in, 0)[in->y], taps = in->span;
    const float *weights = float_table(in, 1) + (ptrdiff_t)in->y * taps;
    float sum = 0.0f;
    WR_UNROLL
    for (int k = 0; k < taps; k++)
        sum += weights[k] * sample_float_of(in, 0, in->x, first + k);
    return sum;
}

WR_PIXEL float resample_row_first(const struct resample *p, const struct window *in)
{
    (void)p;
    return resample_row(in);
}

WR_PIXEL float resample_row_middle(const struct resample *p, const struct window *in)
{
    (void)p;
    return resample_row(in);
}

WR_PIXEL int resample_row_last(const struct resample *p, const struct window *in)
{
    return wr_to_sample(resample_row(in), p->max);
}

WR_PIXEL int resample_row_only(const struct resample *p, const struct window *in)
{
    return wr_to_sample(resample_row(in), p->max);
}

WR_PIXEL float resample_column_first(const struct resample *p, const struct window *in)
{
    (void)p;
    return resample_column(in);
}

WR_PIXEL float resample_column_middle(const struct resample *p, const struct window *in)
{
    (void)p;
    return resample_column(in);
}

WR_PIXEL int resample_column_last(const struct resample *p, const struct window *in)
{
    return wr_to_sample(resample_column(in), p->max);
}

WR_PIXEL int resample_column_only(const struct resample *p, const struct window *in)
{
    return wr_to_sample(resample_column(in), p->max);
}

#define KERNELS(K)                                                                                 \
    K(SUM, resample_row_first, struct resample, (WR_SAMPLE), WR_F32)                               \
    K(SUM, resample_row_middle, struct resample, (WR_F32), WR_F32)                                 \
    K(SUM, resample_row_last, struct resample, (WR_F32), WR_SAMPLE)                                \
    K(SUM, resample_row_only, struct resample, (WR_SAMPLE), WR_SAMPLE)                             \
    K(SUM, resample_column_first, struct resample, (WR_SAMPLE), WR_F32)                            \
    K(SUM, resample_column_middle, struct resample, (WR_F32), WR_F32)                              \
    K(SUM, resample_column_last, struct resample, (WR_F32), WR_SAMPLE)                             \
    K(SUM, resample_column_only, struct resample, (WR_SAMPLE), WR_SAMPLE)
