// SPDX-License-Identifier: MIT
// enable=: passes that frames skip, and the choice between what they made and what there was.
#include "kernels/program/enable.h"

#include <math.h>

#include "kernels/pixel/select.h"

WR_DEFINE_KERNELS

static bool is_enabled(struct wr_expression *expression, const struct wr_moment *moment)
{
    return fabs(expression->value(expression, moment)) >= 0.5;
}

static void compute(void *mine, const struct wr_moment *moment, union wr_value *values)
{
    values->integer = is_enabled(*(struct wr_expression **)mine, moment);
}

enum wr_status wr_compile_when(struct wr_lowering *lowering, const struct wr_format *format,
                               const char *expression, int *when)
{
    const struct wr_variable variables[] = {{.name = "n", .varies = WR_FRAME_NUMBER},
                                            {.name = "t", .varies = WR_FRAME_TIME},
                                            {.name = "pos", .value = NAN},
                                            {.name = "w", .value = format->width},
                                            {.name = "h", .value = format->height},
                                            {.name = NULL}};
    struct wr_expression *compiled;
    const enum wr_status status =
        lowering->syntax->compile(lowering, "enable", expression, variables, &compiled);
    if (status)
        return status;
    if (compiled->changes) {
        *when = wr_program_values(lowering->program, 1, compute, &compiled, sizeof compiled, 1);
    } else {
        *when = is_enabled(compiled, &(struct wr_moment){0, 0}) ? WR_ALWAYS : WR_NEVER;
        compiled->close(compiled);
    }
    return WR_OK;
}

// Two values of the same frame, by how many places they stand before the value that is made of
// them. They are computed first.
struct either {
    int a, b;
};

static void compute_either(void *mine, const struct wr_moment *moment, union wr_value *values)
{
    const struct either *either = mine;
    (void)moment;
    values->integer = values[-either->a].integer || values[-either->b].integer;
}

int wr_either(struct wr_program *program, int a, int b)
{
    if (a == WR_ALWAYS || b == WR_NEVER || a == b)
        return a;
    if (b == WR_ALWAYS || a == WR_NEVER)
        return b;
    const struct either either = {program->value_count - a, program->value_count - b};
    return wr_program_values(program, 1, compute_either, &either, sizeof either, 0);
}

static bool same_plane(const struct wr_plane *a, const struct wr_plane *b)
{
    return a->buffer == b->buffer && a->x == b->x && a->y == b->y && a->flipped == b->flipped;
}

static void select_planes(struct wr_lowering *lowering, const struct wr_picture *before, int when)
{
    struct wr_picture *picture = &lowering->picture;
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        struct wr_plane *plane = &picture->plane[n];
        if (same_plane(plane, &before->plane[n]))
            continue;
        struct wr_pass *pass =
            wr_plane_pass(lowering, &wr_select_plane_kernel, &(struct select){0}, plane);
        wr_pass_in(pass, before->plane[n]);
        pass->first_value = when;
    }
}

void wr_enable(struct wr_lowering *lowering, const struct wr_picture *before, int first, int when)
{
    if (when == WR_ALWAYS)
        return;
    if (when == WR_NEVER) {
        lowering->picture = *before;
        return;
    }
    for (int k = first; k < lowering->program->pass_count; k++)
        if (lowering->program->passes[k].when == WR_ALWAYS)
            lowering->program->passes[k].when = when;
    select_planes(lowering, before, when);
}
