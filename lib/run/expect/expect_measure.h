// SPDX-License-Identifier: MIT
// How much one picture differs from another.
#pragma once

#include <libavutil/frame.h>

#include "kernels/program/format.h"

struct wr_difference {
    int largest;                // in code values, 0 where the pictures are the same
    int plane, x, y;            // where that is; x and y in samples of the plane
    double psnr[WR_MAX_PLANES]; // decibels, infinite where the planes are the same
    double ssim[WR_MAX_PLANES]; // as FFmpeg's filter ssim; NaN for planes of less than 8 by 8
};

// Whether all samples are the same. Both frames have planes of this format.
bool wr_frames_are_same(const AVFrame *a, const AVFrame *b, const struct wr_format *format);

// Measures all planes. False where memory is short.
bool wr_frames_measure(const AVFrame *a, const AVFrame *b, const struct wr_format *format,
                       struct wr_difference *difference);

// The sample at (x, y) of a plane.
int wr_frame_sample(const AVFrame *frame, const struct wr_format *format, int plane, int x, int y);
