// SPDX-License-Identifier: MIT
// transpose: turns the picture by a quarter, or mirrors it at a diagonal.
#include "kernels/filters/transpose.h"

#include "kernels/program/place.h"

WR_DEFINE_KERNELS

struct transpose_parameters {
    int dir, passthrough;
};

// Numbers from 4 on are FFmpeg's older way to say passthrough=landscape.
static const char *const dir_names[] = {"cclock_flip",
                                        "clock",
                                        "cclock",
                                        "clock_flip",
                                        "cclock_flip_landscape",
                                        "clock_landscape",
                                        "cclock_landscape",
                                        "clock_flip_landscape",
                                        NULL};

enum { LANDSCAPE = 1, PORTRAIT = 2 };

static const char *const passthrough_names[] = {"none", "landscape", "portrait", NULL};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER_CHOICE(struct transpose_parameters, dir, NULL, "cclock_flip", dir_names,
                        "by name or number: 0 cclock_flip, 1 clock, 2 cclock, 3 clock_flip; clock "
                        "is a quarter turn to the right, cclock to the left, and flip then "
                        "mirrors top to bottom"),
    WR_PARAMETER_CHOICE(struct transpose_parameters, passthrough, NULL, "none", passthrough_names,
                        "leave pictures alone that are at least as wide as high, or as high as "
                        "wide"),
};

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct transpose_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    struct wr_format *format = &picture->format;
    const int keep = p->dir >= 4 ? LANDSCAPE : p->passthrough;
    if ((keep == LANDSCAPE && format->width >= format->height) ||
        (keep == PORTRAIT && format->width <= format->height))
        return WR_OK;
    if (format->log2_chroma_w == 2 && format->log2_chroma_h == 0)
        return wr_refuse(lowering, "chroma of 4:1:1 has no layout once it is turned");
    wr_place_transposed(lowering);
    const struct transpose arguments = {.from_bottom = p->dir & 1, .from_right = p->dir & 2};
    for (int n = 0; n < wr_format_planes(format); n++) {
        struct wr_plane *plane = &picture->plane[n];
        struct wr_pass *pass = wr_sized_pass(lowering, &wr_transpose_kernel, &arguments, plane,
                                             plane->height, plane->width);
        pass->reads_anywhere = true;
    }
    if (arguments.from_bottom)
        wr_place_mirrored_columns(lowering);
    if (arguments.from_right)
        wr_place_mirrored_rows(lowering);
    return WR_OK;
}

const struct wr_filter wr_transpose_filter = {
    .name = "transpose",
    .help = "Turn the picture by a quarter, or mirror it at a diagonal.",
    .example = "transpose=clock",
    WR_PARAMETERS(parameters, struct transpose_parameters),
    .reshapes = true,
    .lower = lower,
};
