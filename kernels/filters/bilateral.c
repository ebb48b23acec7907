// SPDX-License-Identifier: MIT
// bilateral: a recursion for each plane that is asked for, or one pass with a window, whose weights
// by distance are computed here.
#include "kernels/filters/bilateral.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "kernels/filters/recursion.h"
#include "kernels/program/planes.h"

enum {
    bilateral_scratch_use = WR_NEEDS_SCRATCH,
};
WR_DEFINE_KERNELS

struct bilateral_parameters {
    double sigmaS, sigmaR;
    int planes, method;
};

static const char *const method_names[] = {"recursive", "window", NULL};

enum { RECURSIVE };

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(
        struct bilateral_parameters, sigmaS, NULL, "0.1", 0, 512,
        "how far the picture is smoothed, in samples: the standard deviation of the weights "
        "by distance"),
    WR_PARAMETER(struct bilateral_parameters, sigmaR, NULL, "0.1", 0, 1,
                 "standard deviation of the weights by difference; 1 is white minus black"),
    WR_PARAMETER_PLANES(struct bilateral_parameters, "1"),
    WR_PARAMETER_CHOICE(struct bilateral_parameters, method, NULL, "recursive", method_names,
                        "recursive: along rows and columns, as FFmpeg; window: by Gaussian weights "
                        "in a disc of three times sigmaS, whose time grows with its area"),
};

struct tables {
    int nearness, reach;
};

static struct tables make_tables(struct wr_program *program, double sigma, int radius)
{
    const size_t rows = (size_t)radius + 1;
    float *nearness = calloc(rows * rows, sizeof *nearness);
    int32_t *reach = calloc(rows, sizeof *reach);
    struct tables tables = {0, 0};
    const double spread =
        fmax(2 * sigma * sigma, DBL_MIN); // a square may be too small for a double
    for (int dy = 0; nearness && reach && dy <= radius; dy++) {
        reach[dy] = (int32_t)sqrt((double)(radius * radius - dy * dy));
        for (int dx = 0; dx <= radius; dx++)
            nearness[dy * (radius + 1) + dx] = (float)exp(-(dx * dx + dy * dy) / spread);
    }
    if (nearness && reach)
        tables =
            (struct tables){wr_program_table(program, nearness, rows * rows * sizeof *nearness),
                            wr_program_table(program, reach, rows * sizeof *reach)};
    else
        program->out_of_memory = true;
    free(nearness);
    free(reach);
    return tables;
}

// The weights by difference of bytes.
static int make_weights(struct wr_program *program, const struct bilateral *arguments)
{
    float weights[2 * BILATERAL_MOST + 1];
    for (int n = -BILATERAL_MOST; n <= BILATERAL_MOST; n++)
        weights[BILATERAL_MOST + n] = bilateral_weight(arguments, (float)n);
    return wr_program_table(program, weights, sizeof weights);
}

static void add_windows(struct wr_lowering *lowering, const struct bilateral_parameters *v)
{
    const struct wr_format *format = &lowering->picture.format;
    const int radius = (int)ceil(3 * v->sigmaS);
    const int max = (1 << format->depth) - 1;
    const double deviation = v->sigmaR * max;
    // Above 1 only equal samples count.
    const double scale = fmin(1 / (2 * deviation * deviation) / 32, 1);
    const struct bilateral arguments = {radius, (float)scale, max};
    const struct tables tables = make_tables(lowering->program, v->sigmaS, radius);
    const size_t distances = (size_t)radius + 1; // in one direction
    const bool has_bytes = format->depth <= 8;
    const int weights = has_bytes ? make_weights(lowering->program, &arguments) : 0;
    for (int n = 0; n < wr_format_planes(format); n++) {
        if (!wr_plane_is_chosen(format, v->planes, n))
            continue;
        struct wr_pass *pass =
            wr_plane_pass(lowering, &wr_bilateral_kernel, &arguments, &lowering->picture.plane[n]);
        wr_pass_table(pass, tables.nearness, distances * distances * sizeof(float));
        wr_pass_table(pass, tables.reach, distances * sizeof(int32_t));
        if (has_bytes)
            wr_pass_table(pass, weights, (2 * BILATERAL_MOST + 1) * sizeof(float));
        pass->reach_x = pass->reach_y = radius;
        pass->work = 10 * (2 * radius + 1) * (2 * radius + 1); // a weight is ten
        pass->scratch = bilateral_scratch(radius);
    }
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct bilateral_parameters *v = values;
    const bool changes_nothing = v->sigmaS <= 0 || v->sigmaR <= 0;
    if (!changes_nothing && v->method == RECURSIVE)
        wr_smooth_recursively(lowering, v->planes, v->sigmaS, v->sigmaR);
    else if (!changes_nothing)
        add_windows(lowering, v);
    return WR_OK;
}

const struct wr_filter wr_bilateral_filter = {
    .name = "bilateral",
    .help = "Smooth the picture but keep its edges.",
    .example = "bilateral=sigmaS=3:sigmaR=0.1:planes=7",
    WR_PARAMETERS(parameters, struct bilateral_parameters),
    .lower = lower,
};
