// SPDX-License-Identifier: MIT
// Asks libavfilter for the inputs and outputs of a filter with its parameters.
#include "lib/chain/pads.h"

#include <libavutil/common.h>

static int copy_types(enum AVMediaType *types, const AVFilterPad *pads, unsigned count)
{
    const int known = FFMIN((int)count, WR_MOST_PADS);
    for (int n = 0; n < known; n++)
        types[n] = avfilter_pad_get_type(pads, n);
    return known;
}

// Pads whose number depends on parameters are found out in a graph of their own.
static enum wr_status read_dynamic(struct wr_pads *pads, const AVFilter *filter,
                                   const struct wr_graph_filter *written, struct wr_error *error)
{
    AVFilterGraph *graph = avfilter_graph_alloc();
    AVFilterContext *context = graph ? avfilter_graph_alloc_filter(graph, filter, "try") : NULL;
    const bool takes = context && avfilter_init_str(context, written->parameters) >= 0;
    if (takes) {
        pads->in_count = copy_types(pads->in, context->input_pads, context->nb_inputs);
        pads->out_count = copy_types(pads->out, context->output_pads, context->nb_outputs);
    }
    avfilter_graph_free(&graph);
    return takes ? WR_OK
                 : wr_fail(error, WR_USAGE, "%s: libavfilter does not take '%s'", written->name,
                           written->text);
}

enum wr_status wr_pads_read(struct wr_pads *pads, const struct wr_graph_filter *written,
                            struct wr_error *error)
{
    const AVFilter *filter = avfilter_get_by_name(written->name);
    *pads = (struct wr_pads){.in_count = 0};
    if (!filter)
        return wr_fail(error, WR_USAGE, "no filter named '%s' (--list-filters lists them)",
                       written->name);
    const bool any_in = filter->flags & AVFILTER_FLAG_DYNAMIC_INPUTS;
    const bool any_out = filter->flags & AVFILTER_FLAG_DYNAMIC_OUTPUTS;
    const unsigned in = avfilter_filter_pad_count(filter, 0);
    if (any_in || (any_out && in))
        return read_dynamic(pads, filter, written, error);
    pads->in_count = copy_types(pads->in, filter->inputs, in);
    pads->out_count = copy_types(pads->out, filter->outputs, avfilter_filter_pad_count(filter, 1));
    while (any_out && pads->out_count < written->out.count && pads->out_count < WR_MOST_PADS)
        pads->out[pads->out_count++] =
            *written->name == 'a' ? AVMEDIA_TYPE_AUDIO : AVMEDIA_TYPE_VIDEO;
    return WR_OK;
}
