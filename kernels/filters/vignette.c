// SPDX-License-Identifier: MIT
// vignette: lowers to a pass for each plane but alpha; the circle may move from frame to frame.
#include "kernels/filters/vignette.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/program/filter.h"

WR_DEFINE_KERNELS

struct vignette_parameters {
    const char *angle, *x0, *y0;
    int mode, eval;
    bool dither;
    double aspect;
};

enum { FORWARD, BACKWARD };
enum { INIT, FRAME };
enum { FURTHEST = 1000000 }; // that a centre may be away, in pixels

static const char *const mode_names[] = {"forward", "backward", NULL};
static const char *const eval_names[] = {"init", "frame", NULL};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct vignette_parameters, angle, "a", "PI/5", 0, 0,
                 "angle of the lens at the corners, 0 to PI/2: more is darker"),
    WR_PARAMETER(struct vignette_parameters, x0, NULL, "w/2", 0, 0,
                 "centre of the circle, from the left"),
    WR_PARAMETER(struct vignette_parameters, y0, NULL, "h/2", 0, 0,
                 "centre of the circle, from the top"),
    WR_PARAMETER_CHOICE(struct vignette_parameters, mode, NULL, "forward", mode_names,
                        "make a vignette, or undo one"),
    WR_PARAMETER_CHOICE(struct vignette_parameters, eval, NULL, "init", eval_names,
                        "evaluate expressions once, or for every frame over n and t"),
    WR_PARAMETER(struct vignette_parameters, dither, NULL, "1", 0, 1,
                 "dither, so that no steps are seen"),
    WR_PARAMETER(struct vignette_parameters, aspect, NULL, "1", 0, 1e6,
                 "width to height of the ellipse on the screen"),
};

// Steps of x * 1664525 + 1013904223 modulo 2^32 (Knuth; Press et al.), as one.
struct steps {
    uint32_t factor, offset;
};

static struct steps after(struct steps first, struct steps then)
{
    return (struct steps){first.factor * then.factor, first.offset * then.factor + then.offset};
}

static struct steps many(uint64_t count)
{
    struct steps result = {1, 0};
    for (struct steps power = {1664525, 1013904223}; count; count >>= 1) {
        if (count & 1)
            result = after(result, power);
        power = after(power, power);
    }
    return result;
}

enum { ANGLE, X0, Y0, EXPRESSIONS };

struct vignetting {
    struct wr_expression *expressions[EXPRESSIONS];
    bool every_frame;
    double corner;          // distance of a corner from the middle
    uint64_t frame_samples; // that are dithered
};

static double evaluate(const struct vignetting *v, int which, const struct wr_moment *moment)
{
    return v->expressions[which]->value(v->expressions[which], moment);
}

static void compute(void *mine, const struct wr_moment *moment, union wr_value *values)
{
    const struct vignetting *v = mine;
    const struct wr_moment at = v->every_frame ? *moment : (struct wr_moment){0, NAN};
    const double angle = fmin(fmax(evaluate(v, ANGLE, &at), 0), 1.57079632679489661923);
    const double per_pixel = (isnan(angle) ? 0 : angle) / v->corner;
    const double x = evaluate(v, X0, &at), y = evaluate(v, Y0, &at);
    values[0].number = (float)fmin(fmax(x, -FURTHEST), FURTHEST);
    values[1].number = (float)fmin(fmax(y, -FURTHEST), FURTHEST);
    values[2].number = (float)(per_pixel * per_pixel);
    values[3].integer = (int32_t)many((uint64_t)moment->number * v->frame_samples).offset;
}

static enum wr_status add_values(struct wr_lowering *lowering, const struct vignette_parameters *p,
                                 double corner, uint64_t frame_samples, int *first)
{
    const struct wr_format *format = &lowering->picture.format;
    const struct wr_variable variables[] = {{"w", format->width, WR_CONSTANT},
                                            {"h", format->height, WR_CONSTANT},
                                            {"n", 0, WR_FRAME_NUMBER},
                                            {"t", NAN, WR_FRAME_TIME},
                                            {NULL, 0, WR_CONSTANT}};
    struct vignetting v = {
        .every_frame = p->eval == FRAME, .corner = corner, .frame_samples = frame_samples};
    const char *const names[] = {"angle", "x0", "y0"}, *const texts[] = {p->angle, p->x0, p->y0};
    enum wr_status status = WR_OK;
    for (int n = 0; n < EXPRESSIONS && !status; n++)
        status =
            lowering->syntax->compile(lowering, names[n], texts[n], variables, &v.expressions[n]);
    if (status)
        wr_expressions_close(v.expressions, EXPRESSIONS);
    else
        *first = wr_program_values(lowering->program, 4, compute, &v, sizeof v, EXPRESSIONS);
    return status;
}

// `count` entries, each `stride` steps on from the one before.
static int steps_table(struct wr_program *program, uint64_t start, uint64_t stride, int count)
{
    uint32_t *entries = calloc((size_t)count, 2 * sizeof *entries);
    if (!entries) {
        program->out_of_memory = true;
        return 0;
    }
    const struct steps stride_steps = many(stride);
    struct steps steps = many(start);
    for (int n = 0; n < count; n++) {
        entries[2 * n] = steps.factor;
        entries[2 * n + 1] = steps.offset;
        steps = after(steps, stride_steps);
    }
    const int table = wr_program_table(program, entries, (size_t)count * 2 * sizeof *entries);
    free(entries);
    return table;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct vignette_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const struct wr_format *format = &picture->format;
    const double sar = format->sar_num ? (double)format->sar_num / format->sar_den : 1;
    const double corner = hypot(format->width / 2.0, format->height / 2.0);
    const int max = (1 << format->depth) - 1;
    // Chroma's middle is 127 in FFmpeg, which has 8 bits.
    const int middle = format->depth == 8 ? 127 : 1 << (format->depth - 1);
    uint64_t samples = 0;
    for (int n = 0; n < wr_format_planes(format); n++)
        if (!wr_format_is_alpha(format, n))
            samples += (uint64_t)picture->plane[n].width * (uint64_t)picture->plane[n].height;
    int first = 0;
    const enum wr_status status = add_values(lowering, p, corner, samples, &first);
    uint64_t before = 0;
    for (int n = 0; n < wr_format_planes(format) && !status; n++) {
        struct wr_plane *plane = &picture->plane[n];
        const int width = plane->width, height = plane->height;
        const bool chroma = wr_format_is_chroma(format, n);
        if (wr_format_is_alpha(format, n))
            continue;
        const struct vignette arguments = {
            .max = max,
            .neutral = chroma ? middle : 0,
            .step_x = chroma ? 1 << format->log2_chroma_w : 1,
            .step_y = chroma ? 1 << format->log2_chroma_h : 1,
            .backward = p->mode == BACKWARD,
            .limit = (float)(corner * corner),
            .scale_x = (float)(sar > 1 ? fmin(sar / p->aspect, 1000) : 1),
            .scale_y = (float)(sar > 1 ? 1 : fmin(p->aspect / sar, 1000)),
            .dither = p->dither ? 1.0f / 16777216 : 0,
        };
        struct wr_pass *pass = wr_plane_pass(lowering, &wr_vignette_kernel, &arguments, plane);
        wr_pass_table(pass, steps_table(lowering->program, 0, 1, width),
                      2 * (size_t)width * sizeof(uint32_t));
        wr_pass_table(pass, steps_table(lowering->program, before, (uint64_t)width, height),
                      2 * (size_t)height * sizeof(uint32_t));
        pass->first_value = first;
        before += (uint64_t)width * (uint64_t)height;
    }
    return status;
}

const struct wr_filter wr_vignette_filter = {
    .name = "vignette",
    .help = "Darken the picture towards its corners, or undo that.",
    .example = "vignette=PI/4:x0=w/3+n",
    WR_PARAMETERS(parameters, struct vignette_parameters),
    .lower = lower,
};
