// SPDX-License-Identifier: MIT
// cas: one pass for each plane.
#include "kernels/filters/cas.h"

#include "kernels/program/planes.h"

WR_DEFINE_KERNELS

struct cas_parameters {
    double strength;
    int planes;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct cas_parameters, strength, NULL, "0", 0, 1,
                 "how much to sharpen; even 0 sharpens a little"),
    WR_PARAMETER_PLANES(struct cas_parameters, "7"),
};

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct cas_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const float strength = -(16.0f + (4.01f - 16.0f) * (float)p->strength);
    const struct cas arguments = {strength, (1 << picture->format.depth) - 1};
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        if (!wr_plane_is_chosen(&picture->format, p->planes, n))
            continue;
        struct wr_pass *pass =
            wr_plane_pass(lowering, &wr_cas_kernel, &arguments, &picture->plane[n]);
        pass->reach_x = pass->reach_y = 1;
    }
    return WR_OK;
}

const struct wr_filter wr_cas_filter = {
    .name = "cas",
    .help = "Sharpen, most where there is little contrast.",
    .example = "cas=0.6",
    WR_PARAMETERS(parameters, struct cas_parameters),
    .lower = lower,
};
