// SPDX-License-Identifier: MIT
// gblur: two passes for each plane, and the weights.
#include "kernels/gblur.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/planes.h"

WR_DECLARE_KERNELS

struct gblur_parameters {
    double sigma;
    int steps, planes;
    double sigmaV;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct gblur_parameters, sigma, NULL, "0.5", 0, 1024,
                 "standard deviation in samples of the plane, 0: rows are not blurred"),
    WR_PARAMETER(struct gblur_parameters, steps, NULL, "1", 1, 6,
                 "how near FFmpeg's recursive filter comes to a Gaussian; this is one already, so "
                 "nothing changes"),
    WR_PARAMETER_PLANES(struct gblur_parameters, "15"),
    WR_PARAMETER(struct gblur_parameters, sigmaV, NULL, "-1", -1, 1024,
                 "the same for columns, below 0: as for rows"),
};

// Beyond 4.5 standard deviations lie 7 millionths of a Gaussian. Windows that small have constant
// loops.
enum { MAX_REACH = 1024 * 9 / 2 + 1, SHORT = 4 };

// 16.16 weights of one side, from the middle outwards; returns the reach. Rounding errors are
// carried on from sample to sample, from the outermost inwards, so that they never add up.
static int find_weights(double sigma, int32_t side[MAX_REACH + 1])
{
    int reach = (int)ceil(4.5 * sigma);
    double total = 1, outside = 0;
    for (int n = 1; n <= reach; n++)
        total += 2 * exp(-0.5 * n * n / (sigma * sigma));
    int32_t given = 0;
    for (int n = reach; n > 0; n--) {
        outside += exp(-0.5 * n * n / (sigma * sigma)) / total;
        side[n] = (int32_t)floor(outside * 65536 + 0.5) - given;
        given += side[n];
    }
    side[0] = 65536 - 2 * given;
    while (reach > 0 && !side[reach])
        reach--;
    return reach;
}

// Adds a pass along rows or columns; a standard deviation of 0 copies.
static void blur(struct wr_lowering *lowering, struct wr_plane *plane,
                 const struct wr_kernel *const kernels[2], int bits, double sigma, bool along_rows)
{
    static _Thread_local int32_t side[MAX_REACH + 1], weights[2 * MAX_REACH + 1];
    const int reach = find_weights(sigma, side);
    for (int n = -reach; n <= reach; n++)
        weights[n + reach] = side[abs(n)];
    struct wr_pass *pass =
        wr_plane_pass(lowering, kernels[reach > SHORT], &(struct gblur){bits}, plane);
    wr_pass_table(pass, wr_program_table(lowering->program, weights,
                                         (size_t)(2 * reach + 1) * sizeof *weights));
    *(along_rows ? &pass->reach_x : &pass->reach_y) = reach;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    static const struct wr_kernel *const rows[] = {&gblur_row_kernel, &gblur_long_row_kernel};
    static const struct wr_kernel *const columns[] = {&gblur_column_kernel,
                                                      &gblur_long_column_kernel};
    const struct gblur_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const double sigma_v = p->sigmaV < 0 ? p->sigma : p->sigmaV;
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        if (!wr_plane_is_chosen(&picture->format, p->planes, n) || (p->sigma == 0 && sigma_v == 0))
            continue;
        struct wr_plane *plane = &picture->plane[n];
        const int depth = picture->format.depth;
        blur(lowering, plane, rows, depth, p->sigma, true);
        blur(lowering, plane, columns, 32 - depth, sigma_v, false);
    }
    return WR_OK;
}

const struct wr_filter wr_gblur_filter = {
    .name = "gblur",
    .help =
        "Blur the picture with a Gaussian: a true one, beyond the border the edge repeats, where "
        "FFmpeg's recursive filter only comes near one.",
    .example = "gblur=1.5",
    WR_PARAMETERS(parameters, struct gblur_parameters),
    .lower = lower,
};
