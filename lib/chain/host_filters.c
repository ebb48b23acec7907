// SPDX-License-Identifier: MIT
// FFmpeg's own filters, for help pages.
#include <libavfilter/avfilter.h>
#include <stdbool.h>
#include <string.h>

#include "lib/chain/device_words.h"
#include "lib/chain/groups.h"
#include "lib/chain/host_options.h"
#include "lib/warpreel.h"

// Filters all of whose pads depend on parameters have names with an a in front for sound.
static bool is_sound(const AVFilter *filter)
{
    const bool has_pictures = wr_filter_has_pad(filter, AVMEDIA_TYPE_VIDEO);
    return !has_pictures &&
           (wr_filter_has_pad(filter, AVMEDIA_TYPE_AUDIO) || filter->name[0] == 'a');
}

// Filters that have no kernels here; not the ends of a graph, and none that works in a device's
// memory.
static bool is_listed(const AVFilter *filter)
{
    static const char *const ends[] = {"buffer", "buffersink", "abuffer", "abuffersink"};
    for (size_t n = 0; n < sizeof ends / sizeof *ends; n++)
        if (!strcmp(filter->name, ends[n]))
            return false;
    return wr_filter_find(filter->name, NULL) < 0 && !wr_is_device_word(filter->name);
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

// The filter with this number; NULL where there are not so many.
static const AVFilter *find(int number)
{
    void *position = NULL;
    const AVFilter *filter;
    do
        filter = av_filter_iterate(&position);
    while (filter && (!is_listed(filter) || number--));
    return filter;
}

struct wr_host_filter_info wr_host_filter_describe(int number)
{
    const AVFilter *filter = find(number);
    if (!filter)
        return (struct wr_host_filter_info){.name = "", .help = ""};
    const bool any_in = filter->flags & AVFILTER_FLAG_DYNAMIC_INPUTS;
    const bool any_out = filter->flags & AVFILTER_FLAG_DYNAMIC_OUTPUTS;
    return (struct wr_host_filter_info){
        .name = filter->name,
        .help = filter->description ? filter->description : "",
        .is_sound = is_sound(filter),
        .inputs = any_in ? -1 : (int)avfilter_filter_pad_count(filter, 0),
        .outputs = any_out ? -1 : (int)avfilter_filter_pad_count(filter, 1),
        .parameter_count = wr_host_option_count(filter->priv_class),
        .takes_enable = filter->flags & AVFILTER_FLAG_SUPPORT_TIMELINE,
    };
}

struct wr_parameter_info wr_host_parameter_describe(int number, int parameter)
{
    const AVFilter *filter = find(number);
    return wr_host_option_describe(filter ? filter->priv_class : NULL, parameter);
}
