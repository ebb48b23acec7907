// SPDX-License-Identifier: MIT
// Writes filters down again for libavfilter, and their names for sentences.
#include "lib/chain/host_text.h"

#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <stdio.h>
#include <string.h>

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
    // By the number of an input, of which 0 is what comes to the segment: how often its filters use
    // that input, and how many of these uses are written down already.
    int uses[WR_MAX_FILES], used[WR_MAX_FILES];
};

static bool is_inside(const struct stretch *stretch, int at)
{
    return at >= stretch->first && at < stretch->end;
}

// How many inputs without a label filter number `at` has from the filter before it, if that one is
// inside the segment.
static int carried_within(const struct stretch *stretch, int at)
{
    return at > stretch->first ? stretch->links->nodes[at].carried : 0;
}

// The number of the input that a label stands for. A label that a filter before the segment made is
// what comes to the segment, number 0.
static int input_of(const struct stretch *stretch, const char *label)
{
    return wr_links_maker(stretch->links, label) == WR_NOWHERE
               ? wr_links_input(stretch->links, label)
               : 0;
}

static void count_uses(struct stretch *stretch)
{
    for (int n = stretch->first; n < stretch->end; n++) {
        const struct wr_link_node *node = &stretch->links->nodes[n];
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
    const struct wr_link_node *node = &links->nodes[at];
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
    if (node->is_dropped)
        av_bprintf(text, ",nullsink");
    if (is_last)
        return;
    const bool is_named = node->written->carries && links->nodes[at + 1].open_in;
    if (is_named)
        print_carried(text, at + 1, links->nodes[at + 1].carried);
    av_bprintf(text, "%c", node->written->carries && !is_named ? ',' : ';');
}

static enum wr_status take_text(AVBPrint *text, char **result, struct wr_error *error)
{
    const bool is_whole = av_bprint_is_complete(text);
    return av_bprint_finalize(text, result) < 0 || !is_whole
               ? wr_fail(error, WR_FAILED, "out of memory while reading the filters")
               : WR_OK;
}

enum wr_status wr_host_text_graph(char **result, uint32_t *further, const struct wr_links *links,
                                  int first, int end, struct wr_error *error)
{
    AVBPrint text;
    av_bprint_init(&text, 0, AV_BPRINT_SIZE_UNLIMITED);
    struct stretch stretch = {.links = links, .first = first, .end = end};
    count_uses(&stretch);
    *further = 0;
    for (int input = 0; input < WR_MAX_FILES; input++) {
        *further |= input && stretch.uses[input] ? UINT32_C(1) << input : 0;
        if (stretch.uses[input] < 2)
            continue;
        print_input(&text, input, WR_NOWHERE);
        av_bprintf(&text, "split=%d", stretch.uses[input]);
        for (int n = 0; n < stretch.uses[input]; n++)
            print_input(&text, input, n);
        av_bprintf(&text, ";");
    }
    for (int n = first; n < end; n++)
        print_node(&text, &stretch, n);
    return take_text(&text, result, error);
}

// libavfilter links "out" as soon as it reads it, so what leads to the filter has another label.
char *wr_host_text_append(const char *text, const char *filter)
{
    static const char label[] = "[out]";
    const char *at = NULL;
    for (const char *next = strstr(text, label); next; next = strstr(next + 1, label))
        at = next;
    return at ? av_asprintf("%.*s[wrout]%s;[wrout]%s", (int)(at - text), text, at + strlen(label),
                            filter)
              : av_asprintf("%s,%s", text, filter);
}

enum wr_status wr_host_text_line(char **result, const struct wr_graph_filter *filters, int count,
                                 struct wr_error *error)
{
    AVBPrint text;
    av_bprint_init(&text, 0, AV_BPRINT_SIZE_UNLIMITED);
    for (int n = 0; n < count; n++)
        av_bprintf(&text, "%s%s", n ? "," : "", filters[n].text);
    return take_text(&text, result, error);
}

enum wr_status wr_host_text_names(char **result, const struct wr_graph_filter *filters, int count,
                                  struct wr_error *error)
{
    AVBPrint text;
    av_bprint_init(&text, 0, AV_BPRINT_SIZE_UNLIMITED);
    for (int n = 0; n < count; n++)
        av_bprintf(&text, "%s%s", n ? ", " : "", filters[n].name);
    return take_text(&text, result, error);
}
