// SPDX-License-Identifier: MIT
// FFmpeg's own filters for pictures, for help pages.
#include <libavfilter/avfilter.h>
#include <libavutil/avutil.h>
#include <stdbool.h>
#include <string.h>

#include "lib/warpreel.h"

static bool has_video(const AVFilterPad *pads, bool dynamic)
{
    return dynamic || (pads && avfilter_pad_get_type(pads, 0) == AVMEDIA_TYPE_VIDEO);
}

// Filters that give pictures and have no kernels here; not the ends of a graph.
static bool is_listed(const AVFilter *filter)
{
    const bool dynamic_in = filter->flags & AVFILTER_FLAG_DYNAMIC_INPUTS;
    const bool dynamic_out = filter->flags & AVFILTER_FLAG_DYNAMIC_OUTPUTS;
    return has_video(filter->outputs, dynamic_out) &&
           (has_video(filter->inputs, dynamic_in) || !filter->inputs) &&
           strcmp(filter->name, "buffer") && wr_filter_find(filter->name, NULL) < 0;
}

int wr_host_filter_count(void)
{
    int count = 0;
    void *position = NULL;
    const AVFilter *filter;
    while ((filter = av_filter_iterate(&position)))
        count += is_listed(filter);
    return count;
}

struct wr_host_filter_info wr_host_filter_describe(int number)
{
    void *position = NULL;
    const AVFilter *filter;
    do
        filter = av_filter_iterate(&position);
    while (filter && (!is_listed(filter) || number--));
    return filter ? (struct wr_host_filter_info){filter->name,
                                                 filter->description ? filter->description : ""}
                  : (struct wr_host_filter_info){"", ""};
}
