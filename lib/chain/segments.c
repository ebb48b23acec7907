// SPDX-License-Identifier: MIT
// Cuts a filter graph into the linear filters at the beginning, the linear ones at the end, and
// what is between them.
#include "lib/chain/segments.h"

#include <libavutil/mem.h>
#include <string.h>

#include "lib/chain/device_words.h"
#include "lib/chain/host_text.h"
#include "lib/chain/host_traits.h"
#include "lib/chain/links.h"
#include "lib/chain/prune.h"

static enum wr_status fail_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}

// One picture in, one picture out.
static bool is_plain(const struct wr_link_node *node)
{
    return node->in == 1 && node->out == 1 && !node->hears && !node->sounds;
}

enum { ELSEWHERE = WR_NOWHERE - 1 }; // in another input

// The filter that a plain one gets its picture from, WR_NOWHERE for the video itself.
static int source_of(const struct wr_links *links, int at)
{
    const struct wr_link_node *node = &links->nodes[at];
    if (node->carried && !node->written->in.count)
        return at - 1;
    const char *label = node->written->in.count ? node->written->in.names[0] : NULL;
    const int maker = label ? wr_links_maker(links, label) : WR_NOWHERE;
    const int input = label ? wr_links_input(links, label) : node->open_from[0];
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

static enum wr_status add_native(struct wr_segments *segments, const struct wr_links *links,
                                 int first, int end, struct wr_error *error)
{
    struct wr_segment *segment = wr_segments_add(segments);
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

// Why libavfilter runs these filters.
static const char *explain(const struct wr_links *links, int first, int end, bool is_line)
{
    const char *yields = NULL;
    bool has_own = false;
    for (int n = first; n < end; n++) {
        yields = yields ? yields : links->nodes[n].yields;
        has_own |= wr_filter_find(links->nodes[n].written->name, NULL) >= 0;
    }
    return !is_line  ? "filters of several pictures are FFmpeg's, with all that stands between them"
           : yields  ? yields
           : has_own ? "warpreel's own filter does not take these parameters"
                     : "warpreel has no filter of this name";
}

static enum wr_status add_host(struct wr_segments *segments, const struct wr_links *links,
                               int first, int end, bool is_line, struct wr_error *error)
{
    struct wr_segment *segment = wr_segments_add(segments);
    if (!segment)
        return fail_memory(error);
    segment->is_line = is_line;
    segment->why = explain(links, first, end, is_line);
    const bool has_output = links->output_at >= first && links->output_at < end;
    const int last = has_output ? links->output_at : end - 1;
    segment->says_format = !strcmp(links->nodes[last].written->name, "format");
    segment->converts = wr_links_are_chaotic(links, first, end);
    const struct wr_graph_filter *filters = links->nodes[first].written; // of one array
    const enum wr_status status =
        is_line ? wr_host_text_line(&segment->graph, filters, end - first, error)
                : wr_host_text_graph(&segment->graph, &segment->further, links, first, end, error);
    return status ? status : wr_host_text_names(&segment->names, filters, end - first, error);
}

// `at` is the filter behind the last segment, a host one.
static enum wr_status note_format(struct wr_segments *segments, const struct wr_links *links,
                                  int at, struct wr_error *error)
{
    const struct wr_graph_filter *written = at < links->count ? links->nodes[at].written : NULL;
    if (!written || strcmp(written->name, "format") || !wr_node_host_takes(&links->nodes[at]))
        return WR_OK;
    struct wr_segment *last = &segments->items[segments->count - 1];
    last->says_format = true;
    last->format = av_strdup(written->text);
    return last->format ? WR_OK : fail_memory(error);
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

static void yield_one(struct wr_link_node *node, const char *why)
{
    node->yields = node->is_native ? why : node->yields;
    node->is_native = false;
}

// Commands reach the filters of libavfilter only.
static void yield_to_commands(struct wr_links *links)
{
    bool has_commands = false;
    for (int n = 0; n < links->count; n++)
        has_commands |= wr_host_traits(links->nodes[n].written->name) & WR_HOST_COMMANDS;
    for (int n = 0; n < links->count && has_commands; n++)
        if (links->nodes[n].is_native && wr_node_host_takes(&links->nodes[n]))
            yield_one(&links->nodes[n], "commands of the chain may change its parameters");
}

// What comes before a chaotic filter runs in libavfilter, too, as far as that has it: our results
// are near to its, but not the same.
static void yield_to_chaotic(struct wr_links *links)
{
    int n = links->count;
    while (n > 0 && !wr_links_are_chaotic(links, n - 1, n))
        n--;
    while (--n >= 0 && (!links->nodes[n].is_native || wr_node_host_takes(&links->nodes[n])))
        yield_one(&links->nodes[n], "the last of them depends on every bit of what comes before");
}

// A program has one size of pictures. Where libavfilter changes it from frame to frame, what comes
// behind runs there, too, as far as libavfilter has it.
static void yield_to_sizes(struct wr_links *links)
{
    bool is_behind = false;
    for (int n = 0; n < links->count; n++) {
        struct wr_link_node *const node = &links->nodes[n];
        if (is_behind && node->is_native && wr_node_host_takes(node))
            yield_one(node, "a filter before it changes the size of pictures");
        is_behind |= !node->is_native &&
                     wr_host_traits(node->written->name) & WR_HOST_CHANGES_SIZE &&
                     wr_node_host_traits(node) & WR_HOST_CHANGES_SIZE;
    }
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

// The label behind the graph's output, if it has one.
static enum wr_status take_label(struct wr_segments *segments, const struct wr_links *links,
                                 struct wr_error *error)
{
    const struct wr_labels *labels = &links->nodes[links->output_at].written->out;
    int n = 0;
    while (n < labels->count && wr_links_taker(links, labels->names[n]) != WR_NOWHERE)
        n++;
    segments->label = n < labels->count ? av_strdup(labels->names[n]) : NULL;
    return n < labels->count && !segments->label ? fail_memory(error) : WR_OK;
}

enum wr_status wr_segments_open(struct wr_segments *segments, const char *text, int inputs,
                                struct wr_error *error)
{
    return wr_segments_open_files(segments, text, inputs, NULL, false, error);
}

enum wr_status wr_segments_open_files(struct wr_segments *segments, const char *text, int inputs,
                                      const struct wr_chain_files *files, bool drops_ends,
                                      struct wr_error *error)
{
    *segments = (struct wr_segments){0};
    struct wr_graph graph;
    struct wr_mixed mixed = {.drawn = NULL};
    struct wr_links links = {0};
    enum wr_status status = wr_graph_open(&graph, text, error);
    if (!status && files && files->wanted)
        status = wr_graph_prune(&graph, files->wanted, error);
    if (!status)
        status = wr_device_words_replace(&graph, error);
    if (!status)
        status = wr_mixed_split(&mixed, &graph, files, error);
    segments->reread = mixed.reread;
    segments->drawn = mixed.drawn;
    segments->label = mixed.label;
    mixed.drawn = mixed.label = NULL;
    if (!status)
        status = wr_sound_part_take(&segments->sound, &graph, &mixed.sound, inputs, error);
    segments->sound.is_all &= !segments->drawn;
    if (!status && graph.count) {
        status = wr_links_open(&links, &graph, inputs, drops_ends, error);
        if (!status)
            yield_to_commands(&links);
        if (!status)
            yield_to_chaotic(&links);
        if (!status)
            yield_to_sizes(&links);
        if (!status)
            status = take_label(segments, &links, error);
        if (!status)
            status = cut(segments, &links, error);
        segments->main = links.main;
    }
    for (int n = 0; n < segments->count && graph.sws_flags && !status; n++)
        status = wr_segment_set_sws_flags(&segments->items[n], graph.sws_flags, error);
    wr_links_close(&links);
    wr_mixed_close(&mixed);
    wr_graph_close(&graph);
    return status;
}
