// SPDX-License-Identifier: MIT
// crop: a rectangle of the picture. Costs nothing where it stays: later passes read it where it
// lies.
#include "kernels/filters/crop.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/place.h"
#include "kernels/program/size.h"

WR_DEFINE_KERNELS

struct crop_parameters {
    const char *out_w, *out_h, *x, *y;
    bool keep_aspect, exact;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct crop_parameters, out_w, "w", "iw", 0, 0, "width of the rectangle"),
    WR_PARAMETER(struct crop_parameters, out_h, "h", "ih", 0, 0, "height of the rectangle"),
    WR_PARAMETER(
        struct crop_parameters, x, NULL, "(in_w-out_w)/2", 0, 0,
        "left edge of the rectangle, moved inside the picture; over n and t for every frame"),
    WR_PARAMETER(
        struct crop_parameters, y, NULL, "(in_h-out_h)/2", 0, 0,
        "top edge of the rectangle, moved inside the picture; over n and t for every frame"),
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

enum { X, Y };

// Where the rectangle lies.
struct moving {
    struct wr_expression *expressions[2]; // X, Y
    int room_x, room_y;                   // columns and rows it may move by
    int shift_x, shift_y;
    bool exact;
};

static double evaluate(const struct moving *m, int which, const struct wr_moment *moment)
{
    const double value = m->expressions[which]->value(m->expressions[which], moment);
    for (int n = 0; n < 2; n++)
        m->expressions[n]->set(m->expressions[n], which == X ? "x" : "y", value);
    return value;
}

static void find_place(const struct moving *m, const struct wr_moment *moment, int *left, int *top)
{
    evaluate(m, X, moment);
    const double y = evaluate(m, Y, moment);
    const double x = evaluate(m, X, moment); // it may be written in terms of y
    *left = place(x, m->room_x, m->shift_x, m->exact);
    *top = place(y, m->room_y, m->shift_y, m->exact);
}

enum { LUMA, CHROMA = LUMA + 2, NUMBERS = CHROMA + 2 };

static void compute(void *mine, const struct wr_moment *moment, union wr_value *values)
{
    const struct moving *m = mine;
    int left, top;
    find_place(m, moment, &left, &top);
    values[LUMA].integer = left;
    values[LUMA + 1].integer = top;
    values[CHROMA].integer = left >> m->shift_x;
    values[CHROMA + 1].integer = top >> m->shift_y;
}

static enum wr_status compile(const struct wr_lowering *lowering, const struct crop_parameters *p,
                              const struct wr_size *size, struct moving *m)
{
    enum { CONSTANTS = sizeof size->variables / sizeof size->variables[0] - 1 };
    struct wr_variable variables[CONSTANTS + 4] = {{NULL, 0, WR_CONSTANT}};
    memcpy(variables, size->variables, CONSTANTS * sizeof *variables);
    variables[CONSTANTS] = (struct wr_variable){"n", 0, WR_FRAME_NUMBER};
    variables[CONSTANTS + 1] = (struct wr_variable){"t", NAN, WR_FRAME_TIME};
    variables[CONSTANTS + 2] = (struct wr_variable){"pos", NAN, WR_CONSTANT};
    const enum wr_status status =
        lowering->syntax->compile(lowering, "x", p->x, variables, &m->expressions[X]);
    return status ? status
                  : lowering->syntax->compile(lowering, "y", p->y, variables, &m->expressions[Y]);
}

static void cut_views(struct wr_lowering *lowering, const struct moving *m)
{
    struct wr_picture *picture = &lowering->picture;
    int left, top;
    find_place(m, &(struct wr_moment){0, NAN}, &left, &top);
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        const bool chroma = wr_format_is_chroma(&picture->format, n);
        const struct wr_plane rectangle = {.x = chroma ? left >> m->shift_x : left,
                                           .y = chroma ? top >> m->shift_y : top,
                                           .width = wr_format_width(&picture->format, n),
                                           .height = wr_format_height(&picture->format, n)};
        picture->plane[n] = wr_plane_through(rectangle, picture->plane[n]);
    }
    wr_place_cut(lowering, left, top);
}

static void cut_frames(struct wr_lowering *lowering, int first)
{
    struct wr_picture *picture = &lowering->picture;
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        struct wr_pass *pass = wr_sized_pass(
            lowering, &wr_crop_kernel, &(struct crop){0}, &picture->plane[n],
            wr_format_width(&picture->format, n), wr_format_height(&picture->format, n));
        pass->reads_anywhere = true;
        pass->first_value = first + (wr_format_is_chroma(&picture->format, n) ? CHROMA : LUMA);
    }
}

// Cuts the picture, whose format already has the rectangle's size.
static enum wr_status cut(struct wr_lowering *lowering, const struct crop_parameters *p,
                          const struct wr_size *size, int room_x, int room_y)
{
    const struct wr_format *format = &lowering->picture.format;
    struct moving m = {.room_x = room_x,
                       .room_y = room_y,
                       .shift_x = format->log2_chroma_w,
                       .shift_y = format->log2_chroma_h,
                       .exact = p->exact};
    const enum wr_status status = compile(lowering, p, size, &m);
    if (!status && (m.expressions[X]->changes || m.expressions[Y]->changes)) {
        cut_frames(lowering,
                   wr_program_values(lowering->program, NUMBERS, compute, &m, sizeof m, 2));
        return WR_OK;
    }
    if (!status)
        cut_views(lowering, &m);
    wr_expressions_close(m.expressions, 2);
    return status;
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

    const int room_x = format->width - w, room_y = format->height - h;
    if (p->keep_aspect && format->sar_num)
        wr_size_keep_aspect(format, format->width, format->height, w, h);
    format->width = w;
    format->height = h;
    return cut(lowering, p, &size, room_x, room_y);
}

const struct wr_filter wr_crop_filter = {
    .name = "crop",
    .help = "Cut a rectangle out of the picture.",
    .example = "crop=iw/2:ih/2:0:0",
    WR_PARAMETERS(parameters, struct crop_parameters),
    .reshapes = true,
    .lower = lower,
};
