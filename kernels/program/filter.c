// SPDX-License-Identifier: MIT
// What filters' ways of lowering share: passes over planes, constant expressions, refusals.
#include "kernels/program/filter.h"

#include <stdarg.h>
#include <stdio.h>

static struct wr_pass *open_pass(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                                 const void *arguments)
{
    return wr_program_pass(lowering->program, kernel, lowering->filter, &lowering->picture.format,
                           arguments);
}

static void renew(struct wr_lowering *lowering, struct wr_pass *pass, struct wr_plane *plane,
                  int width, int height)
{
    wr_pass_in(pass, *plane);
    *plane = wr_program_buffer(lowering->program, pass->kernel->out[pass->outputs],
                               &lowering->picture.format, width, height);
    wr_pass_out(pass, *plane);
}

struct wr_pass *wr_sized_pass(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                              const void *arguments, struct wr_plane *plane, int width, int height)
{
    struct wr_pass *pass = open_pass(lowering, kernel, arguments);
    renew(lowering, pass, plane, width, height);
    return pass;
}

struct wr_pass *wr_plane_pass(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                              const void *arguments, struct wr_plane *plane)
{
    return wr_sized_pass(lowering, kernel, arguments, plane, plane->width, plane->height);
}

struct wr_pass *wr_color_pass(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                              const void *arguments)
{
    struct wr_pass *pass = open_pass(lowering, kernel, arguments);
    for (int n = 0; n < 3; n++) {
        struct wr_plane *plane = &lowering->picture.plane[n];
        renew(lowering, pass, plane, plane->width, plane->height);
    }
    return pass;
}

enum wr_status wr_evaluate(const struct wr_lowering *lowering, const char *parameter,
                           const char *text, const struct wr_variable *variables, double *result)
{
    struct wr_expression *expression;
    const enum wr_status status =
        lowering->syntax->compile(lowering, parameter, text, variables, &expression);
    if (status)
        return status;
    *result = expression->value(expression, &(struct wr_moment){0, 0});
    expression->close(expression);
    return WR_OK;
}

enum wr_status wr_refuse(const struct wr_lowering *lowering, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return wr_fail(lowering->error, WR_USAGE, "%s: %s", lowering->filter, text);
}
