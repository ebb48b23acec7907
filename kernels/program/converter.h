// SPDX-License-Identifier: MIT
// Lowers a change of layout to passes: model, depth, chroma, range, matrix, alpha.
#pragma once

#include "kernels/program/filter.h"

// Turns the lowering's picture into one of layout `to`, whose size and sample aspect ratio do not
// count; every value is the nearest to the exact one, unless kernels/program/to_fixed_point.h says
// otherwise. Pictures of RGB remember the matrix and the chroma location of the YUV they came from.
// If `to` names no matrix, it takes the picture's, or else lowering->matrix. Chroma is resampled
// with the bicubic kernel, which is widened if chroma gets coarser. New alpha is opaque. Fails,
// with a sentence, for a matrix that does not follow from weights of luma.
enum wr_status wr_convert(struct wr_lowering *lowering, const struct wr_format *to);

// Whether samples mean the same in both formats. A matrix that is not named equals any other.
bool wr_same_layout(const struct wr_format *a, const struct wr_format *b);

// The matrix that players assume for pictures of this size if the file names none: BT.709 from 1280
// pixels in width or 577 in height on, else BT.601.
int wr_likely_matrix(int width, int height);

// The formats of WR_ON_RGB, and of WR_ON_YUV for pictures of RGB: 16 bits, no subsampling.
struct wr_format wr_rgb_inside(const struct wr_format *format);
struct wr_format wr_yuv_inside(const struct wr_format *format);

// Whether a picture gets full range when it is converted to model `to` and nobody names a range. If
// the model stays the same, so does the range; else RGB and gray have full range, and YUV has not.
bool wr_usual_range(const struct wr_format *from, enum wr_model to);
