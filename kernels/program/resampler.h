// SPDX-License-Identifier: MIT
// Lowers a change of size to resampling passes; the weights are computed here.
#pragma once

#include "kernels/program/filter.h"

enum wr_resampler { WR_NEIGHBOR, WR_AREA, WR_BILINEAR, WR_BICUBIC, WR_LANCZOS, WR_GAUSSIAN };

// Scales every plane of the lowering's picture to width x height and changes the format's size (not
// its sample aspect ratio). Positions of chroma samples are kept; kernels widen when the picture
// shrinks.
enum wr_status wr_resample(struct wr_lowering *lowering, enum wr_resampler method, int width,
                           int height);

// Whether chroma samples of both lie at the same places (RGB and gray: as in 4:4:4).
bool wr_same_chroma(const struct wr_format *a, const struct wr_format *b);

// Moves both planes of chroma from where `from` has their samples to where `to` has them; the size
// of the picture is the same in both, the places are not. Elements are samples (of `from`, on
// return of `to`) or floats.
void wr_resample_chroma(struct wr_lowering *lowering, enum wr_resampler method,
                        struct wr_plane planes[2], const struct wr_format *from,
                        const struct wr_format *to, enum wr_storage in, enum wr_storage out);

// The least from which blurring by resampling is faster than adding up all samples.
#define WR_WIDE_SIGMA 5.0

// Blurs a plane of the lowering's picture by Gaussians with these standard deviations in samples,
// at least WR_WIDE_SIGMA, or 0: not in that direction. Beyond the border the edge repeats.
struct wr_plane wr_blur_widely(struct wr_lowering *lowering, struct wr_plane plane, double sigma_x,
                               double sigma_y);

// One output position in a line of `size` samples: weights[k] belongs to sample first + k. centre
// is in samples (0 is the centre of the first one), ratio input samples per output sample. Returns
// the number of weights, at most wr_resample_taps(); they sum up to 1.
int wr_resample_weights(enum wr_resampler method, double centre, double ratio, int size, int *first,
                        double *weights);
int wr_resample_taps(enum wr_resampler method, double ratio);
