// SPDX-License-Identifier: MIT
// Writes filters down again for libavfilter, and their names for sentences.
#include "lib/chain/host_text.h"

#include <libavutil/bprint.h>
#include <string.h>

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

static enum wr_status take_text(AVBPrint *text, char **result, struct wr_error *error)
{
    const bool is_whole = av_bprint_is_complete(text);
    return av_bprint_finalize(text, result) < 0 || !is_whole
               ? wr_fail(error, WR_FAILED, "out of memory while reading the filters")
               : WR_OK;
}

enum wr_status wr_host_text_graph(char **result, const struct wr_links *links, int first, int end,
                                  struct wr_error *error)
{
    AVBPrint text;
    av_bprint_init(&text, 0, AV_BPRINT_SIZE_UNLIMITED);
    struct stretch stretch = {.links = links, .first = first, .end = end};
    stretch.uses = count_uses(&stretch);
    if (stretch.uses > 1) {
        av_bprintf(&text, "[in]split=%d", stretch.uses);
        for (int n = 0; n < stretch.uses; n++)
            av_bprintf(&text, "[wr%d]", n);
        av_bprintf(&text, ";");
    }
    for (int n = first; n < end; n++)
        print_node(&text, &stretch, n);
    return take_text(&text, result, error);
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
