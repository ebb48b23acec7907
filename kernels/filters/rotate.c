// SPDX-License-Identifier: MIT
// rotate: by an angle that may change from frame to frame. Sine and cosine are integers, computed
// here as FFmpeg's vf_rotate does, so that the pixels are equal.
#include "kernels/filters/rotate.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/color.h"

WR_DEFINE_KERNELS

// What a quarter turn needs of transpose.h.
#undef KERNELS
#include "kernels/filters/transpose.h"
WR_DECLARE_KERNELS

struct rotate_parameters {
    const char *angle, *out_w, *out_h, *fillcolor;
    bool bilinear;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct rotate_parameters, angle, "a", "0", 0, 0,
                 "clockwise, in radians; for every frame, over n and t"),
    WR_PARAMETER(struct rotate_parameters, out_w, "ow", "iw", 0, 0,
                 "width, rotw(angle) is as much as the turned picture needs"),
    WR_PARAMETER(struct rotate_parameters, out_h, "oh", "ih", 0, 0,
                 "height, roth(angle) is as much as the turned picture needs"),
    WR_PARAMETER_TEXT(struct rotate_parameters, fillcolor, "c", "black",
                      "colour around the picture: a name or 0xRRGGBB, with @ALPHA; none repeats "
                      "the picture's edge"),
    WR_PARAMETER(struct rotate_parameters, bilinear, NULL, "1", 0, 1,
                 "interpolate between samples, rather than take the nearest"),
};

enum { MAX_SIZE = 16384 }; // larger ones overflow the fixed point

extern const struct wr_filter wr_hflip_filter, wr_vflip_filter;

static const double pi = 3.14159265358979323846;

struct size {
    double width, height;
};

static double rotated(double along, double across, double angle)
{
    const float sine = (float)sin(angle), cosine = (float)cos(angle);
    return fmax(0, across * sine) + fmax(0, -along * cosine) + fmax(0, along * cosine) +
           fmax(0, -across * sine);
}

static double rotated_width(void *context, double angle)
{
    const struct size *size = context;
    return rotated(size->width, size->height, angle);
}

static double rotated_height(void *context, double angle)
{
    const struct size *size = context;
    return rotated(size->height, size->width, angle);
}

static const struct wr_function functions[] = {
    {"rotw", rotated_width}, {"roth", rotated_height}, {NULL, NULL}};

// Compiles an expression over a picture of `in`, and `out` as far as that is known. Before the
// first frame n and t have no value.
static enum wr_status compile(const struct wr_lowering *lowering, const char *parameter,
                              const char *text, const struct size *in, const struct size *out,
                              bool frames, struct wr_expression **expression)
{
    const struct wr_format *format = &lowering->picture.format;
    const struct wr_variable variables[] = {{"in_w", in->width, WR_CONSTANT},
                                            {"iw", in->width, WR_CONSTANT},
                                            {"in_h", in->height, WR_CONSTANT},
                                            {"ih", in->height, WR_CONSTANT},
                                            {"out_w", out->width, WR_CONSTANT},
                                            {"ow", out->width, WR_CONSTANT},
                                            {"out_h", out->height, WR_CONSTANT},
                                            {"oh", out->height, WR_CONSTANT},
                                            {"hsub", 1 << format->log2_chroma_w, WR_CONSTANT},
                                            {"vsub", 1 << format->log2_chroma_h, WR_CONSTANT},
                                            {"n", NAN, frames ? WR_FRAME_NUMBER : WR_CONSTANT},
                                            {"t", NAN, frames ? WR_FRAME_TIME : WR_CONSTANT},
                                            {NULL, 0, WR_CONSTANT}};
    return lowering->syntax->compile_with(lowering, parameter, text, variables, functions, in,
                                          sizeof *in, expression);
}

static enum wr_status evaluate(const struct wr_lowering *lowering, const char *parameter,
                               const char *text, const struct size *in, const struct size *out,
                               double *result)
{
    struct wr_expression *expression;
    const enum wr_status status = compile(lowering, parameter, text, in, out, false, &expression);
    if (status)
        return status;
    *result = expression->value(expression, &(struct wr_moment){0, 0});
    expression->close(expression);
    return WR_OK;
}

static enum wr_status find_size(const struct wr_lowering *lowering,
                                const struct rotate_parameters *p, const struct size *in,
                                struct size *out)
{
    *out = (struct size){NAN, NAN};
    enum wr_status status = evaluate(lowering, "out_w", p->out_w, in, out, &out->width);
    if (!status)
        status = evaluate(lowering, "out_h", p->out_h, in, out, &out->height);
    // The width may have been written in terms of the height.
    if (!status)
        status = evaluate(lowering, "out_w", p->out_w, in, out, &out->width);
    if (status)
        return status;
    const bool fits = out->width >= 0.5 && out->width < MAX_SIZE + 0.5 && out->height >= 0.5 &&
                      out->height < MAX_SIZE + 0.5;
    if (!fits || in->width > MAX_SIZE || in->height > MAX_SIZE)
        return wr_refuse(lowering, "%gx%g to out_w:out_h='%s:%s', %gx%g: allowed are 1 to %d",
                         in->width, in->height, p->out_w, p->out_h, out->width, out->height,
                         MAX_SIZE);
    return WR_OK;
}

// Taylor's series to the ninth power. angle is in 1/2^20 radians, the result in 1/2^16.
static int fixed_sine(int64_t angle)
{
    const int64_t half_turn = 3294199, one = 1 << 20;
    if (angle < 0)
        angle = half_turn - angle;
    angle %= 2 * half_turn;
    if (angle >= half_turn * 3 / 2)
        angle -= 2 * half_turn;
    if (angle >= half_turn / 2)
        angle = half_turn - angle;
    const int64_t square = angle * angle / one;
    int64_t sum = 0, term = angle;
    for (int power = 2; power <= 10; power += 2) {
        sum += term;
        term = -term * square / (one * power * (power + 1));
    }
    return (int)((sum + 8) >> 4);
}

// The four numbers of the kernels for a plane turned from one size to another.
static void turn(double angle, int in_w, int in_h, int out_w, int out_h, union wr_value *values)
{
    const int64_t fixed = (int64_t)(angle * 65536 * 16);
    int64_t sine = fixed_sine(fixed), cosine = fixed_sine(fixed + 3294199 / 2);
    // Quarters are exact.
    for (int quarter = 0; quarter < 4; quarter++) {
        const bool upright = quarter % 2 == 0;
        if (fabs(angle - quarter * pi / 2) < FLT_EPSILON && out_w == (upright ? in_w : in_h) &&
            out_h == (upright ? in_h : in_w)) {
            sine = upright ? 0 : 65536 * (2 - quarter);
            cosine = upright ? 65536 * (1 - quarter) : 0;
        }
    }
    values[0].integer =
        (int)(-(out_h - 1) * sine / 2 - (out_w - 1) * cosine / 2 + (int64_t)(in_w - 1) * 65536 / 2);
    values[1].integer =
        (int)(-(out_h - 1) * cosine / 2 + (out_w - 1) * sine / 2 + (int64_t)(in_h - 1) * 65536 / 2);
    values[2].integer = (int)cosine;
    values[3].integer = (int)sine;
}

enum { NUMBERS = 4 };

struct turning {
    struct wr_expression *angle;
    struct wr_format from, to;
};

// What has no value, as t of a frame without a time, turns nothing.
static double usable(double angle)
{
    return fabs(angle) < 1e9 ? angle : 0;
}

static void compute(void *mine, const struct wr_moment *moment, union wr_value *values)
{
    const struct turning *turning = mine;
    const double angle = usable(turning->angle->value(turning->angle, moment));
    const struct wr_format *from = &turning->from, *to = &turning->to;
    turn(angle, from->width, from->height, to->width, to->height, values);
    if (from->model == WR_YUV)
        turn(angle, wr_format_width(from, 1), wr_format_height(from, 1), wr_format_width(to, 1),
             wr_format_height(to, 1), values + NUMBERS);
}

// The frames' numbers: NUMBERS for luma, then NUMBERS for chroma.
static enum wr_status add_values(struct wr_lowering *lowering, const char *angle,
                                 const struct size *in, const struct wr_format *to, int *first)
{
    struct turning turning = {.from = lowering->picture.format, .to = *to};
    const struct size out = {to->width, to->height};
    const enum wr_status status = compile(lowering, "angle", angle, in, &out, true, &turning.angle);
    if (!status)
        *first =
            wr_program_values(lowering->program, 2 * NUMBERS, compute, &turning, sizeof turning, 1);
    return status;
}

// The angle, if it is the same for all frames; `constant` says whether it is.
static enum wr_status find_angle(const struct wr_lowering *lowering, const char *text,
                                 const struct size *in, const struct wr_format *to, double *value,
                                 bool *constant)
{
    const struct size out = {to->width, to->height};
    struct wr_expression *angle;
    const enum wr_status status = compile(lowering, "angle", text, in, &out, true, &angle);
    if (status)
        return status;
    *constant = !angle->changes;
    *value = usable(angle->value(angle, &(struct wr_moment){0, NAN}));
    angle->close(angle);
    return WR_OK;
}

// How many quarter turns a plane of one size makes to one of another, where the kernels would only
// move its samples to other places. -1: it is none, or none that fits.
static int count_quarters(double angle, const struct wr_plane *in, int out_w, int out_h)
{
    static const int cosines[] = {65536, 0, -65536, 0}, sines[] = {0, 65536, 0, -65536};
    union wr_value values[NUMBERS];
    turn(angle, in->width, in->height, out_w, out_h, values);
    for (int quarters = 0; quarters < 4; quarters++) {
        const bool upright = quarters % 2 == 0;
        if (values[2].integer == cosines[quarters] && values[3].integer == sines[quarters] &&
            out_w == (upright ? in->width : in->height) &&
            out_h == (upright ? in->height : in->width))
            return quarters;
    }
    return -1;
}

static void turn_quarter(struct wr_lowering *lowering, struct wr_plane *plane, bool clockwise)
{
    const struct transpose arguments = {.from_bottom = clockwise, .from_right = !clockwise};
    struct wr_pass *pass = wr_sized_pass(lowering, &wr_transpose_kernel, &arguments, plane,
                                         plane->height, plane->width);
    pass->reads_anywhere = true;
}

// Gives the same samples as the kernels would.
static enum wr_status lower_half_turn(struct wr_lowering *lowering)
{
    const enum wr_status status = wr_vflip_filter.lower(lowering, NULL);
    return status ? status : wr_hflip_filter.lower(lowering, NULL);
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct rotate_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const struct size in = {picture->format.width, picture->format.height};
    const bool continues = !strcmp(p->fillcolor, "none");
    struct size out;
    double angle = 0;
    bool constant = false;
    int colors[WR_MAX_PLANES], first = 0;
    enum wr_status status = find_size(lowering, p, &in, &out);
    if (!status)
        status =
            wr_color_samples(lowering, "fillcolor", continues ? "black" : p->fillcolor, colors);
    struct wr_format to = picture->format;
    if (!status) {
        to.width = (int)(out.width + 0.5);
        to.height = (int)(out.height + 0.5);
        status = find_angle(lowering, p->angle, &in, &to, &angle, &constant);
    }
    if (!status && constant && count_quarters(angle, picture->plane, to.width, to.height) == 2)
        return lower_half_turn(lowering);
    if (!status)
        status = add_values(lowering, p->angle, &in, &to, &first);
    if (status)
        return status;

    const struct wr_kernel *kernel = !p->bilinear     ? &wr_rotate_nearest_kernel
                                     : to.depth <= 12 ? &wr_rotate_bilinear_kernel
                                                      : &wr_rotate_bilinear_long_kernel;
    picture->format = to;
    for (int n = 0; n < wr_format_planes(&to); n++) {
        struct wr_plane *plane = &picture->plane[n];
        const int w = wr_format_width(&to, n), h = wr_format_height(&to, n);
        const int quarters = constant ? count_quarters(angle, plane, w, h) : -1;
        if (quarters == 0)
            continue;
        if (quarters == 1 || quarters == 3) {
            turn_quarter(lowering, plane, quarters == 1);
            continue;
        }
        const struct rotate arguments = {colors[n], continues};
        struct wr_pass *pass = wr_sized_pass(lowering, kernel, &arguments, plane, w, h);
        pass->reads_anywhere = true;
        pass->work = 60; // where it reads, and four samples
        pass->first_value = first + (wr_format_is_chroma(&to, n) ? NUMBERS : 0);
    }
    return WR_OK;
}

const struct wr_filter wr_rotate_filter = {
    .name = "rotate",
    .help = "Rotate the picture by any angle.",
    .example = "rotate=PI/6+n/50:out_w=rotw(PI/6):fillcolor=teal",
    WR_PARAMETERS(parameters, struct rotate_parameters),
    .lower = lower,
};
