// SPDX-License-Identifier: MIT
// crop: a rectangle of the picture. Costs nothing: later passes read the rectangle where it lies.
#include <math.h>

#include "kernels/filter.h"
#include "kernels/size.h"

struct crop_parameters {
    const char *out_w, *out_h, *x, *y;
    bool keep_aspect, exact;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct crop_parameters, out_w, "w", "iw", 0, 0, "width of the rectangle"),
    WR_PARAMETER(struct crop_parameters, out_h, "h", "ih", 0, 0, "height of the rectangle"),
    WR_PARAMETER(
        struct crop_parameters, x, NULL, "(in_w-out_w)/2", 0, 0,
        "left edge of the rectangle, moved inside the picture; evaluated once, without n and t"),
    WR_PARAMETER(
        struct crop_parameters, y, NULL, "(in_h-out_h)/2", 0, 0,
        "top edge of the rectangle, moved inside the picture; evaluated once, without n and t"),
    WR_PARAMETER(struct crop_parameters, keep_aspect, NULL, "0", 0, 1,
                 "keep the display aspect ratio by changing the sample aspect ratio"),
    WR_PARAMETER(struct crop_parameters, exact, NULL, "0", 0, 1,
                 "do not round the rectangle to whole chroma samples"),
};

// The largest multiple of 2^shift not above n, or n itself where cropping is to be exact.
static int whole(int n, int shift, bool exact)
{
    return exact ? n : n & ~((1 << shift) - 1);
}

static int place(double wanted, int room, int shift, bool exact)
{
    // Halves go to the even number, and an expression without a value centres: as FFmpeg has it.
    const double at = isnan(wanted) ? room / 2 : rint(wanted);
    return whole((int)fmin(fmax(at, 0), room), shift, exact);
}

static double unrounded(double value)
{
    return value;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct crop_parameters *p = values;
    struct wr_format *format = &lowering->picture.format;
    struct wr_size size;
    enum wr_status status =
        wr_size_open(&size, lowering, "out_w", p->out_w, "out_h", p->out_h, unrounded);
    if (status)
        return status;
    const int shift_w = format->log2_chroma_w, shift_h = format->log2_chroma_h;
    if (!(size.w >= 0 && size.w <= format->width + 0.5) ||
        !(size.h >= 0 && size.h <= format->height + 0.5))
        return wr_refuse(lowering,
                         "out_w:out_h='%s:%s' is %gx%g, allowed are 1x1 to the picture's %dx%d",
                         p->out_w, p->out_h, size.w, size.h, format->width, format->height);
    const int w = whole((int)rint(size.w), shift_w, p->exact);
    const int h = whole((int)rint(size.h), shift_h, p->exact);
    if (w < 1 || h < 1 || w > format->width || h > format->height)
        return wr_refuse(
            lowering,
            "out_w:out_h='%s:%s' leaves %dx%d pixels, allowed are 1x1 to the picture's "
            "%dx%d (in steps of whole chroma samples unless exact=1)",
            p->out_w, p->out_h, w, h, format->width, format->height);

    double x, y;
    if ((status = wr_size_evaluate(&size, lowering, "x", p->x, &x)))
        return status;
    wr_size_set(&size, "x", x);
    if ((status = wr_size_evaluate(&size, lowering, "y", p->y, &y)))
        return status;
    wr_size_set(&size, "y", y);
    // x may have been written in terms of y.
    if ((status = wr_size_evaluate(&size, lowering, "x", p->x, &x)))
        return status;
    const int left = place(x, format->width - w, shift_w, p->exact);
    const int top = place(y, format->height - h, shift_h, p->exact);

    if (p->keep_aspect && format->sar_num)
        wr_size_keep_aspect(format, format->width, format->height, w, h);
    format->width = w;
    format->height = h;
    for (int n = 0; n < wr_format_planes(format); n++) {
        struct wr_plane *plane = &lowering->picture.plane[n];
        const bool chroma = wr_format_is_chroma(format, n);
        plane->x += chroma ? left >> shift_w : left;
        plane->y += chroma ? top >> shift_h : top;
        plane->width = wr_format_width(format, n);
        plane->height = wr_format_height(format, n);
    }
    return WR_OK;
}

const struct wr_filter wr_crop_filter = {
    .name = "crop",
    .help = "Cut a rectangle out of the picture.",
    .example = "crop=iw/2:ih/2:0:0",
    WR_PARAMETERS(parameters, struct crop_parameters),
    .lower = lower,
};
