// SPDX-License-Identifier: MIT
// Cuts a filter graph into the linear filters at the beginning, the linear ones at the end, and
// what is between them.
#include "lib/chain/segments.h"

#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/mem.h>
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

// The filter that a plain one gets its picture from, WR_NOWHERE for the video itself.
static int source_of(const struct wr_links *links, int at)
{
    const struct wr_node *node = &links->nodes[at];
    if (node->written->in.count)
        return wr_links_maker(links, node->written->in.names[0]);
    return node->carried ? at - 1 : WR_NOWHERE;
}

static int count_head(const struct wr_links *links)
{
    int head = 0;
    while (links->inputs == 1 && head < links->count && is_plain(&links->nodes[head]) &&
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

// "in" and "out" are the ends of the segment, "wr0" and so on the copies of its input.
static void print_label(AVBPrint *text, const char *label)
{
    const bool is_ours = !strcmp(label, "in") || !strcmp(label, "out") || !strncmp(label, "wr", 2);
    av_bprintf(text, "[%s%s]", is_ours ? "wr_" : "", label);
}

// A segment of several filters with links, from `first` to before `end`.
struct stretch {
    const struct wr_links *links;
    int first, end;
    int uses, used; // how often the segment's input is used, and how often it has been
};

static bool is_inside(const struct stretch *stretch, int at)
{
    return at >= stretch->first && at < stretch->end;
}

static int carried_into(const struct stretch *stretch, int at)
{
    return at == stretch->first ? stretch->links->nodes[at].carried : 0;
}

static int count_uses(const struct stretch *stretch)
{
    int uses = 0;
    for (int n = stretch->first; n < stretch->end; n++) {
        const struct wr_node *node = &stretch->links->nodes[n];
        uses += carried_into(stretch, n) + node->open_in;
        for (int i = 0; i < node->written->in.count; i++)
            uses += !is_inside(stretch, wr_links_maker(stretch->links, node->written->in.names[i]));
    }
    return uses;
}

static void print_use(AVBPrint *text, struct stretch *stretch)
{
    if (stretch->uses == 1)
        av_bprintf(text, "[in]");
    else
        av_bprintf(text, "[wr%d]", stretch->used++);
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
            print_use(text, stretch);
    for (int n = carried_into(stretch, at) + node->open_in; n > 0; n--)
        print_use(text, stretch);
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
    if (!is_last)
        av_bprintf(text, "%c", node->written->carries ? ',' : ';');
}

static void print_graph(AVBPrint *text, const struct wr_links *links, int first, int end)
{
    struct stretch stretch = {.links = links, .first = first, .end = end};
    stretch.uses = count_uses(&stretch);
    if (stretch.uses > 1) {
        av_bprintf(text, "[in]split=%d", stretch.uses);
        for (int n = 0; n < stretch.uses; n++)
            av_bprintf(text, "[wr%d]", n);
        av_bprintf(text, ";");
    }
    for (int n = first; n < end; n++)
        print_node(text, &stretch, n);
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
    segment->converts = wr_links_are_chaotic(links, first, end);
    AVBPrint graph, names;
    av_bprint_init(&graph, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprint_init(&names, 0, AV_BPRINT_SIZE_UNLIMITED);
    if (!is_linear)
        print_graph(&graph, links, first, end);
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

static enum wr_status add_wish(struct wr_segment *segment, const char *format,
                               struct wr_error *error)
{
    const char *graph = segment->graph;
    const char *between = graph[strlen(graph) - 1] == ']' ? ";[out]" : ",";
    segment->wish = av_asprintf("%s%s%s", graph, between, format);
    return segment->wish ? WR_OK : fail_memory(error);
}

// `at` is the filter behind the last segment, a host one.
static enum wr_status note_format(struct wr_segments *segments, const struct wr_links *links,
                                  int at, struct wr_error *error)
{
    const struct wr_graph_filter *written = at < links->count ? links->nodes[at].written : NULL;
    if (!written || strcmp(written->name, "format") || !wr_links_host_takes(links, at))
        return WR_OK;
    return add_wish(&segments->items[segments->count - 1], written->text, error);
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
        if (!status && !is_native)
            status = note_format(segments, links, next, error);
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

// What comes before a chaotic filter runs in libavfilter, too, as far as that has it: our results
// are near to its, but not the same.
static void yield_to_chaotic(struct wr_links *links)
{
    int n = links->count;
    while (n > 0 && !wr_links_are_chaotic(links, n - 1, n))
        n--;
    while (--n >= 0 && (!links->nodes[n].is_native || wr_links_host_takes(links, n)))
        links->nodes[n].is_native = false;
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
    if (!status)
        status = note_format(segments, links, tail, error);
    return status ? status : add_line(segments, links, tail, links->count, error);
}

// libavfilter gives them to the filters of the graph that scale.
static enum wr_status add_sws_flags(struct wr_segment *segment, const char *flags,
                                    struct wr_error *error)
{
    if (segment->is_native)
        return WR_OK;
    char **const texts[] = {&segment->graph, &segment->wish};
    for (int n = 0; n < 2; n++) {
        char *text = *texts[n] ? av_asprintf("sws_flags=%s;%s", flags, *texts[n]) : NULL;
        if (*texts[n] && !text)
            return fail_memory(error);
        av_free(*texts[n]);
        *texts[n] = text;
    }
    return WR_OK;
}

enum wr_status wr_segments_open(struct wr_segments *segments, const char *text,
                                struct wr_error *error)
{
    *segments = (struct wr_segments){NULL, 0};
    struct wr_graph graph;
    struct wr_links links = {0};
    enum wr_status status = wr_graph_open(&graph, text, error);
    if (!status && graph.count) {
        status = wr_links_open(&links, &graph, error);
        if (!status)
            yield_to_chaotic(&links);
        if (!status)
            status = cut(segments, &links, error);
    }
    for (int n = 0; n < segments->count && graph.sws_flags && !status; n++)
        status = add_sws_flags(&segments->items[n], graph.sws_flags, error);
    wr_links_close(&links);
    wr_graph_close(&graph);
    return status;
}

enum wr_status wr_segments_append_format(struct wr_segments *segments, const char *pix_fmt,
                                         struct wr_error *error)
{
    struct wr_segment *last = segments->count ? &segments->items[segments->count - 1] : NULL;
    enum wr_status status = WR_OK;
    if (last && !last->is_native) {
        char *format = av_asprintf("format=%s", pix_fmt);
        status = format ? add_wish(last, format, error) : fail_memory(error);
        av_free(format);
    }
    if (!status && (!last || !last->is_native)) {
        last = add_segment(segments);
        status = last ? WR_OK : fail_memory(error);
    }
    if (status)
        return status;
    last->is_native = true;
    return wr_chain_append(&last->chain, "format", pix_fmt, error);
}

void wr_segments_close(struct wr_segments *segments)
{
    for (int n = 0; n < segments->count; n++) {
        wr_chain_close(&segments->items[n].chain);
        av_free(segments->items[n].graph);
        av_free(segments->items[n].names);
        av_free(segments->items[n].wish);
    }
    free(segments->items);
    *segments = (struct wr_segments){NULL, 0};
}
