// SPDX-License-Identifier: MIT
// Pixel formats that a picture of ours holds only once their samples are made wider or whole: fewer
// than 8 bits, components of different depth, floats, XYZ.
#pragma once

#include <libavutil/frame.h>

#include "kernels/program/format.h"

// Fills in what frames of pix_fmt become, as wr_pix_fmt_describe does; false for all other formats.
bool wr_widened_format(enum AVPixelFormat pix_fmt, struct wr_format *format);

// What is lost or computed on the way, as the end of a sentence; NULL if samples are only widened.
const char *wr_widening_loss(enum AVPixelFormat pix_fmt);

// Fills the planes of `planar`, which is of that format, with the picture of `frame`.
void wr_widen(AVFrame *planar, const AVFrame *frame);
