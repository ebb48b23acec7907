// SPDX-License-Identifier: MIT
// Lowers a change of size to resampling passes.
#pragma once

#include "kernels/program/filter.h"
#include "kernels/program/resample_weights.h"

// Kernels of kernels/pixel/resample.h that have counterparts in fixed point.
extern const struct wr_kernel wr_resample_column_first_kernel, wr_resample_column_middle_kernel,
    wr_resample_column_last_kernel, wr_phases_first_kernel, wr_phases_last_kernel;

// Scales every plane of the lowering's picture to width x height and changes the format's size (not
// its sample aspect ratio). Positions of chroma samples are kept; kernels widen when the picture
// shrinks, all but WR_FAST_BILINEAR's.
enum wr_status wr_resample(struct wr_lowering *lowering, enum wr_resampler method, int width,
                           int height);

// Whether chroma samples lie at the same places in both formats; RGB and gray count as 4:4:4.
bool wr_same_chroma(const struct wr_format *a, const struct wr_format *b);

// Resamples both chroma planes from the places where `from` has their samples to those of `to`;
// both formats have one picture size. `in` and `out` say what elements are before and after:
// samples of these formats, or floats.
void wr_resample_chroma(struct wr_lowering *lowering, enum wr_resampler method,
                        struct wr_plane planes[2], const struct wr_format *from,
                        const struct wr_format *to, enum wr_storage in, enum wr_storage out);

// Blurs a plane of the lowering's picture by Gaussians with these standard deviations in samples,
// both at least 2, or 0: not in that direction. Beyond the border the edge repeats.
struct wr_plane wr_blur_widely(struct wr_lowering *lowering, struct wr_plane plane, double sigma_x,
                               double sigma_y);
