// SPDX-License-Identifier: MIT
// Resampling of 8 bits, and conversion between YUV of 8 and RGB of 16, in integers of 16 bits, of
// which vectors hold twice as many as of floats.
//
// In fixed point a sample s of 8 bits is 128 * (s - 128). Weights are in 1/16384, since 1 must be
// one of them; products with them, and their sums, are half of what they stand for. Nothing leaves
// 16 bits: kernels/program/to_fixed_point.c, which puts these kernels in the place of those for
// floats, makes sure of that.
//
// Tables are those of resample.h, but for weights, which are int16_t.
#pragma once

#include <string.h>

#include "kernels/pixel/product.h"

enum { FIXED_BITS = 7, FIXED_ZERO = 128 };

// Resampling has no arguments.
struct fixed {
    int unused;
};

// The gain of luma, the same for all three components, and the value of the middle of its range;
// the gains of blue difference and red difference, and of both for green. RGB has 13 bits.
struct fixed_to_rgb {
    int16_t luma, offset, blue, red, green_by_blue, green_by_red;
};

// What luma is made of, together 32768; its gain and, with the half that rounds, what the middle of
// its range gives, both for half of fixed point; and the gains of what blue and red differ from
// luma by.
struct fixed_to_yuv {
    int16_t green, blue, red, luma, offset, blue_difference, red_difference;
};

// An element in fixed point.
WR_PIXEL int fixed_load(const unsigned char *row, int storage, int x)
{
    const int value = wr_load(row, storage, x);
    return storage == WR_U8 ? (int16_t)((value - FIXED_ZERO) * (1 << FIXED_BITS)) : value;
}

WR_PIXEL int fixed_of(const struct window *in, int n, int x, int y)
{
    return fixed_load(wr_row(in, n, y), in->storage[n], x);
}

WR_PIXEL int fixed_whole(int half)
{
    return (int16_t)(half + half);
}

// The sample for half of its fixed point, to which the half that rounds has been added.
WR_PIXEL int fixed_sample_from_half(int from_half)
{
    return wr_clamp((int16_t)from_half, 0, (256 << (FIXED_BITS - 1)) - 1) >> (FIXED_BITS - 1);
}

WR_PIXEL int fixed_sample(int half)
{
    return fixed_sample_from_half(half + ((2 * FIXED_ZERO + 1) << (FIXED_BITS - 2)));
}

WR_PIXEL int fixed_column(const struct window *in)
{
    const int first = int_table(in, 0)[in->y], taps = in->span;
    const int16_t *weights = fixed_table(in, 1) + (ptrdiff_t)in->y * taps;
    int sum = 0;
    WR_UNROLL
    for (int k = 0; k < taps; k++)
        sum = (int16_t)(sum + wr_product(weights[k], fixed_of(in, 0, in->x, first + k)));
    return sum;
}

WR_PIXEL int fixed_row_at(const struct window *in, int x)
{
    const int first = int_table(in, 0)[x], taps = in->span;
    const ptrdiff_t positions = in->pass->out[0].width;
    const int16_t *weights = fixed_table(in, 1) + x;
    int sum = 0;
    WR_UNROLL
    for (int k = 0; k < taps; k++)
        sum += wr_product(weights[k * positions], fixed_of(in, 0, first + k, in->y));
    return sum;
}

WR_PIXEL int fixed_row(const struct window *in)
{
    return fixed_row_at(in, in->x);
}

WR_PIXEL int fixed_column_first(const struct fixed *p, const struct window *in)
{
    (void)p;
    return fixed_whole(fixed_column(in));
}

WR_PIXEL int fixed_column_middle(const struct fixed *p, const struct window *in)
{
    (void)p;
    return fixed_whole(fixed_column(in));
}

WR_PIXEL int fixed_column_last(const struct fixed *p, const struct window *in)
{
    (void)p;
    return fixed_sample(fixed_column(in));
}

#ifndef __CUDACC__
// What phases.h does its sums with.
enum { PHASES_STORAGE = WR_I16 };
typedef int16_t phases_number;
typedef int16_t phases_numbers __attribute__((vector_size(WR_VECTOR)));

WR_PIXEL phases_number phases_load(const unsigned char *row, int storage, int x)
{
    return (int16_t)fixed_load(row, storage, x);
}

WR_PIXEL phases_numbers phases_times(phases_number weight, phases_numbers numbers)
{
    for (int n = 0; n < WR_VECTOR / 2; n++)
        numbers[n] = (int16_t)wr_product(weight, numbers[n]);
    return numbers;
}

WR_PIXEL phases_number phases_sum(const struct window *in, int x)
{
    return (int16_t)fixed_row_at(in, x);
}

WR_PIXEL phases_number phases_element(phases_number sum)
{
    return (int16_t)fixed_whole(sum);
}

WR_PIXEL int phases_sample(phases_number sum, int max)
{
    (void)max;
    return fixed_sample(sum);
}
#endif

#include "kernels/pixel/phases.h"

WR_PIXEL int fixed_row_first(const struct phases *p, const struct window *in)
{
    (void)p;
    return fixed_whole(fixed_row(in));
}

WR_PIXEL int fixed_row_last(const struct phases *p, const struct window *in)
{
    (void)p;
    return fixed_sample(fixed_row(in));
}

#ifndef __CUDACC__
PHASES_ROW(fixed_row_first)
PHASES_ROW(fixed_row_last)
#endif

// A sample of 16 bits from one of 13.
WR_PIXEL int fixed_widened(int value)
{
    const int sample = wr_clamp(value, 0, 8191);
    return sample << 3 | sample >> 10;
}

WR_PIXEL void fixed_to_rgb(const struct fixed_to_rgb *p, const struct window *in, int out[])
{
    const int blue = fixed_of(in, 1, in->x, in->y), red = fixed_of(in, 2, in->x, in->y);
    const int luma = (int16_t)(wr_product(p->luma, fixed_of(in, 0, in->x, in->y)) + p->offset);
    const int green = wr_product(p->green_by_blue, blue) + wr_product(p->green_by_red, red);
    out[0] = fixed_widened((int16_t)(luma + green));
    out[1] = fixed_widened((int16_t)(luma + wr_product(p->blue, blue)));
    out[2] = fixed_widened((int16_t)(luma + wr_product(p->red, red)));
}

// -16384 to 16383, so that the difference of two fits 16 bits.
WR_PIXEL int fixed_half(const struct window *in, int n)
{
    return (int16_t)((at_of(in, n, 0, 0) >> 1) - 16384);
}

WR_PIXEL int fixed_to_yuv(const struct fixed_to_yuv *p, const struct window *in, int chroma[])
{
    const int green = fixed_half(in, 0), blue = fixed_half(in, 1), red = fixed_half(in, 2);
    const int luma = (int16_t)(wr_product(p->green, green) + wr_product(p->blue, blue) +
                               wr_product(p->red, red));
    chroma[0] = wr_product(p->blue_difference, (int16_t)(blue - luma));
    chroma[1] = wr_product(p->red_difference, (int16_t)(red - luma));
    return fixed_sample_from_half(wr_product(p->luma, luma) + p->offset);
}

enum { fixed_to_yuv_rest = WR_I16 };

#define KERNELS(K)                                                                                 \
    K(ROW, fixed_row_first, struct phases, (WR_U8), WR_I16)                                        \
    K(ROW, fixed_row_last, struct phases, (WR_I16), WR_U8)                                         \
    K(SUM, fixed_column_first, struct fixed, (WR_U8), WR_I16)                                      \
    K(SUM, fixed_column_middle, struct fixed, (WR_I16), WR_I16)                                    \
    K(SUM, fixed_column_last, struct fixed, (WR_I16), WR_U8)                                       \
    K(COLOR, fixed_to_rgb, struct fixed_to_rgb, (WR_U8, WR_I16, WR_I16), WR_U16)                   \
    K(SPLIT, fixed_to_yuv, struct fixed_to_yuv, (WR_U16, WR_U16, WR_U16), WR_U8)
