// SPDX-License-Identifier: MIT
// nlmeans: each sample becomes a mean of those around it, weighted by how alike their
// surroundings are (Buades, Coll, Morel 2005, non-local means).
//
// The distance between two samples is the sum of squared differences of the patches around them,
// not divided by the patch's size; a sample's own weight is 1, another's exp(-distance / (10 s)^2),
// and 0 where that would be below 1/255. All as FFmpeg's vf_nlmeans has it at 8 bits; deeper
// samples are measured in units of 8-bit ones. Patches repeat the picture's edge; samples outside
// the picture are not averaged.
//
// Distances are integers, so that they may be added up in any order. Weights are floats and are
// added up in this one: shifts of no rows, then of one row up or down, and so on; of each, first
// those to the one side, then those to the other.
#pragma once

#include "kernels/pixel/pixel.h"

struct nlmeans {
    int patch;       // samples to each side
    int research;    // likewise
    int limit;       // distances from here on weigh nothing
    uint32_t most;   // squared differences above count as this: they alone weigh nothing
    int drop, round; // bits that squared differences lose so that distances fit an int
    float scale;     // an eighth of the exponent per unit of distance
    int max;         // largest sample value
};

WR_PIXEL int nlmeans_square(const struct nlmeans *p, int storage, int difference)
{
    if (storage == WR_U8)
        return difference * difference;
    const uint32_t square = (uint32_t)difference * (uint32_t)difference;
    return (int)(((square < p->most ? square : p->most) + (uint32_t)p->round) >> p->drop);
}

// exp(-8 u) for 0 <= u <= log(255) / 8, wrong by at most 2.4e-5 of its value: a polynomial fitted
// to exp(-u) with the smallest relative error, to the power of eight.
WR_PIXEL float nlmeans_weight(const struct nlmeans *p, int distance)
{
    const float u = (float)(distance < p->limit ? distance : p->limit) * p->scale;
    const float e1 =
        (((0.029603662f * u - 0.15982753f) * u + 0.498401046f) * u - 0.999879718f) * u + 1.0f;
    const float e2 = e1 * e1, e4 = e2 * e2;
    return distance < p->limit ? e4 * e4 : 0.0f;
}

#ifdef __CUDACC__
// For CUDA a column of samples at once: their patches share rows, each of which is compared once.

// Adds the squared differences of the strip's patches and those dx columns and dy rows away.
WR_PIXEL void nlmeans_compare(const struct nlmeans *p, const struct window *in, int patch, int dx,
                              int dy, int distance[WR_STRIP])
{
#pragma unroll
    for (int y = -patch; y < WR_STRIP + patch; y++) {
        int row = 0;
#pragma unroll
        for (int x = -patch; x <= patch; x++)
            row += nlmeans_square(p, in->storage[0], at(in, x, y) - at(in, x + dx, y + dy));
#pragma unroll
        for (int n = 0; n < WR_STRIP; n++)
            distance[n] += n - y <= patch && y - n <= patch ? row : 0;
    }
}

// Samples below the picture are computed as well, and nobody reads them.
WR_PIXEL void nlmeans_average(const struct nlmeans *p, const struct window *in, int patch, int *out)
{
    float sum[WR_STRIP] = {0}, total[WR_STRIP] = {0};
#pragma unroll 1
    for (int row = 0; row <= p->research; row++)
#pragma unroll 1
        for (int side = -1; side <= 1; side += 2)
#pragma unroll 1
            for (int column = row ? -p->research : 1; column <= p->research; column++) {
                const int dx = side * column, dy = side * row;
                int distance[WR_STRIP] = {0};
                if (in->x + dx < 0 || in->x + dx >= width(in))
                    continue;
                nlmeans_compare(p, in, patch, dx, dy, distance);
                WR_UNROLL
                for (int n = 0; n < WR_STRIP; n++) {
                    const int y = in->y + n + dy, inside = y >= 0 && y < height(in);
                    const float weight = inside ? nlmeans_weight(p, distance[n]) : 0.0f;
                    sum[n] += weight * (float)at(in, dx, n + dy);
                    total[n] += weight;
                }
            }
    WR_UNROLL
    for (int n = 0; n < WR_STRIP; n++)
        out[n] = wr_to_sample((sum[n] + (float)at(in, 0, n)) / (total[n] + 1.0f), p->max);
}

// The usual patches are constants where blocks have tiles, so that comparing them unrolls. Elsewhere
// so many clamped places would not fit registers.
WR_PIXEL void nlmeans_strip(const struct nlmeans *p, const struct window *in, int count, int *out)
{
    (void)count;
    switch (in->clamped ? 0 : p->patch) {
    case 1:
        nlmeans_average(p, in, 1, out);
        break;
    case 2:
        nlmeans_average(p, in, 2, out);
        break;
    case 3:
        nlmeans_average(p, in, 3, out);
        break;
    default:
        nlmeans_average(p, in, p->patch, out);
    }
}
#endif

#include "kernels/filters/nlmeans_block.h"

#define KERNELS(K) K(STRIP, nlmeans, struct nlmeans, (WR_SAMPLE), WR_SAMPLE)
