// SPDX-License-Identifier: MIT
// Between the names of pixel formats and what they are made of.
#pragma once

#include <libavutil/pixdesc.h>
#include <stddef.h>

#include "kernels/program/format.h"

// Fills in what pix_fmt alone says: model, depth, chroma layout, alpha; the rest becomes "unknown".
// False if warpreel has no such pixel format (float, Bayer, palette-less bits below 8, hardware).
bool wr_pix_fmt_describe(enum AVPixelFormat pix_fmt, struct wr_format *format);

// The planar, native pixel format of a layout; AV_PIX_FMT_NONE if libavutil has none (gray with
// alpha).
enum AVPixelFormat wr_format_pix_fmt(const struct wr_format *format);

// The form of that which says that the range is full, such as yuvj420p; AV_PIX_FMT_NONE where
// libavutil has none.
enum AVPixelFormat wr_format_full_pix_fmt(const struct wr_format *format);

// The name of a layout, as a pixel format's: "yuv420p10", "ya8"; of the machine's byte order where
// that is not said.
void wr_format_name(const struct wr_format *format, char *name, size_t size);

// Same model, depth, chroma and alpha.
bool wr_same_samples(const struct wr_format *a, const struct wr_format *b);

// For planes of 32-bit floats from 0 to 1: the format of planes with 16 bits that they can hold
// exactly. AV_PIX_FMT_NONE for any other.
enum AVPixelFormat wr_pix_fmt_without_floats(enum AVPixelFormat pix_fmt);

// True if frames of pix_fmt hold exactly the samples of format: same model, depth, chroma and
// alpha.
bool wr_pix_fmt_holds(enum AVPixelFormat pix_fmt, const struct wr_format *format);

// The component (Y U V A or R G B A) that stands in our plane (gray Y A, YUV Y U V A, RGB G B R A).
int wr_pix_fmt_component(const AVPixFmtDescriptor *desc, int plane);

// True if the planes of pix_fmt stand in our order, in the machine's byte order, one component
// each.
bool wr_pix_fmt_is_planar(enum AVPixelFormat pix_fmt);

// True if warpreel makes such frames: it chooses no colours for palettes.
bool wr_pix_fmt_is_made(enum AVPixelFormat pix_fmt);

bool wr_pix_fmt_is_full_range(const AVPixFmtDescriptor *desc); // yuvj420p and its kin
