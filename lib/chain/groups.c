// SPDX-License-Identifier: MIT
// Finds the filters of a graph that are linked with each other, and whether they work on sound.
#include "lib/chain/groups.h"

#include <string.h>

#include "lib/chain/pads.h"
#include "lib/warpreel.h"

static bool has_label(const struct wr_labels *labels, const char *name)
{
    for (int n = 0; n < labels->count; n++)
        if (!strcmp(labels->names[n], name))
            return true;
    return false;
}

bool wr_graph_links(const struct wr_graph *graph, const char *label, bool behind)
{
    for (int n = 0; n < graph->count; n++)
        if (has_label(behind ? &graph->filters[n].out : &graph->filters[n].in, label))
            return true;
    return false;
}

static bool are_linked(const struct wr_graph *graph, int from, int to)
{
    const struct wr_graph_filter *filter = &graph->filters[from];
    for (int n = 0; n < filter->out.count; n++)
        if (has_label(&graph->filters[to].in, filter->out.names[n]))
            return true;
    return filter->carries && to == from + 1;
}

void wr_groups_number(const struct wr_graph *graph, int *groups)
{
    for (int n = 0; n < graph->count; n++)
        groups[n] = n;
    for (int from = 0; from < graph->count; from++)
        for (int to = 0; to < graph->count; to++) {
            const int old = groups[to];
            if (!are_linked(graph, from, to))
                continue;
            for (int n = 0; n < graph->count; n++)
                groups[n] = groups[n] == old ? groups[from] : groups[n];
        }
}

bool wr_filter_has_pad(const AVFilter *filter, enum AVMediaType type)
{
    for (int side = 0; side < 2; side++)
        for (unsigned n = 0; n < avfilter_filter_pad_count(filter, side); n++)
            if (avfilter_pad_get_type(side ? filter->outputs : filter->inputs, (int)n) == type)
                return true;
    return false;
}

// Whether an input has a label of the type, such as "[0:a]".
static bool has_type(const struct wr_labels *labels, enum AVMediaType type)
{
    const char letter = type == AVMEDIA_TYPE_AUDIO ? 'a' : 'v';
    bool has = false;
    for (int n = 0; n < labels->count; n++) {
        const size_t digits = strspn(labels->names[n], "0123456789");
        has |= digits && labels->names[n][digits] == ':' && labels->names[n][digits + 1] == letter;
    }
    return has;
}

// Whether the filter has a pad of the type. What is not known is told by labels.
static bool handles(const struct wr_graph_filter *written, enum AVMediaType type)
{
    struct wr_pads pads;
    if (wr_pads_read(&pads, written, NULL))
        return has_type(&written->in, type) ||
               (type == AVMEDIA_TYPE_VIDEO && wr_filter_find(written->name, NULL) >= 0);
    bool does = false;
    for (int n = 0; n < pads.in_count; n++)
        does |= pads.in[n] == type;
    for (int n = 0; n < pads.out_count; n++)
        does |= pads.out[n] == type;
    return does;
}

bool wr_group_handles(const struct wr_graph *graph, const int *groups, int group,
                      enum AVMediaType type)
{
    bool does = false;
    for (int n = 0; n < graph->count; n++)
        does |= groups[n] == group && handles(&graph->filters[n], type);
    return does;
}
