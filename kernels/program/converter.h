// SPDX-License-Identifier: MIT
// Lowers a change of layout to passes: model, depth, chroma, range, matrix, alpha.
#pragma once

#include "kernels/program/filter.h"

// Turns the lowering's picture into one of layout `to`, whose size and sample aspect ratio do not
// count; every value is the nearest to the exact one, unless kernels/program/to_fixed_point.h says otherwise.
// Pictures of RGB remember the matrix and the place of chroma of the YUV they came from: a matrix
// that `to` leaves open is the picture's, or else lowering->matrix. Chroma moves by the bicubic
// kernel, widened where it gets coarser; new alpha is opaque. Fails, with a sentence, for a matrix
// that is not a matrix of luma weights.
enum wr_status wr_convert(struct wr_lowering *lowering, const struct wr_format *to);

// Whether samples of one are samples of the other; an open matrix is whatever the other's is.
bool wr_same_layout(const struct wr_format *a, const struct wr_format *b);

// What an open matrix stands for in pictures of this size, as players have it: BT.709 from 1280
// pixels in width or 577 in height, else BT.601.
int wr_likely_matrix(int width, int height);

// The layouts that filters ask for: RGB of 16 bits; YUV 4:4:4 of 16 bits, for pictures of RGB.
struct wr_format wr_rgb_inside(const struct wr_format *format);
struct wr_format wr_yuv_inside(const struct wr_format *format);

// Whether a picture that becomes one of model `to` gets full range unless told otherwise: within a
// model it stays as it is; RGB and gray have it, YUV has not.
bool wr_usual_range(const struct wr_format *from, enum wr_model to);
