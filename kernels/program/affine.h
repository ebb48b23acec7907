// SPDX-License-Identifier: MIT
// What samples of a layout mean, and the affine maps between layouts.
#pragma once

#include "kernels/pixel/convert.h"
#include "kernels/program/format.h"

struct wr_luma_weights {
    double red, blue;
};

// sample = unit * value + zero, with value 0 to 1, or -1/2 to 1/2 for chroma.
struct wr_sample_scale {
    double unit, zero;
};

// Luma weights by number of the matrix; zeros where there are none.
struct wr_luma_weights wr_luma_weights_of(int matrix);

// Of chroma, or of all other planes.
struct wr_sample_scale wr_sample_scale_of(const struct wr_format *format, bool chroma);

// Rows give G, B, R, columns take Y, Cb, Cr: the order of planes.
void wr_rgb_from_yuv(struct wr_luma_weights w, double matrix[3][3]);

// Rows give Y, Cb, Cr, columns take G, B, R.
void wr_yuv_from_rgb(struct wr_luma_weights w, double matrix[3][3]);

// The matrix, for samples of `from` that become samples of `to`.
struct convert_pixel wr_affine_map(double matrix[3][3], const struct wr_format *from,
                                   const struct wr_format *to);

// The same from RGB, whose components all have one scale, to luma and chroma that is still floats.
struct convert_split wr_split_from_rgb(struct wr_luma_weights w, const struct wr_format *from,
                                       const struct wr_format *to);
