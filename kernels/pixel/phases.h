// SPDX-License-Identifier: MIT
// Part of resample.h and of fixed.h: rows resampled by a ratio of small numbers, to the same bits.
//
// Windows repeat: those of each `up`-th position lie `down` samples apart and, but for the ends of
// the row, have the same weights. So the positions of one such phase can be the lanes of vectors,
// and the samples of each tap too, once they are sorted by phase; nothing is looked up.
//
// The file that includes this defines before which numbers samples, weights and sums are:
//
//     phases_number, PHASES_STORAGE    the type
//     phases_numbers                   as many as the level's registers hold
//     phases_load(row, storage, x)     a sample
//     phases_times(weight, numbers)    each number weighted
//     phases_sum(in, x)                the sum for a position of the window's row, by itself
//     phases_element(sum)              a sum as it is handed on
//     phases_sample(sum, max)          or as a sample of at most max
#pragma once

#include <string.h>

#include "kernels/pixel/pixel.h"

enum { PHASES = 4, PHASES_TAPS = 16 };

// Windows of the n-th positions of a phase begin at start[phase] + n * down. Table 2 has
// PHASES_TAPS weights for each phase, of which taps[phase] count; tables 0 and 1 are resample.h's.
struct phases {
    int max; // largest sample value
    int up, down;
    int from, to; // positions whose windows repeat
    int start[PHASES], taps[PHASES];
    int least; // of start
};

#ifndef __CUDACC__
enum {
    PHASES_RUN = 1024,                        // positions of a phase at once
    PHASES_WHOLE = 32,                        // samples and positions are rounded up to
    PHASES_LENGTH = PHASES_RUN + PHASES_WHOLE // of samples of a phase
};

// Steps that all kernels share. They are not inlined, so that none runs out of registers.
#define PHASES_APART static __attribute__((noinline, unused))

// The taps of a phase that count: where their samples are, once sorted by phase, and weights.
struct phases_taps {
    int count, place[PHASES_TAPS];
    phases_number weight[PHASES_TAPS];
};

WR_PIXEL void phases_find(const struct phases *p, const phases_number *weights, int phase,
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

// A row of samples. The window itself would have to be stored in memory to be passed on.
struct phases_row {
    const unsigned char *data;
    int width, storage;
};

// Groups n0 to n1 of `phases` samples from column `from` on, each sample to its phase. Outside the
// picture they are 0.
WR_PIXEL void phases_read_ends(const struct phases_row *row, int storage, int from, int phases,
                               int n0, int n1, phases_number *to)
{
    for (int n = n0; n < n1; n++)
        for (int k = 0; k < phases; k++) {
            const int x = from + phases * n + k;
            to[k * PHASES_LENGTH + n] =
                x >= 0 && x < row->width ? phases_load(row->data, storage, x) : (phases_number)0;
        }
}

// `length` groups; storage and phases are constants.
WR_PIXEL void phases_read_by(const struct phases_row *row, int storage, int from, int phases,
                             int length, phases_number *restrict to)
{
    const int left = wr_clamp((phases - 1 - from) / phases, 0, length);
    const int right = wr_clamp((row->width - from) / phases, left, length);
    const int beyond = wr_min(right + 1, length);
    const unsigned char *const data = row->data;
    phases_read_ends(row, storage, from, phases, 0, left, to);
    for (int n = left; n < right; n++)
        for (int k = 0; k < phases; k++)
            to[k * PHASES_LENGTH + n] = phases_load(data, storage, from + phases * n + k);
    phases_read_ends(row, storage, from, phases, right, beyond, to);
    for (int k = 0; k < phases; k++)
        for (int n = beyond; n < length; n++)
            to[k * PHASES_LENGTH + n] = 0;
}

WR_PIXEL void phases_read_of(const struct phases_row *row, int storage, int from, int phases,
                             int length, phases_number *to)
{
    switch (phases) {
    case 1:
        phases_read_by(row, storage, from, 1, length, to);
        break;
    case 2:
        phases_read_by(row, storage, from, 2, length, to);
        break;
    case 3:
        phases_read_by(row, storage, from, 3, length, to);
        break;
    default:
        phases_read_by(row, storage, from, 4, length, to);
    }
}

PHASES_APART void phases_read(const struct phases_row *row, int from, int phases, int length,
                              phases_number *to)
{
    switch (row->storage) {
    case WR_U8:
        phases_read_of(row, WR_U8, from, phases, length, to);
        break;
    case WR_U16:
        phases_read_of(row, WR_U16, from, phases, length, to);
        break;
    default:
        phases_read_of(row, PHASES_STORAGE, from, phases, length, to);
    }
}

// Adds up whole vectors of positions; count is that of the taps.
WR_PIXEL void phases_add_taps(const phases_number *samples, const struct phases_taps *taps,
                              int count, int positions, phases_number *restrict sums)
{
    for (int n = 0; n < positions; n += (int)(sizeof(phases_numbers) / sizeof *sums)) {
        phases_numbers sum = {0};
        for (int k = 0; k < count; k++) {
            phases_numbers some;
            memcpy(&some, samples + taps->place[k] + n, sizeof some);
            some = phases_times(taps->weight[k], some);
            sum = k ? sum + some : some;
        }
        memcpy(sums + n, &sum, sizeof sum);
    }
}

// The most usual numbers of taps are worth code of their own.
PHASES_APART void phases_add(const phases_number *samples, const struct phases_taps *taps,
                             int positions, phases_number *sums)
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

// One sum.
WR_PIXEL void phases_put_one(const struct phases *p, phases_number sum, int to, unsigned char *out,
                             int n)
{
    if (to == WR_U8)
        out[n] = (unsigned char)phases_sample(sum, p->max);
    else if (to == WR_U16)
        ((uint16_t *)out)[n] = (uint16_t)phases_sample(sum, p->max);
    else
        ((phases_number *)out)[n] = phases_element(sum);
}

// Sums of all phases by turns.
WR_PIXEL void phases_put_by(const struct phases *p, const phases_number *restrict sums, int up,
                            int count, int to, unsigned char *restrict out)
{
    const int whole = count / up;
    for (int n = 0; n < whole; n++)
        for (int j = 0; j < up; j++)
            phases_put_one(p, sums[j * PHASES_RUN + n], to, out, up * n + j);
    for (int n = whole * up; n < count; n++)
        phases_put_one(p, sums[n % up * PHASES_RUN + whole], to, out, n);
}

WR_PIXEL void phases_put_to(const struct phases *p, const phases_number *sums, int count, int to,
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

PHASES_APART void phases_put(const struct phases *p, const phases_number *sums, int count, int to,
                             unsigned char *out)
{
    switch (to) {
    case WR_U8:
        phases_put_to(p, sums, count, WR_U8, out);
        break;
    case WR_U16:
        phases_put_to(p, sums, count, WR_U16, out);
        break;
    default:
        phases_put_to(p, sums, count, PHASES_STORAGE, out);
    }
}

// `count` positions from x on, a multiple of up.
WR_PIXEL void phases_run(const struct phases *p, const struct phases_taps *taps,
                         const struct phases_row *row, int x, int count, int to, unsigned char *out)
{
    const int each = (count + p->up * PHASES_WHOLE - 1) / (p->up * PHASES_WHOLE) * PHASES_WHOLE;
    _Alignas(64) phases_number samples[PHASES * PHASES_LENGTH];
    _Alignas(64) phases_number sums[PHASES * PHASES_RUN];
    phases_read(row, p->least + x / p->up * p->down, p->down, each + PHASES_WHOLE, samples);
    for (int j = 0; j < p->up; j++)
        phases_add(samples, &taps[j], each, sums + j * PHASES_RUN);
    phases_put(p, sums, count, to, out);
}

// Positions near the ends of the row, one by one.
WR_PIXEL void phases_put_ends(const struct phases *p, const struct window *in, int count, int to,
                              unsigned char *out)
{
    for (int x = 0; x < wr_min(p->from, count); x++)
        phases_put_one(p, phases_sum(in, x), to, out, x);
    for (int x = p->to; x < count; x++)
        phases_put_one(p, phases_sum(in, x), to, out, x);
}

WR_PIXEL int phases_put_row(const struct phases *p, const struct window *in, int count, int to,
                            unsigned char *out)
{
    const int run = p->up * PHASES_RUN;
    const int bytes = (int)wr_storage_bytes(to);
    const struct phases_row row = {wr_row(in, 0, in->y), width(in), in->storage[0]};
    struct phases_taps taps[PHASES];
    for (int j = 0; j < p->up; j++)
        phases_find(p, (const phases_number *)in->pass->table[2], j, &taps[j]);
    for (int x = 0; x < count; x += run)
        phases_run(p, taps, &row, x, wr_min(count - x, run), to, out + x * bytes);
    phases_put_ends(p, in, count, to, out);
    return count;
}

// For kernels of form ROW; the storages tell them apart.
#define PHASES_ROW(name)                                                                           \
    WR_PIXEL int name##_row(const struct phases *p, const struct window *in, int count, int to,    \
                            unsigned char *out)                                                    \
    {                                                                                              \
        return phases_put_row(p, in, count, to, out);                                              \
    }
#endif
