// SPDX-License-Identifier: MIT
// median: one pass for each plane, by the way that suits its window.
#include "kernels/filters/median.h"

#include "kernels/program/planes.h"

enum {
    median_near_scratch_use = WR_MAY_HAVE_SCRATCH,
    median_scratch_use = WR_MAY_HAVE_SCRATCH,
    median_deep_scratch_use = WR_MAY_HAVE_SCRATCH,
};
WR_DEFINE_KERNELS

struct median_parameters {
    int radius, planes, radiusV;
    double percentile;
};

static const struct wr_parameter parameters[] = {
    WR_PARAMETER(struct median_parameters, radius, NULL, "1", 1, 127,
                 "columns of the window on either side; fewer if the picture is too narrow"),
    WR_PARAMETER_PLANES(struct median_parameters, "15"),
    WR_PARAMETER(struct median_parameters, radiusV, NULL, "0", 0, 127,
                 "rows of the window above and below; 0 takes as many as columns"),
    WR_PARAMETER(struct median_parameters, percentile, NULL, "0.5", 0, 1,
                 "which of the sorted samples: 0 the smallest, 0.5 the median, 1 the largest"),
};

// The window must fit into the smallest plane, and all planes have the same one.
static int largest_radius(int radius, int size)
{
    return size < 2 * radius + 1 ? (size - 1) / 2 : radius;
}

static const struct wr_kernel *kernel_for(const struct wr_format *format, int reach_x, int reach_y,
                                          int rank)
{
    const bool is_middle =
        reach_x == reach_y && 2 * rank == (2 * reach_x + 1) * (2 * reach_x + 1) - 1;
    if (is_middle && reach_x == 1)
        return &wr_median_of_nine_kernel;
    if (is_middle && reach_x == 2)
        return &wr_median_of_25_kernel;
    if (reach_x <= MEDIAN_NEAR && reach_y <= MEDIAN_NEAR)
        return &wr_median_near_kernel;
    return format->depth > 8 ? &wr_median_deep_kernel : &wr_median_kernel;
}

// What histograms of columns take on the CPU, or counting bit by bit.
static size_t scratch_for(const struct wr_kernel *kernel, int depth, int reach_x, int reach_y)
{
    if (kernel->scratch == WR_NO_SCRATCH)
        return 0;
    const int half = median_half(depth), samples = (2 * reach_x + 1) * (2 * reach_y + 1);
    const size_t columns = half ? median_columns_scratch(half, median_block_columns, reach_x) : 0;
    const size_t counts = samples <= MEDIAN_COUNTS_MOST
                              ? median_counts_scratch(depth > 8 ? 2 : 1, reach_x, reach_y)
                              : 0;
    return columns > counts ? columns : counts;
}

static enum wr_status lower(struct wr_lowering *lowering, const void *values)
{
    const struct median_parameters *p = values;
    struct wr_picture *picture = &lowering->picture;
    const struct wr_format *format = &picture->format;
    int reach_x = p->radius, reach_y = p->radiusV ? p->radiusV : p->radius;
    for (int n = 0; n < wr_format_planes(format); n++)
        if (wr_plane_is_chosen(format, p->planes, n)) {
            reach_x = largest_radius(reach_x, wr_format_width(format, n));
            reach_y = largest_radius(reach_y, wr_format_height(format, n));
        }
    const int others = 2 * (2 * reach_x * reach_y + reach_x + reach_y);
    const struct median arguments = {(int)((float)others * (float)p->percentile), format->depth};
    const struct wr_kernel *kernel = kernel_for(format, reach_x, reach_y, arguments.rank);
    const size_t scratch = scratch_for(kernel, format->depth, reach_x, reach_y);
    for (int n = 0; n < wr_format_planes(format); n++) {
        if (!wr_plane_is_chosen(format, p->planes, n))
            continue;
        struct wr_pass *pass = wr_plane_pass(lowering, kernel, &arguments, &picture->plane[n]);
        pass->reach_x = reach_x;
        pass->reach_y = reach_y;
        pass->scratch = scratch;
    }
    return WR_OK;
}

const struct wr_filter wr_median_filter = {
    .name = "median",
    .help = "Take the median of each sample's surroundings: removes specks, keeps edges.",
    .example = "median=radius=2",
    WR_PARAMETERS(parameters, struct median_parameters),
    .lower = lower,
};
