// SPDX-License-Identifier: MIT
// vflip: top becomes bottom. Costs nothing: passes read the rows the other way round, or write them
// so where the output is due. Only for encoders that do not take such rows they are copied.
#include "kernels/program/place.h"

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    (void)values;
    struct wr_picture *picture = &lowering->picture;
    for (int n = 0; n < wr_format_planes(&picture->format); n++)
        picture->plane[n].flipped ^= true;
    wr_place_mirrored_rows(lowering);
    return WR_OK;
}

const struct wr_filter wr_vflip_filter = {
    .name = "vflip",
    .help = "Flip the picture vertically.",
    .example = "vflip",
    .mirrors = true,
    .lower = lower,
};
