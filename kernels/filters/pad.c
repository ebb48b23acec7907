// SPDX-License-Identifier: MIT
// pad: a larger picture, with FFmpeg's ways of saying how large and where the old one goes.
#include "kernels/filters/pad.h"

#include <math.h>

#include "kernels/program/color.h"
#include "kernels/program/place.h"
#include "kernels/program/size.h"

WR_DEFINE_KERNELS

struct pad_parameters {
    const char *width, *height, *x, *y, *color;
    int eval;
    double aspect;
};

static const char *const eval_names[] = {"init", "frame", NULL};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct pad_parameters, width, "w", "iw", 0, 0, "width, 0: the picture's own"),
    WR_PARAMETER(struct pad_parameters, height, "h", "ih", 0, 0, "height, 0: the picture's own"),
    WR_PARAMETER(struct pad_parameters, x, NULL, "0", 0, 0,
                 "where the picture's left edge goes; in the middle if that is outside"),
    WR_PARAMETER(struct pad_parameters, y, NULL, "0", 0, 0,
                 "where the picture's top edge goes; in the middle if that is outside"),
    WR_PARAMETER_TEXT(struct pad_parameters, color, NULL, "black",
                      "colour around the picture: a name or 0xRRGGBB, with @ALPHA"),
    WR_PARAMETER_CHOICE(struct pad_parameters, eval, NULL, "init", eval_names,
                        "when expressions are evaluated; all frames have one size, so it makes no "
                        "difference"),
    WR_PARAMETER(struct pad_parameters, aspect, NULL, "0", 0, 1e6,
                 "make width or height larger until the picture has this display aspect ratio"),
};

#define MAX_SIZE 65536

static double unrounded(double value)
{
    return value;
}

// Makes the shorter side as long as the aspect ratio wants it.
static void fit_aspect(const struct wr_format *format, double aspect, double *w, double *h)
{
    const double in_samples = format->sar_num ? aspect * format->sar_den / format->sar_num : aspect;
    const double wanted = floor(*w / in_samples + 0.5 + 1e-9);
    if (*h < wanted)
        *h = wanted;
    else
        *w = floor(*h * in_samples + 0.5 + 1e-9);
}

static int whole(int n, int shift)
{
    return n & ~((1 << shift) - 1);
}

static enum wr_status find_size(const struct wr_lowering *lowering, const struct pad_parameters *p,
                                struct wr_size *size, double *w, double *h)
{
    const struct wr_format *format = &lowering->picture.format;
    const enum wr_status status =
        wr_size_open(size, lowering, "width", p->width, "height", p->height, unrounded);
    if (status)
        return status;
    *w = trunc(size->w) == 0 ? format->width : trunc(size->w);
    *h = trunc(size->h) == 0 ? format->height : trunc(size->h);
    if (*w > 0 && *h > 0 && p->aspect > 0)
        fit_aspect(format, p->aspect, w, h);
    if (!(*w >= format->width && *w <= MAX_SIZE && *h >= format->height && *h <= MAX_SIZE))
        return wr_refuse(lowering,
                         "width:height='%s:%s' is %gx%g, allowed are the picture's %dx%d to %d",
                         p->width, p->height, *w, *h, format->width, format->height, MAX_SIZE);
    if (size->w == 0 || p->aspect > 0) {
        wr_size_set(size, "out_w", *w);
        wr_size_set(size, "ow", *w);
    }
    if (size->h == 0 || p->aspect > 0) {
        wr_size_set(size, "out_h", *h);
        wr_size_set(size, "oh", *h);
    }
    return WR_OK;
}

static enum wr_status find_place(const struct wr_lowering *lowering, const struct pad_parameters *p,
                                 struct wr_size *size, double *x, double *y)
{
    enum wr_status status = wr_size_evaluate(size, lowering, "x", p->x, x);
    wr_size_set(size, "x", *x);
    if (!status)
        status = wr_size_evaluate(size, lowering, "y", p->y, y);
    wr_size_set(size, "y", *y);
    // x may have been written in terms of y.
    return status ? status : wr_size_evaluate(size, lowering, "x", p->x, x);
}

// The whole number of pixels before the picture; what does not fit, or has no value, centres.
static int place(double wanted, int room)
{
    const double at = trunc(wanted);
    return at >= 0 && at <= room ? (int)at : room / 2;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct pad_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const struct wr_format was = picture->format;
    const int shift_w = was.log2_chroma_w, shift_h = was.log2_chroma_h;
    struct wr_size size;
    double wanted_w, wanted_h, wanted_x = 0, wanted_y = 0;
    int colors[WR_MAX_PLANES];
    enum wr_status status = find_size(lowering, p, &size, &wanted_w, &wanted_h);
    if (!status)
        status = find_place(lowering, p, &size, &wanted_x, &wanted_y);
    if (!status)
        status = wr_color_samples(lowering, "color", p->color, colors);
    if (status)
        return status;

    const int x = whole(place(wanted_x, (int)wanted_w - was.width), shift_w);
    const int y = whole(place(wanted_y, (int)wanted_h - was.height), shift_h);
    const int w = whole((int)wanted_w, shift_w), h = whole((int)wanted_h, shift_h);
    if (x + was.width > w || y + was.height > h)
        return wr_refuse(lowering,
                         "%dx%d leave no room for %dx%d at %d,%d, in steps of whole chroma samples",
                         w, h, was.width, was.height, x, y);
    picture->format.width = w;
    picture->format.height = h;
    for (int n = 0; n < wr_format_planes(&was); n++) {
        const bool chroma = wr_format_is_chroma(&was, n);
        const int left = chroma ? x >> shift_w : x, top = chroma ? y >> shift_h : y;
        // FFmpeg draws the right border over a last column that is less than a chroma sample.
        const int shown = whole(was.width, shift_w);
        const struct pad arguments = {left, top, chroma ? shown >> shift_w : shown,
                                      wr_format_height(&was, n), colors[n]};
        struct wr_pass *pass = wr_sized_pass(
            lowering, &wr_pad_kernel, &arguments, &picture->plane[n],
            wr_format_width(&picture->format, n), wr_format_height(&picture->format, n));
        wr_program_rows(lowering->program, pass, -top, 1);
    }
    wr_place_moved(lowering, x, y);
    return WR_OK;
}

const struct wr_filter wr_pad_filter = {
    .name = "pad",
    .help = "Make the picture larger, with a colour around it.",
    .example = "pad=iw+32:ih+16:-1:-1:color=teal",
    WR_PARAMETERS(parameters, struct pad_parameters),
    .reshapes = true,
    .lower = lower,
};
