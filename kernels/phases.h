// SPDX-License-Identifier: MIT
// Part of resample.h: rows resampled by a ratio of small numbers, to the same bits.
//
// Windows repeat: those of each `up`-th position lie `down` samples apart and, but for the ends of
// the row, have the same weights. So the positions of one such phase can be the lanes of vectors,
// and the samples of each tap too, once they are dealt out; nothing is looked up.
#pragma once

#include <string.h>

#include "kernels/pixel.h"

enum { PHASES = 4, PHASES_TAPS = 16 };

// Windows of the n-th positions of a phase begin at start[phase] + n * down. Table 2 (float) has
// PHASES_TAPS weights for each phase, of which taps[phase] count; tables 0 and 1 are resample.h's.
struct phases {
    int max; // largest sample value
    int up, down;
    int from, to; // positions whose windows repeat
    int start[PHASES], taps[PHASES];
    int least; // of start
};

WR_PIXEL float phases_first(const struct phases *p, const struct window *in)
{
    (void)p;
    return resample_row(in);
}

WR_PIXEL float phases_middle(const struct phases *p, const struct window *in)
{
    (void)p;
    return resample_row(in);
}

WR_PIXEL int phases_last(const struct phases *p, const struct window *in)
{
    return wr_to_sample(resample_row(in), p->max);
}

WR_PIXEL int phases_only(const struct phases *p, const struct window *in)
{
    return wr_to_sample(resample_row(in), p->max);
}

#ifndef __CUDACC__
enum {
    PHASES_RUN = 1024,                        // positions of a phase at once
    PHASES_WHOLE = 32,                        // samples and positions are rounded up to
    PHASES_LENGTH = PHASES_RUN + PHASES_WHOLE // of samples of a phase
};

// The taps of a phase that count: where their samples are, once they are dealt out, and weights.
struct phases_taps {
    int count, place[PHASES_TAPS];
    float weight[PHASES_TAPS];
};

WR_PIXEL void phases_find(const struct phases *p, const float *weights, int phase,
                          struct phases_taps *taps)
{
    taps->count = 0;
    for (int k = 0; k < p->taps[phase]; k++) {
        const int sample = p->start[phase] - p->least + k;
        taps->place[taps->count] = sample % p->down * PHASES_LENGTH + sample / p->down;
        taps->weight[taps->count] = weights[phase * PHASES_TAPS + k];
        taps->count += weights[phase * PHASES_TAPS + k] != 0;
    }
}

// Groups n0 to n1 of `phases` samples from column `from` on, each sample to its phase. Outside the
// picture they are 0.
WR_PIXEL void phases_read_ends(const struct window *in, int from, int phases, int n0, int n1,
                               float *to)
{
    for (int n = n0; n < n1; n++)
        for (int k = 0; k < phases; k++) {
            const int x = from + phases * n + k;
            to[k * PHASES_LENGTH + n] =
                x >= 0 && x < width(in) ? sample_float_of(in, 0, x, in->y) : 0.0f;
        }
}

// `length` groups; phases is a constant.
WR_PIXEL void phases_read_by(const struct window *in, int from, int phases, int length,
                             float *restrict to)
{
    const int left = wr_clamp((phases - 1 - from) / phases, 0, length);
    const int right = wr_clamp((width(in) - from) / phases, left, length);
    const int beyond = wr_min(right + 1, length);
    phases_read_ends(in, from, phases, 0, left, to);
    for (int n = left; n < right; n++)
        for (int k = 0; k < phases; k++)
            to[k * PHASES_LENGTH + n] = sample_float_of(in, 0, from + phases * n + k, in->y);
    phases_read_ends(in, from, phases, right, beyond, to);
    for (int k = 0; k < phases; k++)
        for (int n = beyond; n < length; n++)
            to[k * PHASES_LENGTH + n] = 0.0f;
}

WR_PIXEL void phases_read(const struct window *in, int from, int phases, int length, float *to)
{
    switch (phases) {
    case 1:
        phases_read_by(in, from, 1, length, to);
        break;
    case 2:
        phases_read_by(in, from, 2, length, to);
        break;
    case 3:
        phases_read_by(in, from, 3, length, to);
        break;
    default:
        phases_read_by(in, from, 4, length, to);
    }
}

// Adds up whole vectors of positions; count is that of the taps.
WR_PIXEL void phases_add_taps(const float *samples, const struct phases_taps *taps, int count,
                              int positions, float *restrict sums)
{
    for (int n = 0; n < positions; n += RESAMPLE_VECTOR) {
        resample_floats sum = {0};
        for (int k = 0; k < count; k++) {
            resample_floats some;
            memcpy(&some, samples + taps->place[k] + n, sizeof some);
            sum = k ? sum + taps->weight[k] * some : taps->weight[k] * some;
        }
        memcpy(sums + n, &sum, sizeof sum);
    }
}

// The most usual numbers of taps are worth code of their own.
WR_PIXEL void phases_add(const float *samples, const struct phases_taps *taps, int positions,
                         float *sums)
{
    switch (taps->count) {
    case 1:
        phases_add_taps(samples, taps, 1, positions, sums);
        break;
    case 4:
        phases_add_taps(samples, taps, 4, positions, sums);
        break;
    case 5:
        phases_add_taps(samples, taps, 5, positions, sums);
        break;
    case 6:
        phases_add_taps(samples, taps, 6, positions, sums);
        break;
    default:
        phases_add_taps(samples, taps, taps->count, positions, sums);
    }
}

// One sum, as a float or rounded to a sample.
WR_PIXEL void phases_put_one(const struct phases *p, float sum, int to, unsigned char *out, int n)
{
    if (to == WR_F32)
        ((float *)out)[n] = sum;
    else if (to == WR_U16)
        ((uint16_t *)out)[n] = (uint16_t)wr_to_sample(sum, p->max);
    else
        out[n] = (unsigned char)wr_to_sample(sum, p->max);
}

// Sums of all phases by turns.
WR_PIXEL void phases_put_by(const struct phases *p, const float *restrict sums, int up, int count,
                            int to, unsigned char *restrict out)
{
    const int whole = count / up;
    for (int n = 0; n < whole; n++)
        for (int j = 0; j < up; j++)
            phases_put_one(p, sums[j * PHASES_RUN + n], to, out, up * n + j);
    for (int n = whole * up; n < count; n++)
        phases_put_one(p, sums[n % up * PHASES_RUN + whole], to, out, n);
}

WR_PIXEL void phases_put(const struct phases *p, const float *sums, int count, int to,
                         unsigned char *out)
{
    switch (p->up) {
    case 1:
        phases_put_by(p, sums, 1, count, to, out);
        break;
    case 2:
        phases_put_by(p, sums, 2, count, to, out);
        break;
    case 3:
        phases_put_by(p, sums, 3, count, to, out);
        break;
    default:
        phases_put_by(p, sums, 4, count, to, out);
    }
}

// `count` positions from x on, a multiple of up.
WR_PIXEL void phases_run(const struct phases *p, const struct phases_taps *taps,
                         const struct window *in, int x, int count, int to, unsigned char *out)
{
    const int each = (count + p->up * PHASES_WHOLE - 1) / (p->up * PHASES_WHOLE) * PHASES_WHOLE;
    float samples[PHASES * PHASES_LENGTH], sums[PHASES * PHASES_RUN];
    phases_read(in, p->least + x / p->up * p->down, p->down, each + PHASES_WHOLE, samples);
    for (int j = 0; j < p->up; j++)
        phases_add(samples, &taps[j], each, sums + j * PHASES_RUN);
    phases_put(p, sums, count, to, out);
}

// Positions near the ends of the row, one by one.
WR_PIXEL void phases_put_ends(const struct phases *p, const struct window *in, int count, int to,
                              unsigned char *out)
{
    struct window end = *in;
    for (end.x = 0; end.x < wr_min(p->from, count); end.x++)
        phases_put_one(p, resample_row(&end), to, out, end.x);
    for (end.x = p->to; end.x < count; end.x++)
        phases_put_one(p, resample_row(&end), to, out, end.x);
}

WR_PIXEL int phases_row(const struct phases *p, const struct window *in, int count, int to,
                        unsigned char *out)
{
    const int bytes = to == WR_F32 ? 4 : to == WR_U16 ? 2 : 1, run = p->up * PHASES_RUN;
    struct phases_taps taps[PHASES];
    for (int j = 0; j < p->up; j++)
        phases_find(p, float_table(in, 2), j, &taps[j]);
    for (int x = 0; x < count; x += run)
        phases_run(p, taps, in, x, wr_min(count - x, run), to, out + x * bytes);
    phases_put_ends(p, in, count, to, out);
    return count;
}

// Which of them it is, the storage tells.
#define PHASES_ROW(name)                                                                           \
    WR_PIXEL int name##_row(const struct phases *p, const struct window *in, int count, int to,    \
                            unsigned char *out)                                                    \
    {                                                                                              \
        return phases_row(p, in, count, to, out);                                                  \
    }
PHASES_ROW(phases_first)
PHASES_ROW(phases_middle)
PHASES_ROW(phases_last)
PHASES_ROW(phases_only)
#endif
