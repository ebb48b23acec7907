// SPDX-License-Identifier: MIT
// lut3d: every colour looked up in a lattice of size^3 points and interpolated between them.
//
// A point of the lattice is one 64-bit word of three numbers, 21 bits for red, green and blue each,
// so that one load brings all three: (value + 1) * 8 * 65535, which leaves room for points from -1
// to 3 and three bits below those of a 16-bit sample. Weights are fractions of LUT3D_WHOLE, exact
// integers: so many that steps between points from black to white show none of them at 16 bits.
#pragma once

#include "kernels/pixel/pixel.h"

#define LUT3D_BITS 21
#define LUT3D_WEIGHT_BITS 20
#define LUT3D_WHOLE (1 << LUT3D_WEIGHT_BITS)
#define LUT3D_ONE (8 * 65535) // what 1 is in the lattice; what 0 is, too: points begin at -1

struct lut3d {
    // From a sample to a place along the axis: red, green, blue. Finite, so that no place is NaN.
    float scale[3], offset[3];
    int size;
};

// Where a colour lies: the lattice point below it, and how far it is from there along each axis.
struct lut3d_place {
    int point;
    int fraction[3]; // of LUT3D_WHOLE: red, green, blue
    int step[3];     // to the point above it, which is itself at the end of the lattice
};

WR_PIXEL uint64_t lut3d_point(const struct window *in, int point)
{
    return ((const uint64_t *)in->pass->table[0])[point];
}

// One colour of a point.
WR_PIXEL uint32_t lut3d_color(uint64_t point, int color)
{
    return (uint32_t)(point >> (LUT3D_BITS * color)) & ((1u << LUT3D_BITS) - 1);
}

// From a weighted sum of points (the weights being LUT3D_WHOLE together) to a sample.
WR_PIXEL int lut3d_sample(uint64_t sum)
{
    return wr_clamp((int)((sum + (4 << LUT3D_WEIGHT_BITS)) >> (LUT3D_WEIGHT_BITS + 3)) - 65535, 0,
                    65535);
}

// Sums of red, green and blue to the planes green, blue and red.
WR_PIXEL void lut3d_put(const uint64_t sum[3], int *out)
{
    for (int n = 0; n < 3; n++)
        out[n] = lut3d_sample(sum[(n + 1) % 3]);
}

// Inputs stand as planes do: green, blue, red.
WR_PIXEL struct lut3d_place lut3d_find(const struct lut3d *p, const struct window *in)
{
    const int value[3] = {at_of(in, 2, 0, 0), at_of(in, 0, 0, 0), at_of(in, 1, 0, 0)};
    const int step[3] = {1, p->size, p->size * p->size};
    struct lut3d_place place = {0, {0, 0, 0}, {0, 0, 0}};
    for (int c = 0; c < 3; c++) {
        const float along = wr_clamp_float((float)value[c] * p->scale[c] + p->offset[c], 0.0f,
                                           (float)(p->size - 1));
        const int below = (int)along;
        place.fraction[c] = (int)((along - (float)below) * (float)LUT3D_WHOLE + 0.5f);
        place.point += below * step[c];
        place.step[c] = below < p->size - 1 ? step[c] : 0;
    }
    return place;
}

WR_PIXEL void lut3d_nearest(const struct lut3d *p, const struct window *in, int *out)
{
    const struct lut3d_place place = lut3d_find(p, in);
    int point = place.point;
    for (int c = 0; c < 3; c++)
        point += place.fraction[c] >= LUT3D_WHOLE / 2 ? place.step[c] : 0;
    const uint64_t found = lut3d_point(in, point);
    uint64_t sum[3];
    for (int c = 0; c < 3; c++)
        sum[c] = (uint64_t)lut3d_color(found, c) << LUT3D_WEIGHT_BITS;
    lut3d_put(sum, out);
}

// Four corners of the tetrahedron the colour lies in: from the point below along the axis it is
// farthest along, then the next, then the last (Kasson, Plouffe, Nin 1993, "A tetrahedral
// interpolation technique for color space conversion").
WR_PIXEL void lut3d_tetrahedral(const struct lut3d *p, const struct window *in, int *out)
{
    const struct lut3d_place place = lut3d_find(p, in);
    const int r = place.fraction[0], g = place.fraction[1], b = place.fraction[2];
    const int most = wr_max(r, wr_max(g, b)), least = wr_min(r, wr_min(g, b));
    const int middle = r + g + b - most - least;
    // Equal fractions give the corner between them no weight: either axis will do.
    const int first = r == most ? place.step[0] : g == most ? place.step[1] : place.step[2];
    const int last = b == least ? place.step[2] : g == least ? place.step[1] : place.step[0];
    const int all = place.step[0] + place.step[1] + place.step[2];
    const uint64_t corner[4] = {lut3d_point(in, place.point), lut3d_point(in, place.point + first),
                                lut3d_point(in, place.point + all - last),
                                lut3d_point(in, place.point + all)};
    const uint32_t weight[4] = {(uint32_t)(LUT3D_WHOLE - most), (uint32_t)(most - middle),
                                (uint32_t)(middle - least), (uint32_t)least};
    uint64_t sum[3] = {0, 0, 0};
    for (int n = 0; n < 4; n++)
        for (int c = 0; c < 3; c++)
            sum[c] += (uint64_t)lut3d_color(corner[n], c) * weight[n];
    lut3d_put(sum, out);
}

// The eight corners of the cell, weighted by how near they are along each axis.
WR_PIXEL void lut3d_trilinear(const struct lut3d *p, const struct window *in, int *out)
{
    const struct lut3d_place place = lut3d_find(p, in);
    uint64_t sum[3] = {0, 0, 0};
    for (int n = 0; n < 8; n++) {
        int point = place.point;
        uint64_t weight = 1;
        for (int c = 0; c < 3; c++) {
            const int far = n >> c & 1;
            point += far ? place.step[c] : 0;
            weight *= (uint64_t)(far ? place.fraction[c] : LUT3D_WHOLE - place.fraction[c]);
        }
        const uint64_t corner = lut3d_point(in, point);
        // 60 bits of weight: 20 of them go before the sum, which keeps the rest within 64.
        for (int c = 0; c < 3; c++)
            sum[c] += lut3d_color(corner, c) * (weight >> LUT3D_WEIGHT_BITS);
    }
    for (int c = 0; c < 3; c++)
        sum[c] >>= LUT3D_WEIGHT_BITS;
    lut3d_put(sum, out);
}

// Weights of corners are LUT3D_WHOLE squared together, but each may be negative.
WR_PIXEL void lut3d_sum(const struct window *in, const int *point, const int64_t *weight, int count,
                        int *out)
{
    int64_t sum[3] = {0, 0, 0};
    for (int n = 0; n < count; n++) {
        const uint64_t corner = lut3d_point(in, point[n]);
        for (int c = 0; c < 3; c++)
            sum[c] += (int64_t)lut3d_color(corner, c) * weight[n];
    }
    uint64_t positive[3];
    for (int c = 0; c < 3; c++)
        positive[c] = sum[c] < 0 ? 0 : (uint64_t)sum[c] >> LUT3D_WEIGHT_BITS;
    lut3d_put(positive, out);
}

// The face of the cell that the colour is nearest to along one axis, bilinearly, and from there to
// the far corner (Kang, Color Technology for Electronic Imaging Devices, 1997, as the prism).
WR_PIXEL void lut3d_pyramid(const struct lut3d *p, const struct window *in, int *out)
{
    const struct lut3d_place place = lut3d_find(p, in);
    const int r = place.fraction[0], g = place.fraction[1], b = place.fraction[2];
    // Which one it is where two are equal makes a difference: as in FFmpeg.
    const int least = g > r && b > r ? 0 : r > g && b > g ? 1 : 2;
    const int u = least == 0 ? 1 : 0, v = least == 2 ? 1 : 2;
    const int64_t along = place.fraction[least], across = place.fraction[u], up = place.fraction[v];
    const int face = place.point + place.step[u] + place.step[v];
    const int point[5] = {place.point, place.point + place.step[u], place.point + place.step[v],
                          face, face + place.step[least]};
    const int64_t weight[5] = {(LUT3D_WHOLE - across) * (LUT3D_WHOLE - up),
                               across * (LUT3D_WHOLE - up), (LUT3D_WHOLE - across) * up,
                               across * up - along * LUT3D_WHOLE, along * LUT3D_WHOLE};
    lut3d_sum(in, point, weight, 5, out);
}

// Triangles of red and blue at both ends of the green edge, and between them linearly.
WR_PIXEL void lut3d_prism(const struct lut3d *p, const struct window *in, int *out)
{
    const struct lut3d_place place = lut3d_find(p, in);
    const int r = place.fraction[0], b = place.fraction[2];
    const int64_t up = place.fraction[1];
    const int corner[3] = {place.point, place.point + place.step[b > r ? 2 : 0],
                           place.point + place.step[0] + place.step[2]};
    const int64_t share[3] = {LUT3D_WHOLE - wr_max(r, b), wr_max(r, b) - wr_min(r, b),
                              wr_min(r, b)};
    int point[6];
    int64_t weight[6];
    for (int n = 0; n < 3; n++) {
        point[n] = corner[n];
        weight[n] = share[n] * (LUT3D_WHOLE - up);
        point[n + 3] = corner[n] + place.step[1];
        weight[n + 3] = share[n] * up;
    }
    lut3d_sum(in, point, weight, 6, out);
}

#define KERNELS(K)                                                                                 \
    K(COLOR, lut3d_nearest, struct lut3d, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)            \
    K(COLOR, lut3d_prism, struct lut3d, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)              \
    K(COLOR, lut3d_pyramid, struct lut3d, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)            \
    K(COLOR, lut3d_tetrahedral, struct lut3d, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)        \
    K(COLOR, lut3d_trilinear, struct lut3d, (WR_SAMPLE, WR_SAMPLE, WR_SAMPLE), WR_SAMPLE)
