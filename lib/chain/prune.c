// SPDX-License-Identifier: MIT
// Finds the filters that lead to an output which is wanted, and takes out the others.
#include "lib/chain/prune.h"

#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/groups.h"

static bool is_wanted(const char *const *wanted, const char *label)
{
    const size_t length = strlen(label);
    for (; wanted && *wanted; wanted++)
        if (**wanted == '[' && !strncmp(*wanted + 1, label, length) &&
            !strcmp(*wanted + 1 + length, "]"))
            return true;
    return false;
}

// Where the label stands before a filter, NULL for nowhere. *at: the filter's number.
static char **find_taker(const struct wr_graph *graph, const char *label, int *at)
{
    for (*at = 0; *at < graph->count; ++*at) {
        const struct wr_labels *labels = &graph->filters[*at].in;
        for (int n = 0; n < labels->count; n++)
            if (!strcmp(labels->names[n], label))
                return &labels->names[n];
    }
    return NULL;
}

// Whether what the label names is used.
static bool is_used(const struct wr_graph *graph, const char *label, const char *const *wanted,
                    const bool *live)
{
    int at;
    return is_wanted(wanted, label) || (find_taker(graph, label, &at) && live[at]);
}

static bool leads_anywhere(const struct wr_graph *graph, int at, const char *const *wanted,
                           const bool *live)
{
    const struct wr_graph_filter *filter = &graph->filters[at];
    bool does = filter->carries ? live[at + 1] : !filter->out.count; // an output without a label
    for (int n = 0; n < filter->out.count; n++)
        does |= is_used(graph, filter->out.names[n], wanted, live);
    return does;
}

static void find_live(const struct wr_graph *graph, const char *const *wanted, bool *live)
{
    bool found = true;
    while (found) {
        found = false;
        for (int n = graph->count - 1; n >= 0; n--)
            if (!live[n] && leads_anywhere(graph, n, wanted, live))
                live[n] = found = true;
    }
}

static bool is_split(const struct wr_graph_filter *filter)
{
    return !strcmp(filter->name, "split") || !strcmp(filter->name, "asplit");
}

static void replace(char **text, char *by)
{
    free(*text);
    *text = by;
}

// Has a `split` give as many outputs as are left. False where memory is short.
static bool set_outputs(struct wr_graph_filter *split, int count)
{
    char text[32], parameters[16];
    const char *const null = *split->name == 'a' ? "anull" : "null";
    snprintf(parameters, sizeof parameters, "%d", count);
    snprintf(text, sizeof text, "%s=%d", split->name, count);
    if (count == 1)
        replace(&split->name, strdup(null));
    replace(&split->parameters, count == 1 ? NULL : strdup(parameters));
    replace(&split->text, strdup(count == 1 ? null : text));
    return split->name && split->text && (count == 1 || split->parameters);
}

// Takes out of a `split` the outputs that nothing uses.
static bool narrow(const struct wr_graph *graph, struct wr_graph_filter *split,
                   const char *const *wanted, const bool *live)
{
    struct wr_labels *labels = &split->out;
    int left = 0;
    for (int n = 0; n < labels->count; n++)
        if (is_used(graph, labels->names[n], wanted, live))
            labels->names[left++] = labels->names[n];
        else
            av_free(labels->names[n]);
    const bool is_narrower = left < labels->count;
    labels->count = left;
    return !is_narrower || set_outputs(split, left + split->carries);
}

// Links the two ends of a filter that changes nothing, and takes it out.
static void bypass(struct wr_graph *graph, int at)
{
    struct wr_graph_filter *filter = &graph->filters[at];
    struct wr_graph_filter *before = at && filter[-1].carries ? &filter[-1] : NULL;
    int taker;
    char **name = filter->out.count == 1 ? find_taker(graph, filter->out.names[0], &taker) : NULL;
    if (before && !before->out.count && filter->out.count == 1) {
        const struct wr_labels none = before->out;
        before->out = filter->out;
        before->carries = false;
        filter->out = none;
    } else if (!before && name && filter->in.count == 1) {
        av_free(*name);
        *name = filter->in.names[0];
        filter->in.count = 0;
    } else {
        return;
    }
    wr_graph_remove(graph, at);
}

// Puts a filter at the end that takes what the label names, and drops it.
static bool sink(struct wr_graph *graph, const char *label, bool is_sound)
{
    const char *const name = is_sound ? "anullsink" : "nullsink";
    struct wr_graph_filter *longer =
        realloc(graph->filters, ((size_t)graph->count + 1) * sizeof *longer);
    if (!longer)
        return false;
    graph->filters = longer;
    struct wr_graph_filter *new = &longer[graph->count++];
    *new = (struct wr_graph_filter){.name = strdup(name), .text = strdup(name)};
    new->in.names = calloc(1, sizeof *new->in.names);
    char *const copy = new->in.names ? av_strdup(label) : NULL;
    if (copy)
        new->in.names[new->in.count++] = copy;
    return copy && new->name &&new->text;
}

// Drops the outputs of other filters than `split` that nothing uses.
static bool sink_outputs(struct wr_graph *graph, const char *const *wanted)
{
    bool has_memory = true;
    const int count = graph->count;
    for (int n = 0; n < count; n++)
        for (int i = 0; i < graph->filters[n].out.count && has_memory; i++) {
            int taker;
            const struct wr_graph_filter *filter = &graph->filters[n]; // they may have moved
            const AVFilter *host = avfilter_get_by_name(filter->name);
            const char *const label = filter->out.names[i];
            if (!is_wanted(wanted, label) && !find_taker(graph, label, &taker))
                has_memory =
                    sink(graph, label, host && wr_filter_has_pad(host, AVMEDIA_TYPE_AUDIO));
        }
    return has_memory;
}

enum wr_status wr_graph_prune(struct wr_graph *graph, const char *const *wanted,
                              struct wr_error *error)
{
    bool *live = calloc((size_t)graph->count + 1, sizeof *live);
    bool has_memory = live;
    if (live)
        find_live(graph, wanted, live);
    for (int n = graph->count - 1; n >= 0 && has_memory; n--) {
        graph->filters[n].carries &= live[n + 1];
        if (live[n] && is_split(&graph->filters[n]))
            has_memory = narrow(graph, &graph->filters[n], wanted, live);
    }
    for (int n = graph->count - 1; n >= 0 && has_memory; n--)
        if (!live[n])
            wr_graph_remove(graph, n);
    for (int n = graph->count - 1; n >= 0 && has_memory; n--)
        if (!strcmp(graph->filters[n].text, "null") || !strcmp(graph->filters[n].text, "anull"))
            bypass(graph, n);
    has_memory = has_memory && sink_outputs(graph, wanted);
    free(live);
    return has_memory ? WR_OK
                      : wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}
