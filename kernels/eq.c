// SPDX-License-Identifier: MIT
// eq: contrast, brightness, saturation and gamma. At 8 bits FFmpeg's vf_eq bit for bit, including
// its two ways of rounding; above 8 bits the same curves, rounded to the nearest value, gray
// staying gray.
#include "kernels/eq.h"

#include <math.h>

#include "kernels/map.h"

WR_DECLARE_KERNELS

struct eq_parameters {
    double contrast, brightness, saturation, gamma, gamma_r, gamma_g, gamma_b, gamma_weight;
    int eval;
};

static const char *const eval_names[] = {"init", NULL};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct eq_parameters, contrast, NULL, "1", -1000, 1000,
                 "contrast, below 0 gives a negative"),
    WR_PARAMETER(struct eq_parameters, brightness, NULL, "0", -1, 1, "added to the brightness"),
    WR_PARAMETER(struct eq_parameters, saturation, NULL, "1", 0, 3, "saturation, 0 is gray"),
    WR_PARAMETER(struct eq_parameters, gamma, NULL, "1", 0.1, 10, "gamma"),
    WR_PARAMETER(struct eq_parameters, gamma_r, NULL, "1", 0.1, 10, "gamma of red"),
    WR_PARAMETER(struct eq_parameters, gamma_g, NULL, "1", 0.1, 10, "gamma of green"),
    WR_PARAMETER(struct eq_parameters, gamma_b, NULL, "1", 0.1, 10, "gamma of blue"),
    WR_PARAMETER(struct eq_parameters, gamma_weight, NULL, "1", 0, 1,
                 "how much of gamma is applied, less spares bright areas"),
    WR_PARAMETER_CHOICE(struct eq_parameters, eval, NULL, "init", eval_names,
                        "when expressions are evaluated; for every frame is not supported"),
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

static void lower_planes(struct wr_lowering *lowering, const struct curve curves[3])
{
    struct wr_picture *picture = &lowering->picture;
    const int depth = picture->format.depth;
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        if (wr_format_is_alpha(&picture->format, n))
            continue;
        uint16_t values[WR_MAX_VALUES];
        for (int v = 0; v < 1 << depth; v++)
            values[v] = entry(&curves[n], v, depth);
        picture->plane[n] = wr_map(lowering, picture->plane[n], values);
    }
}

// A curve for the RGB kernel: from and to fractions of the range, `zero` being no difference at
// all.
static int float_table_of(struct wr_lowering *lowering, const struct curve *c, double zero, int max)
{
    static _Thread_local float values[WR_MAX_VALUES];
    for (int v = 0; v < WR_MAX_VALUES; v++) {
        const double from = v / 65535.0;
        const double to = is_neutral(c) ? from : fmin(curve_at(c, from), 1);
        values[v] = (float)((to - zero) * max);
    }
    return wr_program_table(lowering->program, values, sizeof values);
}

static void lower_rgb(struct wr_lowering *lowering, struct curve curves[3])
{
    struct wr_picture *picture = &lowering->picture;
    const int max = (1 << picture->format.depth) - 1;
    // ITU-R BT.709, the primaries RGB video has unless told otherwise.
    const float red = 0.2126f, green = 0.7152f, blue = 0.0722f;
    const struct eq_rgb arguments = {max,  65535.0f / (float)max, red,          green,
                                     blue, 2 * (1 - blue),        2 * (1 - red)};
    struct wr_pass *pass = wr_color_pass(lowering, &eq_rgb_kernel, &arguments);
    for (int n = 0; n < 3; n++) {
        curves[n].middle = 0.5;
        wr_pass_table(pass, float_table_of(lowering, &curves[n], n == 0 ? 0 : 0.5, max));
    }
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct eq_parameters *p = values;
    const struct wr_format *format = &lowering->picture.format;
    // Chroma's neutral value is not quite half of the largest one; FFmpeg takes it for that at 8
    // bits.
    const int max = (1 << format->depth) - 1;
    const double neutral = format->depth == 8 ? 0.5 : (double)(1 << (format->depth - 1)) / max;
    struct curve curves[3] = {
        {p->contrast, p->brightness, p->gamma * p->gamma_g, p->gamma_weight, 0.5},
        {p->saturation, 0, sqrt(p->gamma_b / p->gamma_g), p->gamma_weight, neutral},
        {p->saturation, 0, sqrt(p->gamma_r / p->gamma_g), p->gamma_weight, neutral},
    };
    if (is_neutral(&curves[0]) && is_neutral(&curves[1]) && is_neutral(&curves[2]))
        return WR_OK;
    if (format->model == WR_RGB)
        lower_rgb(lowering, curves);
    else
        lower_planes(lowering, curves);
    return WR_OK;
}

const struct wr_filter wr_eq_filter = {
    .name = "eq",
    .help = "Adjust contrast, brightness, saturation and gamma.",
    .example = "eq=contrast=1.1:saturation=1.2",
    WR_PARAMETERS(parameters, struct eq_parameters),
    .lower = lower,
};
