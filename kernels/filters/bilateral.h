// SPDX-License-Identifier: MIT
// bilateral: each sample becomes a mean of those around it, weighted by how near they are and by
// how little they differ (Tomasi, Manduchi 1998).
//
// Both weights are Gaussians. The window is a disc of three sigmaS.
// Weights below exp(-BILATERAL_CUTOFF) of a sample's own are 0. Table 0 (float) holds the weights
// by distance, [abs(dy)][abs(dx)], radius + 1 in a row; table 1 (int32) how far the disc goes in
// row abs(dy). Where samples are bytes, table 2 (float) holds the weights by difference, from -255
// to 255, for CUDA, which looks them up in less time than it computes them. Sums of rows are added
// up to sums of windows: of a million weights one after another a float would lose the last ones.
#pragma once

#include "kernels/pixel/pixel.h"

enum { BILATERAL_CUTOFF = 16, BILATERAL_MOST = 255 };

struct bilateral {
    int radius;
    float scale; // a 32nd of the exponent per squared difference
    int max;     // largest sample value
};

// exp(-32 u) for u <= 1/2, wrong by at most 3e-5 of its value, and 0 above: a polynomial fitted to
// exp(-u) with the smallest relative error, to the power of 32.
WR_PIXEL float bilateral_weight(const struct bilateral *p, float difference)
{
    const float limit = BILATERAL_CUTOFF / 32.0f, far = difference * difference * p->scale;
    const float u = far < limit ? far : limit;
    const float e1 =
        (((0.0325831324f * u - 0.162919432f) * u + 0.499370605f) * u - 0.999966323f) * u + 1.0f;
    const float e2 = e1 * e1, e4 = e2 * e2, e8 = e4 * e4, e16 = e8 * e8;
    return far < limit ? e16 * e16 : 0.0f;
}

// Where the weight of no difference is. The compiler must not know how this came about: it would
// add BILATERAL_MOST to every difference. That it is global memory it may know.
WR_PIXEL const float *bilateral_middle(const struct window *in)
{
    const float *middle = float_table(in, 2) + BILATERAL_MOST;
#ifdef __CUDACC__
    asm("" : "+l"(middle));
    __builtin_assume(__isGlobal(middle));
#endif
    return middle;
}

WR_PIXEL float bilateral_look_up(const struct bilateral *p, const struct window *in,
                                 const float *middle, int difference)
{
    return in->storage[0] == WR_U8 ? middle[difference] : bilateral_weight(p, (float)difference);
}

// For CUDA a column of samples at once, to which each weight by distance is the same. Samples
// below the picture are computed as well, and nobody reads them.
WR_PIXEL void bilateral_strip(const struct bilateral *p, const struct window *in, int count,
                              int *out)
{
    const float *const middle = bilateral_middle(in);
    int own[WR_STRIP];
    float sum[WR_STRIP] = {0}, total[WR_STRIP] = {0};
    (void)count;
    WR_UNROLL
    for (int n = 0; n < WR_STRIP; n++)
        own[n] = at(in, 0, n);
    for (int dy = -p->radius; dy <= p->radius; dy++) {
        const int row = dy < 0 ? -dy : dy, reach = int_table(in, 1)[row];
        const int first = row * (p->radius + 1);
        float row_sum[WR_STRIP] = {0}, row_total[WR_STRIP] = {0};
        WR_UNROLL_FEW
        for (int dx = -reach; dx <= reach; dx++) {
            const float nearness = float_table(in, 0)[first + (dx < 0 ? -dx : dx)];
            WR_UNROLL
            for (int n = 0; n < WR_STRIP; n++) {
                const int difference = at(in, dx, dy + n) - own[n];
                const float weight = nearness * bilateral_look_up(p, in, middle, difference);
                row_sum[n] += weight * (float)difference;
                row_total[n] += weight;
            }
        }
        WR_UNROLL
        for (int n = 0; n < WR_STRIP; n++) {
            sum[n] += row_sum[n];
            total[n] += row_total[n];
        }
    }
    WR_UNROLL
    for (int n = 0; n < WR_STRIP; n++)
        out[n] = wr_to_sample((float)own[n] + sum[n] / total[n], p->max);
}

// For the CPU, 64 neighbours at a time: a copy of the rectangle with the picture's edge repeated,
// as floats, lies in the scratch memory.
enum { bilateral_block_columns = 256, bilateral_block_rows = 64, BILATERAL_LANES = 64 };

WR_PIXEL ptrdiff_t bilateral_pitch(int radius, int columns)
{
    return (columns + BILATERAL_LANES - 1) / BILATERAL_LANES * BILATERAL_LANES + 2 * radius;
}

WR_PIXEL size_t bilateral_scratch(int radius)
{
    return sizeof(float) * (size_t)(bilateral_pitch(radius, bilateral_block_columns) *
                                    (bilateral_block_rows + 2 * radius));
}

// The sums of BILATERAL_LANES samples from `own` on.
WR_PIXEL void bilateral_lanes(const struct bilateral *p, const struct window *in, const float *own,
                              ptrdiff_t pitch, float *restrict result)
{
    float sum[BILATERAL_LANES] = {0}, total[BILATERAL_LANES] = {0}, centre[BILATERAL_LANES];
    for (int n = 0; n < BILATERAL_LANES; n++)
        centre[n] = own[n];
    for (int dy = -p->radius; dy <= p->radius; dy++) {
        const int row = dy < 0 ? -dy : dy, reach = int_table(in, 1)[row];
        const float *const near = float_table(in, 0) + row * (p->radius + 1);
        float row_sum[BILATERAL_LANES] = {0}, row_total[BILATERAL_LANES] = {0};
        for (int dx = -reach; dx <= reach; dx++) {
            const float *const other = own + dy * pitch + dx;
            const float nearness = near[dx < 0 ? -dx : dx];
            for (int n = 0; n < BILATERAL_LANES; n++) {
                const float difference = other[n] - centre[n];
                const float weight = nearness * bilateral_weight(p, difference);
                row_sum[n] += weight * difference;
                row_total[n] += weight;
            }
        }
        for (int n = 0; n < BILATERAL_LANES; n++) {
            sum[n] += row_sum[n];
            total[n] += row_total[n];
        }
    }
    for (int n = 0; n < BILATERAL_LANES; n++)
        result[n] = centre[n] + sum[n] / total[n];
}

WR_PIXEL void bilateral_block(const struct bilateral *p, const struct window *in, int columns,
                              int rows, int *restrict out)
{
    const int radius = p->radius;
    const ptrdiff_t pitch = bilateral_pitch(radius, columns);
    float *const samples = (float *)in->pass->scratch;
    for (int y = 0; y < rows + 2 * radius; y++)
        for (int x = 0; x < pitch; x++)
            samples[y * pitch + x] = at_float(in, x - radius, y - radius);
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x += BILATERAL_LANES) {
            float result[BILATERAL_LANES];
            bilateral_lanes(p, in, samples + (y + radius) * pitch + x + radius, pitch, result);
            for (int n = 0; n < BILATERAL_LANES && x + n < columns; n++)
                out[y * columns + x + n] = wr_to_sample(result[n], p->max);
        }
}

#define KERNELS(K) K(STRIP, bilateral, struct bilateral, (WR_SAMPLE), WR_SAMPLE)
