// SPDX-License-Identifier: MIT
// nlmeans: one pass for each plane, alpha apart.
#include "kernels/filters/nlmeans.h"

#include <math.h>

#include "kernels/program/filter.h"

enum {
    nlmeans_scratch_use = WR_NEEDS_SCRATCH,
};
WR_DEFINE_KERNELS

struct nlmeans_parameters {
    double s;
    int p, pc, r, rc;
};

#define SIZE(field, standard, help)                                                                \
    WR_PARAMETER(struct nlmeans_parameters, field, NULL, standard, 0, 99, help)

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct nlmeans_parameters, s, NULL, "1", 1, 30,
                 "strength, the same at every depth"),
    SIZE(p, "7", "width of the patches that are compared; an even one counts as one more"),
    SIZE(pc, "0", "the same for chroma (for RGB: blue and red), 0 is that of luma"),
    SIZE(r, "15",
         "width of the window of samples that are averaged; an even one counts as one more"),
    SIZE(rc, "0", "the same for chroma (for RGB: blue and red), 0 is that of luma"),
};

static struct nlmeans make_arguments(int depth, double strength, int patch, int research)
{
    struct nlmeans arguments = {
        .patch = patch / 2, .research = research / 2, .max = (1 << depth) - 1};
    const double largest = (double)arguments.max * arguments.max;
    const double h = 10 * strength, unit = largest / (255 * 255);
    // At 8 bits a whole number, as in FFmpeg.
    const double limit = floor(log(255) * h * h) * unit;
    const double most = ceil(limit < largest ? limit : largest), count = (patch | 1) * (patch | 1);
    while (count * floor((most + arguments.round) / (double)(1 << arguments.drop)) > INT32_MAX)
        arguments.round = 1 << arguments.drop++;
    arguments.most = (uint32_t)most;
    arguments.limit = (int)fmin(limit / (1 << arguments.drop), INT32_MAX);
    arguments.scale = (float)((1 << arguments.drop) / (8 * h * h * unit));
    return arguments;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct nlmeans_parameters *v = values;
    const int luma_p = v->p | 1, luma_r = v->r | 1;
    const int chroma_p = v->pc ? v->pc | 1 : luma_p, chroma_r = v->rc ? v->rc | 1 : luma_r;
    const struct wr_format *format = &lowering->picture.format;
    for (int n = 0; n < wr_format_planes(format); n++) {
        if (wr_format_is_alpha(format, n))
            continue;
        const struct nlmeans arguments =
            make_arguments(format->depth, v->s, n ? chroma_p : luma_p, n ? chroma_r : luma_r);
        struct wr_pass *pass =
            wr_plane_pass(lowering, &wr_nlmeans_kernel, &arguments, &lowering->picture.plane[n]);
        pass->reach_x = pass->reach_y = arguments.patch + arguments.research;
        const int patch = 2 * arguments.patch + 1, research = 2 * arguments.research + 1;
        pass->work = patch * patch * research * research;
        pass->scratch = nlmeans_open(&(struct nlmeans_work){0}, arguments.patch, arguments.research,
                                     nlmeans_block_columns, nlmeans_block_rows, NULL);
    }
    return WR_OK;
}

const struct wr_filter wr_nlmeans_filter = {
    .name = "nlmeans",
    .help = "Remove noise by averaging what looks alike (non-local means).",
    .example = "nlmeans=s=3:p=5:r=9",
    WR_PARAMETERS(parameters, struct nlmeans_parameters),
    .lower = lower,
};
