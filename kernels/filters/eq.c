// SPDX-License-Identifier: MIT
// eq: contrast, brightness, saturation and gamma. At 8 bits FFmpeg's vf_eq bit for bit, including
// its two ways of rounding; above 8 bits the same curves, rounded to the nearest value, gray
// staying gray. Where they change from frame to frame, a frame's numbers are its tables.
#include "kernels/filters/eq.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/program/map.h"

WR_DEFINE_KERNELS

enum { INIT, FRAME };
static const char *const eval_names[] = {"init", "frame", NULL};

// In the order of the parameters.
enum { CONTRAST, BRIGHTNESS, SATURATION, GAMMA, GAMMA_R, GAMMA_G, GAMMA_B, GAMMA_WEIGHT, NUMBERS };

struct eq_parameters {
    const char *contrast, *brightness, *saturation, *gamma, *gamma_r, *gamma_g, *gamma_b;
    const char *gamma_weight;
    int eval;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct eq_parameters, contrast, NULL, "1", -1000, 1000,
                 "contrast, -1000 to 1000, below 0 gives a negative; over n, t and r"),
    WR_PARAMETER(struct eq_parameters, brightness, NULL, "0", -1, 1,
                 "added to the brightness, -1 to 1; over n, t and r"),
    WR_PARAMETER(struct eq_parameters, saturation, NULL, "1", 0, 3,
                 "saturation, 0 to 3, 0 is gray; over n, t and r"),
    WR_PARAMETER(struct eq_parameters, gamma, NULL, "1", 0.1, 10,
                 "gamma, 0.1 to 10; over n, t and r"),
    WR_PARAMETER(struct eq_parameters, gamma_r, NULL, "1", 0.1, 10,
                 "gamma of red, 0.1 to 10; over n, t and r"),
    WR_PARAMETER(struct eq_parameters, gamma_g, NULL, "1", 0.1, 10,
                 "gamma of green, 0.1 to 10; over n, t and r"),
    WR_PARAMETER(struct eq_parameters, gamma_b, NULL, "1", 0.1, 10,
                 "gamma of blue, 0.1 to 10; over n, t and r"),
    WR_PARAMETER(struct eq_parameters, gamma_weight, NULL, "1", 0, 1,
                 "how much gamma is applied, 0 to 1: less spares bright areas; over n, t and r"),
    WR_PARAMETER_CHOICE(struct eq_parameters, eval, NULL, "init", eval_names,
                        "when expressions are evaluated: once, or for every frame"),
};

// One component's curve. middle is the value that contrast leaves alone, 0 to 1.
struct curve {
    double contrast, brightness, gamma, weight, middle;
};

static double curve_at(const struct curve *c, double value)
{
    value = c->contrast * (value - c->middle) + c->middle + c->brightness;
    if (value <= 0)
        return 0;
    return value * (1 - c->weight) + pow(value, 1 / c->gamma) * c->weight;
}

static bool is_neutral(const struct curve *c)
{
    return c->contrast == 1 && c->brightness == 0 && c->gamma == 1;
}

static int clip(double value, int max)
{
    return value <= 0 ? 0 : value >= max ? max : (int)value;
}

// FFmpeg's 8-bit curve without gamma: 4.12 fixed point, brightness in whole steps.
static int linear_8_bit(const struct curve *c, int value)
{
    const int contrast = (int)(c->contrast * 256 * 16);
    const int brightness = ((int)(100.0 * c->brightness + 100.0) * 511) / 200 - 128 - contrast / 32;
    return clip(((value * contrast) >> 12) + brightness, 255);
}

static uint16_t entry(const struct curve *c, int value, int depth)
{
    const int max = (1 << depth) - 1;
    if (is_neutral(c))
        return (uint16_t)value;
    if (depth > 8)
        return (uint16_t)clip(curve_at(c, (double)value / max) * max + 0.5, max);
    if (c->gamma == 1 && fabs(c->contrast) < 7.9)
        return (uint16_t)linear_8_bit(c, value);
    return (uint16_t)clip(256.0 * curve_at(c, value / 255.0), max);
}

// ---- what the parameters say

struct equalizer {
    struct wr_expression *expressions[NUMBERS];
    struct wr_format format;
};

static bool changes(const struct equalizer *e)
{
    for (int n = 0; n < NUMBERS; n++)
        if (e->expressions[n]->changes)
            return true;
    return false;
}

// What has no value, as t of a frame without a time, is the parameter's default. At 8 bits a float,
// as in FFmpeg.
static double number(const struct equalizer *e, int n, const struct wr_moment *moment)
{
    const struct wr_parameter *row = &parameters[n];
    const double value = e->expressions[n]->value(e->expressions[n], moment);
    if (isnan(value))
        return n == BRIGHTNESS ? 0 : 1;
    const double limited = fmin(fmax(value, row->min), row->max);
    return e->format.depth == 8 ? (float)limited : limited;
}

static void find_curves(const struct equalizer *e, const struct wr_moment *moment,
                        struct curve curves[3])
{
    double of[NUMBERS];
    for (int n = 0; n < NUMBERS; n++)
        of[n] = number(e, n, moment);
    // Chroma's neutral value is not quite half of the largest one; FFmpeg takes it for that at 8
    // bits, and in RGB differences are centred.
    const int depth = e->format.depth, max = (1 << depth) - 1;
    const double neutral =
        depth == 8 || e->format.model == WR_RGB ? 0.5 : (double)(1 << (depth - 1)) / max;
    curves[0] = (struct curve){of[CONTRAST], of[BRIGHTNESS], of[GAMMA] * of[GAMMA_G],
                               of[GAMMA_WEIGHT], 0.5};
    for (int n = 1; n < 3; n++)
        curves[n] =
            (struct curve){of[SATURATION], 0, sqrt(of[n == 1 ? GAMMA_B : GAMMA_R] / of[GAMMA_G]),
                           of[GAMMA_WEIGHT], neutral};
}

static enum wr_status compile(const struct wr_lowering *lowering, const struct eq_parameters *p,
                              int n, struct wr_expression **expression)
{
    const double rate = lowering->program->input.format.frame_rate;
    const struct wr_variable variables[] = {{"n", 0, WR_FRAME_NUMBER},
                                            {"t", NAN, WR_FRAME_TIME},
                                            {"r", rate > 0 ? rate : NAN, WR_CONSTANT},
                                            {NULL, 0, WR_CONSTANT}};
    const struct wr_parameter *row = &parameters[n];
    const char *text = *(const char *const *)((const char *)p + row->offset);
    const enum wr_status status =
        lowering->syntax->compile(lowering, row->name, text, variables, expression);
    if (status)
        return status;
    if ((*expression)->changes)
        return p->eval == FRAME ? WR_OK
                                : wr_refuse(lowering,
                                            "%s='%s' changes from frame to frame: that takes "
                                            "eval=frame",
                                            row->name, text);
    const struct wr_moment any = {0, NAN};
    const double value = (*expression)->value(*expression, &any);
    if (isnan(value))
        return wr_refuse(lowering, "%s='%s' has no value%s", row->name, text,
                         rate > 0 ? "" : ", and the frame rate is not known");
    return value >= row->min && value <= row->max
               ? WR_OK
               : wr_refuse(lowering, "%s=%s is not allowed, it takes %g to %g", row->name, text,
                           row->min, row->max);
}

// ---- tables

// A curve for the RGB kernel: from and to fractions of the range, `zero` being no difference at
// all.
static float float_entry(const struct curve *c, int v, double zero, int max)
{
    const double from = v / 65535.0;
    const double to = is_neutral(c) ? from : fmin(curve_at(c, from), 1);
    return (float)((to - zero) * max);
}

static double zero_of(int n)
{
    return n == 0 ? 0 : 0.5;
}

// Entries of the tables of each plane.
static int table_size(const struct wr_format *format)
{
    return format->model == WR_RGB ? WR_MAX_VALUES : 1 << format->depth;
}

static int colors(const struct wr_format *format)
{
    return format->model == WR_GRAY ? 1 : 3;
}

static void compute(void *mine, const struct wr_moment *moment, union wr_value *values)
{
    const struct equalizer *e = mine;
    const int size = table_size(&e->format), depth = e->format.depth, max = (1 << depth) - 1;
    struct curve curves[3];
    find_curves(e, moment, curves);
    for (int n = 0; n < colors(&e->format); n++)
        for (int v = 0; v < size; v++, values++)
            if (e->format.model == WR_RGB)
                values->number = float_entry(&curves[n], v, zero_of(n), max);
            else
                values->integer = entry(&curves[n], v, depth);
}

static void map_planes(struct wr_lowering *lowering, const struct curve curves[3])
{
    struct wr_picture *picture = &lowering->picture;
    const int depth = picture->format.depth;
    for (int n = 0; n < colors(&picture->format); n++) {
        uint16_t values[WR_MAX_VALUES];
        for (int v = 0; v < 1 << depth; v++)
            values[v] = entry(&curves[n], v, depth);
        picture->plane[n] = wr_map(lowering, picture->plane[n], values);
    }
}

static int float_table_of(struct wr_lowering *lowering, const struct curve *c, double zero, int max)
{
    static _Thread_local float values[WR_MAX_VALUES];
    for (int v = 0; v < WR_MAX_VALUES; v++)
        values[v] = float_entry(c, v, zero, max);
    return wr_program_table(lowering->program, values, sizeof values);
}

static struct eq_rgb rgb_arguments(const struct wr_format *format)
{
    // ITU-R BT.709, the primaries RGB video has unless told otherwise.
    const float red = 0.2126f, green = 0.7152f, blue = 0.0722f;
    const int max = (1 << format->depth) - 1;
    return (struct eq_rgb){max,  65535.0f / (float)max, red,          green,
                           blue, 2 * (1 - blue),        2 * (1 - red)};
}

static void map_rgb(struct wr_lowering *lowering, const struct curve curves[3])
{
    const struct eq_rgb arguments = rgb_arguments(&lowering->picture.format);
    struct wr_pass *pass = wr_color_pass(lowering, &wr_eq_rgb_kernel, &arguments);
    for (int n = 0; n < 3; n++)
        wr_pass_table(pass, float_table_of(lowering, &curves[n], zero_of(n), arguments.max),
                      WR_MAX_VALUES * sizeof(float));
}

static void map_frames(struct wr_lowering *lowering, int first)
{
    struct wr_picture *picture = &lowering->picture;
    if (picture->format.model == WR_RGB) {
        const struct eq_rgb arguments = rgb_arguments(&picture->format);
        wr_color_pass(lowering, &wr_eq_rgb_frame_kernel, &arguments)->first_value = first;
        return;
    }
    const struct eq_frame arguments = {(1 << picture->format.depth) - 1};
    for (int n = 0; n < colors(&picture->format); n++)
        wr_plane_pass(lowering, &wr_eq_frame_kernel, &arguments, &picture->plane[n])->first_value =
            first + n * table_size(&picture->format);
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct wr_format *format = &lowering->picture.format;
    struct equalizer e = {.format = *format};
    enum wr_status status = WR_OK;
    for (int n = 0; n < NUMBERS && !status; n++)
        status = compile(lowering, values, n, &e.expressions[n]);
    if (!status && changes(&e)) {
        const int count = colors(format) * table_size(format);
        map_frames(lowering,
                   wr_program_values(lowering->program, count, compute, &e, sizeof e, NUMBERS));
        return WR_OK;
    }
    struct curve curves[3];
    const struct wr_moment any = {0, NAN};
    if (!status)
        find_curves(&e, &any, curves);
    wr_expressions_close(e.expressions, NUMBERS);
    if (status || (is_neutral(&curves[0]) && is_neutral(&curves[1]) && is_neutral(&curves[2])))
        return status;
    if (format->model == WR_RGB)
        map_rgb(lowering, curves);
    else
        map_planes(lowering, curves);
    return WR_OK;
}

const struct wr_filter wr_eq_filter = {
    .name = "eq",
    .help = "Adjust contrast, brightness, saturation and gamma.",
    .example = "eq=contrast=1.1:saturation=1.2",
    WR_PARAMETERS(parameters, struct eq_parameters),
    .lower = lower,
};
