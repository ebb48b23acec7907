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
// For CUDA a thread has a strip of two columns. Patches of neighbours overlap: squared differences
// are summed up once along each column, sliding down, and the threads of a warp exchange these sums
// to add them up along rows.
enum { NLMEANS_SHARED = 3 }; // patches up to this are constants and shared like that

// Rows of a column that the patches of a strip read.
#define NLMEANS_ROWS(patch) (WR_STRIP + 2 * (patch))

// Columns that a warp computes on either side for others.
WR_ANYWHERE int wr_halo(const struct nlmeans *p)
{
    return p->patch <= NLMEANS_SHARED ? p->patch : 0;
}

// The squared differences of a column of samples, `own`, and those dx columns and dy rows away,
// summed up over the rows of each sample's patch.
WR_PIXEL void nlmeans_sum_column(const struct nlmeans *p, const struct window *in, int patch,
                                 const int *own, int dx, int dy, int sum[WR_STRIP])
{
    int square[NLMEANS_ROWS(NLMEANS_SHARED)];
#pragma unroll
    for (int n = 0; n < NLMEANS_ROWS(patch); n++)
        square[n] = nlmeans_square(p, in->storage[0], own[n] - at(in, dx, dy + n - patch));
    sum[0] = square[0];
#pragma unroll
    for (int n = 1; n <= 2 * patch; n++)
        sum[0] += square[n];
#pragma unroll
    for (int n = 1; n < WR_STRIP; n++)
        sum[n] = sum[n - 1] + square[n + 2 * patch] - square[n - 1];
}

// Adds up the sums of neighbouring columns, of which each thread of the warp has two.
WR_PIXEL void nlmeans_sum_row(int patch, int left, int right, int *left_distance,
                              int *right_distance)
{
    const unsigned all = 0xffffffff;
    const int farthest = (patch + 1) / 2, pair = left + right;
    const int before = __shfl_up_sync(all, right, farthest);
    const int after = __shfl_down_sync(all, left, farthest);
    int common = pair;
#pragma unroll
    for (int n = 1; n < farthest; n++)
        common += __shfl_up_sync(all, pair, n) + __shfl_down_sync(all, pair, n);
    if (patch % 2) {
        *left_distance = common + before;
        *right_distance = common + after;
    } else {
        common += before + after;
        *left_distance = common + __shfl_up_sync(all, left, farthest);
        *right_distance = common + __shfl_down_sync(all, right, farthest);
    }
}

// Adds the squared differences of the strip's patches and those dx columns and dy rows away.
WR_PIXEL void nlmeans_compare(const struct nlmeans *p, const struct window *in, int column, int dx,
                              int dy, int distance[WR_STRIP])
{
    for (int y = -p->patch; y < WR_STRIP + p->patch; y++) {
        int row = 0;
        for (int x = column - p->patch; x <= column + p->patch; x++)
            row += nlmeans_square(p, in->storage[0], at(in, x, y) - at(in, x + dx, y + dy));
#pragma unroll
        for (int n = 0; n < WR_STRIP; n++)
            distance[n] += n - y <= p->patch && y - n <= p->patch ? row : 0;
    }
}

// How far both columns are from those dx columns and dy rows away. A patch of 0 is one that is not
// shared.
WR_PIXEL void nlmeans_distances(const struct nlmeans *p, const struct window *in, int patch,
                                const int own[2][NLMEANS_ROWS(NLMEANS_SHARED)], int dx, int dy,
                                int distance[2][WR_STRIP])
{
#pragma unroll
    for (int c = 0; c < 2; c++)
        if (patch)
            nlmeans_sum_column(p, in, patch, own[c], dx + c, dy, distance[c]);
        else
            nlmeans_compare(p, in, c, dx, dy, distance[c]);
#pragma unroll
    for (int n = 0; n < WR_STRIP && patch; n++)
        nlmeans_sum_row(patch, distance[0][n], distance[1][n], &distance[0][n], &distance[1][n]);
}

// Samples below the picture are computed as well, and nobody reads them.
WR_PIXEL void nlmeans_average(const struct nlmeans *p, const struct window *in, int patch,
                              int out[2][WR_STRIP])
{
    float sum[2][WR_STRIP] = {0}, total[2][WR_STRIP] = {0};
    int own[2][NLMEANS_ROWS(NLMEANS_SHARED)];
#pragma unroll
    for (int n = 0; n < 2 * NLMEANS_ROWS(patch); n++)
        own[n % 2][n / 2] = at(in, n % 2, n / 2 - patch);
#pragma unroll 1
    for (int row = 0; row <= p->research; row++)
#pragma unroll 1
        for (int side = -1; side <= 1; side += 2)
#pragma unroll 1
            for (int column = row ? -p->research : 1; column <= p->research; column++) {
                const int dx = side * column, dy = side * row;
                int distance[2][WR_STRIP] = {0};
                nlmeans_distances(p, in, patch, own, dx, dy, distance);
#pragma unroll
                for (int n = 0; n < 2 * WR_STRIP; n++) {
                    const int c = n % 2, x = in->x + c + dx, y = in->y + n / 2 + dy;
                    const int inside =
                        (unsigned)x < (unsigned)width(in) && (unsigned)y < (unsigned)height(in);
                    const float weight = nlmeans_weight(p, inside ? distance[c][n / 2] : p->limit);
                    sum[c][n / 2] += weight * (float)at(in, dx + c, n / 2 + dy);
                    total[c][n / 2] += weight;
                }
            }
#pragma unroll
    for (int n = 0; n < 2 * WR_STRIP; n++) {
        const float all = sum[n % 2][n / 2] + (float)own[n % 2][n / 2 + patch];
        out[n % 2][n / 2] = wr_to_sample(all / (total[n % 2][n / 2] + 1.0f), p->max);
    }
}

WR_PIXEL void nlmeans_warp(const struct nlmeans *p, const struct window *in, int out[2][WR_STRIP])
{
    switch (in->clamped ? 0 : wr_halo(p)) {
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
        nlmeans_average(p, in, 0, out);
    }
}
#endif

#include "kernels/filters/nlmeans_block.h"

#define KERNELS(K) K(WARP, nlmeans, struct nlmeans, (WR_SAMPLE), WR_SAMPLE)
