// SPDX-License-Identifier: MIT
// Looks up a filter by its name, among warpreel's and libavfilter's, and counts its inputs and
// outputs.
#include "lib/chain/nodes.h"

#include "kernels/filters/registry.h"
#include "lib/chain/chain.h"
#include "lib/chain/host_traits.h"

static bool filters_sound(const AVFilter *filter)
{
    const bool is_source = !avfilter_filter_pad_count(filter, 0);
    return avfilter_filter_pad_count(filter, is_source) &&
           avfilter_pad_get_type(is_source ? filter->outputs : filter->inputs, 0) ==
               AVMEDIA_TYPE_AUDIO;
}

// The n-th name of a list of warpreel's filters and then libavfilter's, without those for sound.
static const char *any_name(const void *unused, int n)
{
    (void)unused;
    if (n < wr_filter_total)
        return wr_filters[n]->name;
    void *position = NULL;
    const AVFilter *filter;
    for (n -= wr_filter_total; (filter = av_filter_iterate(&position)) && n > 0; n--)
        ;
    return filter && !filters_sound(filter) ? filter->name : NULL;
}

static enum wr_status refuse_name(const char *name, struct wr_error *error)
{
    int count = wr_filter_total;
    void *position = NULL;
    while (av_filter_iterate(&position))
        count++;
    const char *nearest = wr_nearest(name, any_name, NULL, count);
    if (nearest)
        return wr_fail(error, WR_USAGE, "no filter named '%s', did you mean '%s'?", name, nearest);
    wr_filter_find(name, error);
    return WR_USAGE;
}

// libavfilter's filter in a graph of its own, for avfilter_graph_free(). NULL where it does not
// take the parameters.
static AVFilterGraph *try_host(const AVFilter *filter, const char *parameters)
{
    AVFilterGraph *graph = avfilter_graph_alloc();
    if (graph)
        graph->nb_threads = 1;
    AVFilterContext *context = graph ? avfilter_graph_alloc_filter(graph, filter, "try") : NULL;
    if (!context || avfilter_init_str(context, parameters) < 0)
        avfilter_graph_free(&graph);
    return graph;
}

bool wr_node_host_takes(const struct wr_link_node *node)
{
    AVFilterGraph *graph = node->host ? try_host(node->host, node->written->parameters) : NULL;
    const bool takes = graph;
    avfilter_graph_free(&graph);
    return takes;
}

unsigned wr_node_host_traits(const struct wr_link_node *node)
{
    AVFilterGraph *graph = node->host ? try_host(node->host, node->written->parameters) : NULL;
    const unsigned traits = graph ? wr_host_traits_of(graph->filters[0]) : 0;
    avfilter_graph_free(&graph);
    return traits;
}

static uint64_t find_sound(const AVFilterPad *pads, int count)
{
    uint64_t bits = 0;
    for (int n = 0; n < count && n < 64; n++)
        if (avfilter_pad_get_type(pads, n) == AVMEDIA_TYPE_AUDIO)
            bits |= UINT64_C(1) << n;
    return bits;
}

// For some filters that depends on the parameters. Sources whose number of outputs does have as
// many as there are labels: trying one opens files.
enum wr_status wr_node_count_pads(struct wr_link_node *node, struct wr_error *error)
{
    const AVFilter *filter = node->host;
    const AVFilterPad *in = filter->inputs, *out = filter->outputs;
    node->in = (int)avfilter_filter_pad_count(filter, 0);
    node->out = (int)avfilter_filter_pad_count(filter, 1);
    AVFilterGraph *graph = NULL;
    const bool is_source = !node->in && !(filter->flags & AVFILTER_FLAG_DYNAMIC_INPUTS);
    if (is_source && filter->flags & AVFILTER_FLAG_DYNAMIC_OUTPUTS) {
        const int labels = node->written->out.count;
        node->out = labels ? labels : 1;
        node->sounds = *filter->name == 'a' ? UINT64_MAX : 0; // amovie
        return WR_OK;
    }
    if (filter->flags & (AVFILTER_FLAG_DYNAMIC_INPUTS | AVFILTER_FLAG_DYNAMIC_OUTPUTS)) {
        graph = try_host(filter, node->written->parameters);
        if (!graph)
            return wr_fail(error, WR_USAGE, "%s: libavfilter does not take '%s'", filter->name,
                           node->written->text);
        const AVFilterContext *context = graph->filters[0];
        in = context->input_pads;
        out = context->output_pads;
        node->in = (int)context->nb_inputs;
        node->out = (int)context->nb_outputs;
    }
    node->hears = find_sound(in, node->in);
    node->sounds = find_sound(out, node->out);
    avfilter_graph_free(&graph);
    return WR_OK;
}

enum wr_status wr_node_look_up(struct wr_link_node *node, struct wr_error *error)
{
    const char *name = node->written->name;
    node->host = avfilter_get_by_name(name);
    if (wr_filter_find(name, NULL) >= 0) {
        struct wr_chain trial = {NULL, 0};
        const enum wr_status status =
            wr_chain_append(&trial, name, node->written->parameters, error);
        wr_chain_close(&trial);
        node->is_native = !status;
        node->in = node->out = 1;
        return status == WR_USAGE && wr_node_host_takes(node) ? WR_OK : status;
    }
    return node->host ? wr_node_count_pads(node, error) : refuse_name(name, error);
}
