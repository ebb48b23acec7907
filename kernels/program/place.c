// SPDX-License-Identifier: MIT
// Keeps account of where chroma samples and rows lie.
#include "kernels/program/place.h"

enum { LOCATIONS = 7 }; // of H.273, with 0 for unspecified

static double named_x(int location, int step)
{
    const bool centred = location == 2 || location == 4 || location == 6;
    return centred ? step / 2.0 : 0.5;
}

static double named_y(int location, int step)
{
    return location == 3 || location == 4   ? 0.5
           : location == 5 || location == 6 ? step - 0.5
                                            : step / 2.0;
}

static int step_x(const struct wr_format *format)
{
    return 1 << format->log2_chroma_w;
}

static int step_y(const struct wr_format *format)
{
    return 1 << format->log2_chroma_h;
}

double wr_chroma_x(const struct wr_format *format)
{
    return named_x(format->chroma_location, step_x(format)) + format->chroma_right / 2.0;
}

double wr_chroma_y(const struct wr_format *format)
{
    return named_y(format->chroma_location, step_y(format)) + format->chroma_down / 2.0;
}

bool wr_chroma_has_name(const struct wr_format *format)
{
    return !format->chroma_right && !format->chroma_down;
}

void wr_chroma_settle(struct wr_format *format)
{
    if (step_x(format) == 1)
        format->chroma_right = 0;
    if (step_y(format) == 1)
        format->chroma_down = 0;
}

// Moves chroma to (x, y): by name where there is one, the one it has if that fits.
static void set_chroma(struct wr_format *format, double x, double y)
{
    const int sx = step_x(format), sy = step_y(format), now = format->chroma_location;
    format->chroma_right = format->chroma_down = 0;
    for (int n = 0; n < LOCATIONS; n++) {
        const int location = n ? n : now;
        if ((sx == 1 || named_x(location, sx) == x) && (sy == 1 || named_y(location, sy) == y)) {
            format->chroma_location = location;
            return;
        }
    }
    format->chroma_right = (int)(2 * (x - named_x(now, sx)));
    format->chroma_down = (int)(2 * (y - named_y(now, sy)));
    wr_chroma_settle(format);
}

static bool has_small_chroma(const struct wr_format *format)
{
    return format->model == WR_YUV && (format->log2_chroma_w || format->log2_chroma_h);
}

static void set_rows(struct wr_lowering *lowering, enum wr_row_origin rows)
{
    struct wr_format *format = &lowering->picture.format;
    format->rows = rows;
    if (!format->rows_by)
        format->rows_by = lowering->filter;
}

// Even ones become odd ones, among rows or among columns.
static void swap(struct wr_lowering *lowering, bool columns)
{
    static const enum wr_row_origin swapped[] = {
        [WR_ROWS_KEPT] = WR_ROWS_SWAPPED,
        [WR_ROWS_SWAPPED] = WR_ROWS_KEPT,
        [WR_ROWS_TURNED] = WR_ROWS_TURNED_SWAPPED,
        [WR_ROWS_TURNED_SWAPPED] = WR_ROWS_TURNED,
    };
    const struct wr_format *format = &lowering->picture.format;
    if (format->rows != WR_ROWS_MIXED && wr_format_is_turned(format) == columns)
        set_rows(lowering, swapped[format->rows]);
}

void wr_mix_rows(struct wr_lowering *lowering)
{
    set_rows(lowering, WR_ROWS_MIXED);
}

// The last chroma sample becomes the first.
static double mirrored(double first, int step, int samples, int pixels)
{
    return pixels - (first + step * (samples - 1));
}

void wr_place_mirrored_columns(struct wr_lowering *lowering)
{
    struct wr_format *format = &lowering->picture.format;
    if (has_small_chroma(format))
        set_chroma(format,
                   mirrored(wr_chroma_x(format), step_x(format), wr_format_width(format, 1),
                            format->width),
                   wr_chroma_y(format));
    if (format->width % 2 == 0)
        swap(lowering, true);
}

void wr_place_mirrored_rows(struct wr_lowering *lowering)
{
    struct wr_format *format = &lowering->picture.format;
    if (has_small_chroma(format))
        set_chroma(format, wr_chroma_x(format),
                   mirrored(wr_chroma_y(format), step_y(format), wr_format_height(format, 1),
                            format->height));
    if (format->height % 2 == 0)
        swap(lowering, false);
}

void wr_place_transposed(struct wr_lowering *lowering)
{
    struct wr_format *format = &lowering->picture.format;
    const struct wr_format was = *format;
    format->width = was.height;
    format->height = was.width;
    format->log2_chroma_w = was.log2_chroma_h;
    format->log2_chroma_h = was.log2_chroma_w;
    if (was.sar_num) {
        format->sar_num = was.sar_den;
        format->sar_den = was.sar_num;
    }
    if (has_small_chroma(&was))
        set_chroma(format, wr_chroma_y(&was), wr_chroma_x(&was));
    static const enum wr_row_origin turned[] = {
        [WR_ROWS_KEPT] = WR_ROWS_TURNED,
        [WR_ROWS_SWAPPED] = WR_ROWS_TURNED_SWAPPED,
        [WR_ROWS_MIXED] = WR_ROWS_MIXED,
        [WR_ROWS_TURNED] = WR_ROWS_KEPT,
        [WR_ROWS_TURNED_SWAPPED] = WR_ROWS_SWAPPED,
    };
    set_rows(lowering, turned[was.rows]);
}

void wr_place_cut(struct wr_lowering *lowering, int left, int top)
{
    struct wr_format *format = &lowering->picture.format;
    if (has_small_chroma(format))
        set_chroma(format, wr_chroma_x(format) - left % step_x(format),
                   wr_chroma_y(format) - top % step_y(format));
    wr_place_moved(lowering, left, top);
}

void wr_place_moved(struct wr_lowering *lowering, int columns, int rows)
{
    if (columns % 2)
        swap(lowering, true);
    if (rows % 2)
        swap(lowering, false);
}
