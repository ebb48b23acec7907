// SPDX-License-Identifier: MIT
// hue: one pass for each chroma plane and one for luma, if they change anything; luma is computed,
// which is faster than a table. Results of expressions are rounded as in FFmpeg's vf_hue, so that
// the bits are the same.
#include "kernels/filters/hue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/filter.h"

WR_DEFINE_KERNELS

struct hue_parameters {
    const char *h, *s, *H, *b;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct hue_parameters, h, NULL, "0", 0, 0,
                 "angle to turn colours by, in degrees; for every frame, over n, t, pts, r and tb"),
    WR_PARAMETER(struct hue_parameters, s, NULL, "1", 0, 0,
                 "saturation, -10 to 10; for every frame, over n, t, pts, r and tb"),
    WR_PARAMETER(struct hue_parameters, H, NULL, "0", 0, 0,
                 "the angle in radians, instead of h; for every frame, over n, t, pts, r and tb"),
    WR_PARAMETER(
        struct hue_parameters, b, NULL, "0", 0, 0,
        "brightness in tenths of the range, -10 to 10; for every frame, over n, t, pts, r and tb"),
};

enum { TURN_U, TURN_V = TURN_U + 2, BRIGHTEN = TURN_V + 2, NUMBERS = BRIGHTEN + 2 };

enum { ANGLE, SATURATION, BRIGHTNESS, EXPRESSIONS };

struct hues {
    struct wr_expression *expressions[EXPRESSIONS];
    bool degrees;
    int depth;
};

// -10 to 10. What has no value, as t of a frame without a time, changes nothing.
static float limited(double value, float neutral)
{
    return isnan(value) ? neutral : (float)fmin(fmax(value, -10), 10);
}

static double evaluate(const struct hues *h, int which, const struct wr_moment *moment)
{
    return h->expressions[which]->value(h->expressions[which], moment);
}

// Cosine and sine of the angle, as long as saturation says.
static void turn(const struct hues *h, const struct wr_moment *moment, double *along,
                 double *across)
{
    const float wanted = (float)evaluate(h, ANGLE, moment);
    const float angle = isfinite(wanted) ? wanted : 0;
    const float radians = h->degrees ? (float)(angle * 3.14159265358979323846 / 180) : angle;
    const float saturation = limited(evaluate(h, SATURATION, moment), 1);
    *along = cos(radians) * saturation;
    *across = sin(radians) * saturation;
}

// In steps of a sample: a tenth of the range, which FFmpeg takes for 255 at 8 bits, 1024 at 10.
static double brightness(const struct hues *h, const struct wr_moment *moment)
{
    const double range = h->depth == 8 ? 255 : 1 << h->depth;
    return limited(evaluate(h, BRIGHTNESS, moment), 0) * (range / 10);
}

// The sample, unlimited. The sum is rounded to a double before its fraction is cut off.
static int brightened(int sample, double by)
{
    return (int)floor(sample + by);
}

// brightened() in two numbers: a step, and the first sample whose step the rounding of a sum just
// below an integer makes larger. Sums below 0 do not count, they become 0.
static void split(double by, int depth, union wr_value *values)
{
    const int step = brightened(0, by);
    int low = 0, high = 1 << depth;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (middle + by >= 0 && brightened(middle, by) > middle + step)
            high = middle;
        else
            low = middle + 1;
    }
    values[0].integer = step;
    values[1].integer = low;
}

static bool is_deep(int depth)
{
    return depth > 10;
}

static union wr_value number(double value, int depth)
{
    return is_deep(depth) ? (union wr_value){.number = (float)value}
                          : (union wr_value){.integer = (int32_t)lrint(value * 65536)};
}

static void compute(void *mine, const struct wr_moment *moment, union wr_value *values)
{
    const struct hues *h = mine;
    double along, across;
    turn(h, moment, &along, &across);
    values[TURN_U] = values[TURN_V] = number(along, h->depth);
    values[TURN_U + 1] = number(-across, h->depth);
    values[TURN_V + 1] = number(across, h->depth);
    split(brightness(h, moment), h->depth, values + BRIGHTEN);
}

static double known(double value)
{
    return value > 0 ? value : NAN;
}

static enum wr_status compile(const struct wr_lowering *lowering, const struct hue_parameters *p,
                              struct hues *h)
{
    const struct wr_format *source = &lowering->program->input.format;
    const double tick = known(source->time_base);
    const struct wr_variable variables[] = {{"n", 0, WR_FRAME_NUMBER},
                                            {"pts", tick, WR_FRAME_TICKS},
                                            {"r", known(source->frame_rate), WR_CONSTANT},
                                            {"t", NAN, WR_FRAME_TIME},
                                            {"tb", tick, WR_CONSTANT},
                                            {NULL, 0, WR_CONSTANT}};
    const struct wr_syntax *words = lowering->syntax;
    h->degrees = !strcmp(p->H, "0");
    if (!h->degrees && strcmp(p->h, "0"))
        return wr_refuse(lowering, "h=%s and H=%s are the same angle, give one of them", p->h,
                         p->H);
    enum wr_status status =
        words->compile(lowering, h->degrees ? "h" : "H", h->degrees ? p->h : p->H, variables,
                       &h->expressions[ANGLE]);
    if (!status)
        status = words->compile(lowering, "s", p->s, variables, &h->expressions[SATURATION]);
    if (!status)
        status = words->compile(lowering, "b", p->b, variables, &h->expressions[BRIGHTNESS]);
    return status;
}

static void turn_chroma(struct wr_lowering *lowering, const struct hue *arguments, int first)
{
    struct wr_picture *picture = &lowering->picture;
    const struct wr_plane before[2] = {picture->plane[1], picture->plane[2]};
    for (int n = 0; n < 2; n++) {
        struct wr_pass *pass = wr_plane_pass(
            lowering,
            is_deep(picture->format.depth) ? &wr_hue_turn_deep_kernel : &wr_hue_turn_kernel,
            arguments, &picture->plane[n + 1]);
        wr_pass_in(pass, before[1 - n]);
        pass->first_value = first + (n == 0 ? TURN_U : TURN_V);
    }
}

static void brighten_luma(struct wr_lowering *lowering, const struct hue *arguments, int first)
{
    struct wr_pass *pass =
        wr_plane_pass(lowering, &wr_hue_brighten_kernel, arguments, &lowering->picture.plane[0]);
    pass->first_value = first + BRIGHTEN;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct wr_format *format = &lowering->picture.format;
    struct hues h = {.depth = format->depth};
    const enum wr_status status = compile(lowering, values, &h);
    if (status) {
        wr_expressions_close(h.expressions, EXPRESSIONS);
        return status;
    }
    const struct hue arguments = {(1 << h.depth) - 1, 1 << (h.depth - 1)};
    const struct wr_moment any = {0, NAN};
    const bool brightens = h.expressions[BRIGHTNESS]->changes || brightness(&h, &any) != 0;
    double along = NAN, across = NAN;
    if (!h.expressions[ANGLE]->changes && !h.expressions[SATURATION]->changes)
        turn(&h, &any, &along, &across);
    const bool turns = along != 1 || across != 0;

    const int first =
        wr_program_values(lowering->program, NUMBERS, compute, &h, sizeof h, EXPRESSIONS);
    if (brightens)
        brighten_luma(lowering, &arguments, first);
    if (turns && format->model == WR_YUV)
        turn_chroma(lowering, &arguments, first);
    return WR_OK;
}

const struct wr_filter wr_hue_filter = {
    .name = "hue",
    .help = "Turn colours, change their saturation and the brightness.",
    .example = "hue=h=30+n*5:s=1.2",
    .works_on = WR_ON_YUV,
    WR_PARAMETERS(parameters, struct hue_parameters),
    .lower = lower,
};
