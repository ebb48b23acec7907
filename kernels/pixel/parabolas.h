// SPDX-License-Identifier: MIT
// A smooth table for samples of 16 bits as parabolas: a CPU with vectors that hold them computes
// what it would otherwise look up one by one in 128 KiB.
#pragma once

#include <string.h>

#include "kernels/pixel/product.h"

enum {
    PARABOLAS = 64,
    PARABOLAS_SAMPLES = 65536 / PARABOLAS, // neighbouring ones, for each parabola
    PARABOLAS_STEP = 32768 / PARABOLAS_SAMPLES,
    PARABOLAS_MOST = 16383
};

// Over its samples, x = 0 to 1, a parabola is start + slope * x + bow * x * (1 - x). Fractions are
// in 1/32768, and so are products. The result, clipped to 15 bits around 0, is half of what it
// stands for, so that values before clipping still fit 16 bits.
struct parabolas {
    int16_t start[PARABOLAS], slope[PARABOLAS], bow[PARABOLAS];
};

struct parabolas_table {
    int unused;
};

// Before it is clipped.
WR_PIXEL int parabolas_value(const struct parabolas *p, int sample)
{
    const int n = sample / PARABOLAS_SAMPLES, x = sample % PARABOLAS_SAMPLES * PARABOLAS_STEP;
    return p->start[n] + wr_product(p->slope[n], x) +
           wr_product(p->bow[n], wr_product(x, 32767 - x));
}

// The sample that it stands for: all ones of 15 bits become all ones of 16.
WR_PIXEL uint16_t parabolas_whole(int value)
{
    const int half = wr_clamp(value, -PARABOLAS_MOST - 1, PARABOLAS_MOST) + PARABOLAS_MOST + 1;
    return (uint16_t)(half << 1 | half >> 14);
}

// Table 0 (uint16_t, 65536 entries) holds what the parabolas give, table 1 the parabolas.
WR_PIXEL int parabolas(const struct parabolas_table *arguments, const struct window *in)
{
    (void)arguments;
    return short_table(in, 0)[at(in, 0, 0)];
}

#ifndef __CUDACC__
#ifdef __AVX512BW__
enum { PARABOLAS_LANES = 32 };
typedef uint16_t parabolas_samples __attribute__((vector_size(2 * PARABOLAS_LANES)));
typedef int16_t parabolas_lanes __attribute__((vector_size(2 * PARABOLAS_LANES)));

// One number of each parabola, and which of them each lane gets.
WR_PIXEL parabolas_lanes parabolas_pick(const parabolas_lanes of[2], parabolas_lanes number)
{
    return __builtin_shuffle(of[0], of[1], number);
}

WR_PIXEL parabolas_lanes parabolas_products(parabolas_lanes a, parabolas_lanes b)
{
    parabolas_lanes products;
    for (int n = 0; n < PARABOLAS_LANES; n++)
        products[n] = (int16_t)wr_product(a[n], b[n]);
    return products;
}

WR_PIXEL void parabolas_compute(const parabolas_lanes start[2], const parabolas_lanes slope[2],
                                const parabolas_lanes bow[2], const unsigned char *from,
                                uint16_t *restrict to)
{
    parabolas_samples samples;
    memcpy(&samples, from, sizeof samples);
    const parabolas_lanes number = (parabolas_lanes)(samples / PARABOLAS_SAMPLES);
    const parabolas_lanes x = (parabolas_lanes)(samples % PARABOLAS_SAMPLES * PARABOLAS_STEP);
    const parabolas_lanes arc = parabolas_products(x, 32767 - x);
    const parabolas_lanes values = parabolas_pick(start, number) +
                                   parabolas_products(parabolas_pick(slope, number), x) +
                                   parabolas_products(parabolas_pick(bow, number), arc);
    for (int n = 0; n < PARABOLAS_LANES; n++)
        to[n] = parabolas_whole(values[n]);
}

// At the end vectors overlap.
WR_PIXEL int parabolas_row(const struct parabolas_table *p, const struct window *in, int count,
                           int to, unsigned char *out)
{
    (void)p, (void)to;
    const struct parabolas *const all = in->pass->table[1];
    const unsigned char *const row = wr_row(in, 0, in->y) + 2 * in->x;
    const int last = count - PARABOLAS_LANES;
    parabolas_lanes start[2], slope[2], bow[2];
    memcpy(start, all->start, sizeof start);
    memcpy(slope, all->slope, sizeof slope);
    memcpy(bow, all->bow, sizeof bow);
    for (int n = 0; n < count && last >= 0; n += PARABOLAS_LANES) {
        const int at = wr_min(n, last);
        parabolas_compute(start, slope, bow, row + 2 * at, (uint16_t *)out + at);
    }
    return last < 0 ? 0 : count;
}
#else
WR_PIXEL int parabolas_row(const struct parabolas_table *p, const struct window *in, int count,
                           int to, unsigned char *out)
{
    (void)p, (void)in, (void)count, (void)to, (void)out;
    return 0;
}
#endif
#endif
