// SPDX-License-Identifier: MIT
// posterize: a filter to copy. Its name, its parameters, and how it becomes passes.
//
// To add a filter: put its two files into kernels/filters/ and a line FILTER(name) into
// kernels/filters/filters.def. Parser, errors, help, manual, CPU and CUDA code and the tests that
// walk the registry follow from that.
#include "kernels/filters/posterize.h"

#include "kernels/program/filter.h"

WR_DEFINE_KERNELS

// One field for each parameter; the type of the field is the type of the parameter.
struct posterize_parameters {
    int levels;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct posterize_parameters, levels, NULL, "4", 2, 256, "values that stay"),
};

// lowering->picture comes in with the planes the filter reads and goes out with those it leaves;
// its format may change too (see scale.c). Planes that are not touched cost nothing.
static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct posterize_parameters *p = values;
    const struct wr_format *format = &lowering->picture.format;
    const struct posterize arguments = {(1 << format->depth) / p->levels, (1 << format->depth) - 1};
    for (int n = 0; n < wr_format_planes(format); n++) {
        if (wr_format_is_alpha(format, n))
            continue;
        wr_plane_pass(lowering, &wr_posterize_kernel, &arguments, &lowering->picture.plane[n]);
    }
    return WR_OK;
}

const struct wr_filter wr_posterize_filter = {
    .name = "posterize",
    .help = "Leave only a few values of each component.",
    .example = "posterize=6",
    WR_PARAMETERS(parameters, struct posterize_parameters),
    .lower = lower,
};
