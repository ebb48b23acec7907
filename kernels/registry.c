// SPDX-License-Identifier: MIT
// The list of all filters.
#include "kernels/filter.h"

#include <stdarg.h>
#include <stdio.h>

#define KERNELS(name)
#define FILTER(name) extern const struct wr_filter wr_##name##_filter;
#include "kernels/filters.def"
#undef FILTER

#define FILTER(name) &wr_##name##_filter,
const struct wr_filter *const wr_filters[] = {
#include "kernels/filters.def"
};

const int wr_filter_total = sizeof wr_filters / sizeof wr_filters[0];

struct wr_pass *wr_plane_pass(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                              const void *arguments, struct wr_plane *plane, int width, int height)
{
    const struct wr_format *format = &lowering->picture.format;
    const struct wr_plane out =
        wr_program_buffer(lowering->program, kernel->out, format, width, height);
    struct wr_pass *pass =
        wr_program_pass(lowering->program, kernel, lowering->filter, format, arguments);
    wr_pass_in(pass, *plane);
    wr_pass_out(pass, out);
    *plane = out;
    return pass;
}

enum wr_status wr_evaluate(const struct wr_lowering *lowering, const char *parameter,
                           const char *text, const struct wr_variable *variables, double *result)
{
    struct wr_expression *expression;
    const enum wr_status status =
        lowering->words->compile(lowering, parameter, text, variables, &expression);
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
