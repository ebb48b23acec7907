// SPDX-License-Identifier: MIT
// Cuts a filter graph into the linear filters at the beginning, the linear ones at the end, and
// what is between them.
#include "lib/chain/segments.h"

#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/links.h"

static enum wr_status fail_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}

// One picture in, one picture out.
static bool is_plain(const struct wr_node *node)
{
    return node->in == 1 && node->out == 1 && !node->hears && !node->sounds;
}

enum { ELSEWHERE = WR_NOWHERE - 1 }; // in another input

// The filter that a plain one gets its picture from, WR_NOWHERE for the video itself.
static int source_of(const struct wr_links *links, int at)
{
    const struct wr_node *node = &links->nodes[at];
    if (node->carried && !node->written->in.count)
        return at - 1;
    const char *label = node->written->in.count ? node->written->in.names[0] : NULL;
    const int maker = label ? wr_links_maker(links, label) : WR_NOWHERE;
    const int input = label ? wr_links_input(label) : node->open_from[0];
    return maker != WR_NOWHERE ? maker : input ? ELSEWHERE : WR_NOWHERE;
}

static int count_head(const struct wr_links *links)
{
    int head = 0;
    while (links->uses[0] == 1 && head < links->count && is_plain(&links->nodes[head]) &&
           source_of(links, head) == head - 1 &&
           (head != links->output_at || head == links->count - 1))
        head++;
    return head;
}

// Where the plain filters at the end begin.
static int find_tail(const struct wr_links *links, int head)
{
    int tail = links->count;
    while (tail > head && links->output_at == links->count - 1 &&
           is_plain(&links->nodes[tail - 1]) &&
           (tail == links->count || source_of(links, tail) == tail - 1) &&
           source_of(links, tail - 1) >= head)
        tail--;
    return tail;
}

static struct wr_segment *add_segment(struct wr_segments *segments)
{
    struct wr_segment *larger =
        reallocarray(segments->items, (size_t)segments->count + 1, sizeof *larger);
    if (!larger)
        return NULL;
    segments->items = larger;
    larger += segments->count++;
    *larger = (struct wr_segment){0};
    return larger;
}

static enum wr_status add_native(struct wr_segments *segments, const struct wr_links *links,
                                 int first, int end, struct wr_error *error)
{
    struct wr_segment *segment = add_segment(segments);
    if (!segment)
        return fail_memory(error);
    segment->is_native = true;
    enum wr_status status = WR_OK;
    for (int n = first; n < end && !status; n++) {
        const struct wr_graph_filter *written = links->nodes[n].written;
        status = wr_chain_append(&segment->chain, written->name, written->parameters, error);
    }
    return status;
}

// "in", "in1" and "out" are the ends of the segment, "wr0" and so on copies and names of our own.
static void print_label(AVBPrint *text, const char *label)
{
    const bool is_input =
        !strncmp(label, "in", 2) && strspn(label + 2, "0123456789") == strlen(label + 2);
    const bool is_ours = is_input || !strcmp(label, "out") || !strncmp(label, "wr", 2);
    av_bprintf(text, "[%s%s]", is_ours ? "wr_" : "", label);
}

// A segment of several filters with links, from `first` to before `end`.
struct stretch {
    const struct wr_links *links;
    int first, end;
    // How often the segment uses the frames that come to it and those of each further input, and
    // how often it has.
    int uses[WR_MAX_FILES], used[WR_MAX_FILES];
};

static bool is_inside(const struct stretch *stretch, int at)
{
    return at >= stretch->first && at < stretch->end;
}

// What comes from the filter before without a label: from inside, or from before the segment.
static int carried_within(const struct stretch *stretch, int at)
{
    return at > stretch->first ? stretch->links->nodes[at].carried : 0;
}

// The input that a label stands for which nothing inside has made: what comes to the segment is
// the first.
static int input_of(const struct stretch *stretch, const char *label)
{
    return wr_links_maker(stretch->links, label) == WR_NOWHERE ? wr_links_input(label) : 0;
}

static void count_uses(struct stretch *stretch)
{
    for (int n = stretch->first; n < stretch->end; n++) {
        const struct wr_node *node = &stretch->links->nodes[n];
        const struct wr_labels *in = &node->written->in;
        stretch->uses[0] += node->carried - carried_within(stretch, n);
        for (int i = 0; i < node->open_in; i++)
            stretch->uses[node->open_from[i]]++;
        for (int i = 0; i < in->count; i++)
            if (!is_inside(stretch, wr_links_maker(stretch->links, in->names[i])))
                stretch->uses[input_of(stretch, in->names[i])]++;
    }
}

// "in", "in1", or a copy of it: "wr0", "wr0in1".
static void print_input(AVBPrint *text, int input, int copy)
{
    char number[16] = "";
    if (input)
        snprintf(number, sizeof number, "in%d", input);
    if (copy == WR_NOWHERE)
        av_bprintf(text, "[%s]", input ? number : "in");
    else
        av_bprintf(text, "[wr%d%s]", copy, number);
}

static void print_use(AVBPrint *text, struct stretch *stretch, int input)
{
    print_input(text, input, stretch->uses[input] == 1 ? WR_NOWHERE : stretch->used[input]++);
}

// Labels for what a filter hands to the next one, where that has open inputs, too.
static void print_carried(AVBPrint *text, int at, int count)
{
    for (int n = 0; n < count; n++)
        av_bprintf(text, "[wr%dto%d]", n, at);
}

// Labelled inputs and outputs come first in libavfilter's order, then those without a label.
static void print_node(AVBPrint *text, struct stretch *stretch, int at)
{
    const struct wr_links *links = stretch->links;
    const struct wr_node *node = &links->nodes[at];
    const struct wr_labels *in = &node->written->in, *out = &node->written->out;
    for (int n = 0; n < in->count; n++)
        if (is_inside(stretch, wr_links_maker(links, in->names[n])))
            print_label(text, in->names[n]);
        else
            print_use(text, stretch, input_of(stretch, in->names[n]));
    for (int n = carried_within(stretch, at); n < node->carried; n++)
        print_use(text, stretch, 0);
    if (node->open_in)
        print_carried(text, at, carried_within(stretch, at));
    for (int n = 0; n < node->open_in; n++)
        print_use(text, stretch, node->open_from[n]);
    av_bprintf(text, "%s", node->written->text);
    for (int n = 0; n < out->count; n++)
        if (is_inside(stretch, wr_links_taker(links, out->names[n])))
            print_label(text, out->names[n]);
        else
            av_bprintf(text, "[out]");
    const bool is_last = at == stretch->end - 1;
    const bool leaves = node->written->carries ? is_last : at == links->output_at;
    if (leaves && node->out > out->count)
        av_bprintf(text, "[out]");
    if (is_last)
        return;
    const bool is_named = node->written->carries && links->nodes[at + 1].open_in;
    if (is_named)
        print_carried(text, at + 1, links->nodes[at + 1].carried);
    av_bprintf(text, "%c", node->written->carries && !is_named ? ',' : ';');
}

// Returns which further inputs it takes, a bit for each.
static uint32_t print_graph(AVBPrint *text, const struct wr_links *links, int first, int end)
{
    struct stretch stretch = {.links = links, .first = first, .end = end};
    uint32_t further = 0;
    count_uses(&stretch);
    for (int input = 0; input < WR_MAX_FILES; input++) {
        further |= input && stretch.uses[input] ? UINT32_C(1) << input : 0;
        if (stretch.uses[input] < 2)
            continue;
        print_input(text, input, WR_NOWHERE);
        av_bprintf(text, "split=%d", stretch.uses[input]);
        for (int n = 0; n < stretch.uses[input]; n++)
            print_input(text, input, n);
        av_bprintf(text, ";");
    }
    for (int n = first; n < end; n++)
        print_node(text, &stretch, n);
    return further;
}

static enum wr_status take_text(AVBPrint *text, char **result, struct wr_error *error)
{
    const bool is_whole = av_bprint_is_complete(text);
    return av_bprint_finalize(text, result) < 0 || !is_whole ? fail_memory(error) : WR_OK;
}

static enum wr_status add_host(struct wr_segments *segments, const struct wr_links *links,
                               int first, int end, bool is_linear, struct wr_error *error)
{
    struct wr_segment *segment = add_segment(segments);
    if (!segment)
        return fail_memory(error);
    AVBPrint graph, names;
    av_bprint_init(&graph, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprint_init(&names, 0, AV_BPRINT_SIZE_UNLIMITED);
    if (!is_linear)
        segment->further = print_graph(&graph, links, first, end);
    for (int n = first; n < end; n++) {
        const struct wr_graph_filter *written = links->nodes[n].written;
        av_bprintf(&names, "%s%s", n > first ? ", " : "", written->name);
        if (is_linear)
            av_bprintf(&graph, "%s%s", n > first ? "," : "", written->text);
    }
    const enum wr_status status = take_text(&graph, &segment->graph, error);
    const enum wr_status named = take_text(&names, &segment->names, error);
    return status ? status : named;
}

// Plain filters that follow each other.
static enum wr_status add_line(struct wr_segments *segments, const struct wr_links *links,
                               int first, int end, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    while (first < end && !status) {
        const bool is_native = links->nodes[first].is_native;
        int next = first;
        while (next < end && links->nodes[next].is_native == is_native)
            next++;
        status = is_native ? add_native(segments, links, first, next, error)
                           : add_host(segments, links, first, next, true, error);
        first = next;
    }
    return status;
}

static enum wr_status add_middle(struct wr_segments *segments, const struct wr_links *links,
                                 int first, int end, struct wr_error *error)
{
    for (int n = first; n < end; n++)
        if (!links->nodes[n].host)
            return wr_fail(error, WR_USAGE,
                           "%s: cannot stand between filters of several inputs or outputs, which "
                           "libavfilter runs: it has none of this name",
                           links->nodes[n].written->name);
    return add_host(segments, links, first, end, false, error);
}

static enum wr_status cut(struct wr_segments *segments, const struct wr_links *links,
                          struct wr_error *error)
{
    int head = count_head(links);
    if (head == links->count)
        return add_line(segments, links, 0, head, error);
    int tail = find_tail(links, head);
    while (head > 0 && !links->nodes[head - 1].is_native)
        head--;
    while (tail < links->count && !links->nodes[tail].is_native)
        tail++;
    enum wr_status status = add_line(segments, links, 0, head, error);
    if (!status)
        status = add_middle(segments, links, head, tail, error);
    return status ? status : add_line(segments, links, tail, links->count, error);
}

// libavfilter gives them to the filters of the graph that scale.
static enum wr_status add_sws_flags(struct wr_segment *segment, const char *flags,
                                    struct wr_error *error)
{
    if (segment->is_native)
        return WR_OK;
    char *text = av_asprintf("sws_flags=%s;%s", flags, segment->graph);
    if (!text)
        return fail_memory(error);
    av_free(segment->graph);
    segment->graph = text;
    return WR_OK;
}

enum wr_status wr_segments_open(struct wr_segments *segments, const char *text, int inputs,
                                struct wr_error *error)
{
    *segments = (struct wr_segments){NULL, 0};
    struct wr_graph graph;
    struct wr_links links = {0};
    enum wr_status status = wr_graph_open(&graph, text, error);
    if (!status && graph.count) {
        status = wr_links_open(&links, &graph, inputs, error);
        if (!status)
            status = cut(segments, &links, error);
    }
    for (int n = 0; n < segments->count && graph.sws_flags && !status; n++)
        status = add_sws_flags(&segments->items[n], graph.sws_flags, error);
    wr_links_close(&links);
    wr_graph_close(&graph);
    return status;
}

void wr_segments_close(struct wr_segments *segments)
{
    for (int n = 0; n < segments->count; n++) {
        wr_chain_close(&segments->items[n].chain);
        av_free(segments->items[n].graph);
        av_free(segments->items[n].names);
    }
    free(segments->items);
    *segments = (struct wr_segments){NULL, 0};
}
