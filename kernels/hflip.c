// SPDX-License-Identifier: MIT
// hflip: lowers to one pass for each plane.
#include "kernels/filter.h"
#include "kernels/hflip.h"

WR_DECLARE_KERNELS

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    (void)values;
    const struct wr_format *format = &lowering->picture.format;
    for (int p = 0; p < wr_format_planes(format); p++) {
        struct wr_plane *plane = &lowering->picture.plane[p];
        const struct wr_plane out =
            wr_program_buffer(lowering->program, WR_SAMPLE, format, plane->width, plane->height);
        struct wr_pass *pass = wr_program_pass(lowering->program, &hflip_kernel, lowering->filter,
                                               format, &(struct hflip){0});
        wr_pass_in(pass, *plane);
        wr_pass_out(pass, out);
        *plane = out;
    }
    return WR_OK;
}

const struct wr_filter wr_hflip_filter = {
    .name = "hflip",
    .help = "Flip the picture horizontally.",
    .example = "hflip",
    .lower = lower,
};
