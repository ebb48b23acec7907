// SPDX-License-Identifier: MIT
// hflip: lowers to one pass for each plane.
#include "kernels/filters/hflip.h"

#include "kernels/program/place.h"

WR_DEFINE_KERNELS

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    (void)values;
    struct wr_picture *picture = &lowering->picture;
    for (int n = 0; n < wr_format_planes(&picture->format); n++)
        wr_plane_pass(lowering, &wr_hflip_kernel, &(struct hflip){0}, &picture->plane[n]);
    wr_place_mirrored_columns(lowering);
    return WR_OK;
}

const struct wr_filter wr_hflip_filter = {
    .name = "hflip",
    .help = "Flip the picture horizontally.",
    .example = "hflip",
    .mirrors = true,
    .lower = lower,
};
