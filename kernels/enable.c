// SPDX-License-Identifier: MIT
// enable=: passes that frames skip, and the choice between what they made and what there was.
#include "kernels/enable.h"

#include <math.h>

#include "kernels/converter.h"
#include "kernels/select.h"

WR_DECLARE_KERNELS

static bool is_enabled(const struct wr_expression *expression, const struct wr_moment *moment)
{
    return fabs(expression->value(expression, moment)) >= 0.5;
}

static void compute(const void *state, const struct wr_moment *moment, union wr_value *values)
{
    values->integer = is_enabled(state, moment);
}

static void close_expression(void *state)
{
    struct wr_expression *expression = state;
    expression->close(expression);
}

static bool same_plane(const struct wr_plane *a, const struct wr_plane *b)
{
    return a->buffer == b->buffer && a->x == b->x && a->y == b->y && a->flipped == b->flipped;
}

static void select_planes(struct wr_lowering *lowering, const struct wr_picture *before, int value)
{
    struct wr_picture *picture = &lowering->picture;
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        struct wr_plane *plane = &picture->plane[n];
        if (same_plane(plane, &before->plane[n]))
            continue;
        struct wr_pass *pass =
            wr_plane_pass(lowering, &select_plane_kernel, &(struct select){0}, plane);
        wr_pass_in(pass, before->plane[n]);
        pass->first_value = value;
    }
}

enum wr_status wr_enable(struct wr_lowering *lowering, const struct wr_picture *before, int first,
                         const char *expression)
{
    const struct wr_format *format = &before->format;
    const struct wr_format *after = &lowering->picture.format;
    if (format->width != after->width || format->height != after->height ||
        !wr_same_layout(format, after))
        return wr_refuse(lowering,
                         "enable='%s' is not possible where the size or layout of the "
                         "picture changes",
                         expression);
    const struct wr_variable variables[] = {{.name = "n", .varies = WR_FRAME_NUMBER},
                                            {.name = "t", .varies = WR_FRAME_TIME},
                                            {.name = "pos", .value = NAN},
                                            {.name = "w", .value = format->width},
                                            {.name = "h", .value = format->height},
                                            {.name = NULL}};
    struct wr_expression *compiled;
    const enum wr_status status =
        lowering->words->compile(lowering, "enable", expression, variables, &compiled);
    if (status)
        return status;
    if (!compiled->changes) {
        if (!is_enabled(compiled, &(struct wr_moment){0, 0}))
            lowering->picture = *before;
        compiled->close(compiled);
        return WR_OK;
    }
    const int value = wr_program_values(lowering->program, 1, compute, compiled, close_expression);
    for (int k = first; k < lowering->program->pass_count; k++)
        lowering->program->passes[k].when = value;
    select_planes(lowering, before, value);
    return WR_OK;
}
