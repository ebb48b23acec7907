// SPDX-License-Identifier: MIT
// vflip: lowers to one pass for each plane.
#include "kernels/vflip.h"

#include "kernels/filter.h"

WR_DECLARE_KERNELS

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    (void)values;
    struct wr_picture *picture = &lowering->picture;
    for (int n = 0; n < wr_format_planes(&picture->format); n++) {
        struct wr_plane *plane = &picture->plane[n];
        struct wr_pass *pass = wr_plane_pass(lowering, &vflip_kernel, &(struct vflip){0}, plane);
        wr_program_rows(lowering->program, pass, plane->height - 1, -1);
    }
    return WR_OK;
}

const struct wr_filter wr_vflip_filter = {
    .name = "vflip",
    .help = "Flip the picture vertically.",
    .example = "vflip",
    .lower = lower,
};
