// SPDX-License-Identifier: MIT
// What a picture is made of: planes, depth, chroma subsampling and what its numbers mean.
#pragma once

#include <stdbool.h>

#define WR_MAX_PLANES 4

enum wr_model { WR_GRAY, WR_YUV, WR_RGB };

// Where the source's rows are now. In an interlaced picture even and odd rows show two moments.
// SWAPPED: even rows have become odd ones, and odd ones even. MIXED: a row is made of several.
// TURNED: rows have become columns; a second turn may make rows of them again.
enum wr_row_origin {
    WR_ROWS_KEPT,
    WR_ROWS_SWAPPED,
    WR_ROWS_MIXED,
    WR_ROWS_TURNED,
    WR_ROWS_TURNED_SWAPPED,
};

// Planes stand in this order, each with samples of one depth: gray Y (A); YUV: Y U V (A);
// RGB: G B R (A). Samples of up to 8 bits take one byte, deeper ones two in the machine's order.
struct wr_format {
    enum wr_model model;
    int width, height; // of the picture in pixels; chroma planes are smaller, rounded up
    int depth;         // bits of a sample, 8 to 16
    int log2_chroma_w, log2_chroma_h;
    bool alpha;
    bool full_range;     // samples use all values rather than 16 to 235 (at 8 bits)
    bool range_open;     // the file does not say, full_range is a guess
    int matrix;          // H.273 MatrixCoefficients, 2 where the file does not say
    int chroma_location; // 0 unspecified, 1 left, 2 center, 3 top left, 4 top, 5 bottom left, 6
                         // bottom
    // Half pixels by which chroma samples lie to the right of, or below, what chroma_location says:
    // mirrors and odd crops bring them to where no location has a name (kernels/program/place.h).
    int chroma_right, chroma_down;
    enum wr_row_origin rows; // compared with the program's input
    const char *rows_by;     // the filter that first moved or mixed them, NULL for none
    int sar_num, sar_den;    // sample aspect ratio, 0/1 where the file does not say
    double time_base;        // of the stream, seconds; 0 where unknown
    double frame_rate;       // of the stream, frames a second; 0 where unknown
};

// Whether what were rows are columns now.
static inline bool wr_format_is_turned(const struct wr_format *f)
{
    return f->rows == WR_ROWS_TURNED || f->rows == WR_ROWS_TURNED_SWAPPED;
}

static inline int wr_format_planes(const struct wr_format *f)
{
    return (f->model == WR_GRAY ? 1 : 3) + (f->alpha ? 1 : 0);
}

static inline bool wr_format_is_alpha(const struct wr_format *f, int plane)
{
    return f->alpha && plane == wr_format_planes(f) - 1;
}

static inline bool wr_format_is_chroma(const struct wr_format *f, int plane)
{
    return f->model == WR_YUV && (plane == 1 || plane == 2);
}

static inline int wr_format_width(const struct wr_format *f, int plane)
{
    int shift = wr_format_is_chroma(f, plane) ? f->log2_chroma_w : 0;
    return (f->width + (1 << shift) - 1) >> shift;
}

static inline int wr_format_height(const struct wr_format *f, int plane)
{
    int shift = wr_format_is_chroma(f, plane) ? f->log2_chroma_h : 0;
    return (f->height + (1 << shift) - 1) >> shift;
}

// Whether numbers mean full range: gray of which nothing is known does, as FFmpeg takes it.
static inline bool wr_format_is_full(const struct wr_format *f)
{
    return f->full_range || (f->range_open && f->model == WR_GRAY);
}

static inline int wr_format_bytes(const struct wr_format *f)
{
    return f->depth > 8 ? 2 : 1;
}
