// SPDX-License-Identifier: MIT
// sobel: one pass for each plane.
#include "kernels/filters/sobel.h"

#include "kernels/program/planes.h"

WR_DEFINE_KERNELS

struct sobel_parameters {
    int planes;
    double scale, delta;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER_PLANES(struct sobel_parameters, "15"),
    WR_PARAMETER(struct sobel_parameters, scale, NULL, "1", 0, 65535, "factor of the steepness"),
    WR_PARAMETER(struct sobel_parameters, delta, NULL, "0", -65535, 65535,
                 "added to the steepness"),
};

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct sobel_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const struct sobel arguments = {(float)p->scale, (float)p->delta,
                                    (1 << picture->format.depth) - 1};
    const bool is_plain = p->scale == 1 && p->delta == 0 && picture->format.depth == 8;
    const struct wr_kernel *kernel = is_plain ? &wr_sobel_bytes_kernel : &wr_sobel_kernel;
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        if (!wr_plane_is_chosen(&picture->format, p->planes, n))
            continue;
        struct wr_pass *pass = wr_plane_pass(lowering, kernel, &arguments, &picture->plane[n]);
        pass->reach_x = pass->reach_y = 1;
    }
    return WR_OK;
}

const struct wr_filter wr_sobel_filter = {
    .name = "sobel",
    .help = "Show edges: how steep the picture is at each sample. Beyond the border the edge "
            "repeats (FFmpeg mirrors at the left and the top).",
    .example = "sobel=planes=1:scale=0.5",
    WR_PARAMETERS(parameters, struct sobel_parameters),
    .lower = lower,
};
