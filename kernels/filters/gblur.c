// SPDX-License-Identifier: MIT
// gblur: two passes for each plane, and the weights; wide Gaussians are left to resampling.
#include "kernels/filters/gblur.h"

#include <math.h>

#include "kernels/program/planes.h"
#include "kernels/program/resampler.h"

enum {
    gblur_row_scratch_use = WR_NEEDS_SCRATCH,
    gblur_column_scratch_use = WR_NO_SCRATCH,
    gblur_exact_row_scratch_use = WR_NEEDS_SCRATCH,
    gblur_exact_column_scratch_use = WR_NO_SCRATCH,
};
WR_DEFINE_KERNELS

struct gblur_parameters {
    double sigma;
    int steps, planes;
    double sigmaV;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct gblur_parameters, sigma, NULL, "0.5", 0, 1024,
                 "standard deviation in samples of the plane; 0 does not blur rows"),
    WR_PARAMETER(struct gblur_parameters, steps, NULL, "1", 1, 6,
                 "precision of FFmpeg's recursive filter; this one is a true Gaussian, so "
                 "nothing changes"),
    WR_PARAMETER_PLANES(struct gblur_parameters, "15"),
    WR_PARAMETER(struct gblur_parameters, sigmaV, NULL, "-1", -1, 1024,
                 "the same for columns; below 0 it is as for rows"),
};

// Beyond 4.5 standard deviations lie 7 millionths of a Gaussian.
enum { MAX_REACH = 1024 * 9 / 2 + 1 };

// The weights of pairs of samples, from the middle outwards; returns the reach. Rounding errors are
// carried on from pair to pair, from the outermost inwards, so that they never add up.
static int find_weights(double sigma, uint16_t weights[MAX_REACH + 1])
{
    int reach = (int)ceil(4.5 * sigma);
    double total = 1, outside = 0;
    for (int n = 1; n <= reach; n++)
        total += 2 * exp(-0.5 * n * n / (sigma * sigma));
    int given = 0;
    for (int n = reach; n > 0; n--) {
        outside += exp(-0.5 * n * n / (sigma * sigma)) / total;
        weights[n] = (uint16_t)(floor(outside * 65536 + 0.5) - given);
        given += weights[n];
    }
    weights[0] = (uint16_t)(32768 - given);
    while (reach > 0 && !weights[reach])
        reach--;
    return reach;
}

struct side {
    int reach, table;
};

static size_t weights_bytes(int reach)
{
    return (size_t)(reach + 1) * sizeof(uint16_t);
}

static struct side open_side(struct wr_program *program, double sigma)
{
    static _Thread_local uint16_t weights[MAX_REACH + 1];
    const int reach = find_weights(sigma, weights);
    return (struct side){reach, wr_program_table(program, weights, weights_bytes(reach))};
}

static void blur(struct wr_lowering *lowering, struct wr_plane *plane, struct side across,
                 struct side down)
{
    const int depth = lowering->picture.format.depth, spare = 15 - depth;
    const int pairs = across.reach + down.reach + 2;
    // Both passes together are wrong by at most half of one per pair: less than half a sample.
    const bool exact = spare < 1 || pairs >= 1 << spare;
    const struct gblur row = exact ? (struct gblur){0, 1 << (depth - 1), depth}
                                   : (struct gblur){spare, (across.reach + 1) / 2, 0};
    const struct gblur column =
        exact ? (struct gblur){0, 1 << (31 - depth), 32 - depth}
              : (struct gblur){0, (down.reach + 1) / 2 + (1 << (spare - 1)), spare};
    struct wr_pass *pass = wr_plane_pass(
        lowering, exact ? &wr_gblur_exact_row_kernel : &wr_gblur_row_kernel, &row, plane);
    wr_pass_table(pass, across.table, weights_bytes(across.reach));
    pass->reach_x = across.reach;
    pass->scratch = gblur_scratch(across.reach);
    pass = wr_plane_pass(lowering, exact ? &wr_gblur_exact_column_kernel : &wr_gblur_column_kernel,
                         &column, plane);
    wr_pass_table(pass, down.table, weights_bytes(down.reach));
    pass->reach_y = down.reach;
}

// Whether resampling is faster than adding up all samples: sooner where sums need 32 bits.
static bool is_wide(double sigma, int depth)
{
    return sigma == 0 || sigma >= (depth > 8 ? 3 : 4);
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct gblur_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const double sigma_v = p->sigmaV < 0 ? p->sigma : p->sigmaV;
    if (p->sigma == 0 && sigma_v == 0)
        return WR_OK;
    const int depth = picture->format.depth;
    const bool wide = is_wide(p->sigma, depth) && is_wide(sigma_v, depth);
    struct side across = {0}, down = {0};
    if (!wide) {
        across = open_side(lowering->program, p->sigma);
        down = open_side(lowering->program, sigma_v);
    }
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        struct wr_plane *plane = &picture->plane[n];
        if (!wr_plane_is_chosen(&picture->format, p->planes, n))
            continue;
        if (wide)
            *plane = wr_blur_widely(lowering, *plane, p->sigma, sigma_v);
        else
            blur(lowering, plane, across, down);
    }
    return WR_OK;
}

const struct wr_filter wr_gblur_filter = {
    .name = "gblur",
    .help =
        "Blur the picture with a true Gaussian (FFmpeg's recursive filter is an approximation). "
        "Beyond the border the edge repeats.",
    .example = "gblur=1.5",
    WR_PARAMETERS(parameters, struct gblur_parameters),
    .lower = lower,
};
