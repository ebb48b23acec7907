// SPDX-License-Identifier: MIT
// Follows the links between filters, and checks that they lead from its inputs to its one output.
#include "lib/chain/links.h"

#include <stdlib.h>
#include <string.h>

#include "lib/chain/host_traits.h"

static enum wr_status fail_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}

static int find_label(const struct wr_labels *labels, const char *name)
{
    for (int n = 0; n < labels->count; n++)
        if (!strcmp(labels->names[n], name))
            return n;
    return WR_NOWHERE;
}

// The filter that has the label before it (or after it), of those from `first` on.
static int find_user(const struct wr_links *links, int first, const char *label, bool after)
{
    for (int n = first; n < links->count; n++) {
        const struct wr_graph_filter *written = links->nodes[n].written;
        if (find_label(after ? &written->out : &written->in, label) != WR_NOWHERE)
            return n;
    }
    return WR_NOWHERE;
}

int wr_links_maker(const struct wr_links *links, const char *label)
{
    return find_user(links, 0, label, true);
}

int wr_links_taker(const struct wr_links *links, const char *label)
{
    return find_user(links, 0, label, false);
}

// "N", "N:v", "N:V", "N:0", "N:v:0" and "N:V:0"; for the first input also "in" and "v:0".
static int number_of(const char *label)
{
    static const char *const ends[] = {"", ":v", ":V", ":0", ":v:0", ":V:0"};
    const size_t digits = strspn(label, "0123456789");
    if (!strcmp(label, "in") || !strcmp(label, "v:0"))
        return 0;
    for (size_t n = 0; n < sizeof ends / sizeof *ends; n++)
        if (digits && digits < 9 && !strcmp(label + digits, ends[n]))
            return (int)strtol(label, NULL, 10);
    return WR_NOWHERE;
}

int wr_links_input(const struct wr_links *links, const char *label)
{
    const int input = number_of(label);
    return input == links->main ? 0 : input;
}

// A label that no filter makes must be an input's. *input: which.
static enum wr_status check_input(const char *label, int inputs, int *input, struct wr_error *error)
{
    *input = number_of(label);
    if (*input >= 0 && *input < inputs)
        return WR_OK;
    const size_t digits = strspn(label, "0123456789");
    const long number = strtol(label, NULL, 10);
    if (digits && (!label[digits] || label[digits] == ':')) {
        if (number >= inputs)
            return wr_fail(error, WR_USAGE,
                           "[%s]: there is no input %ld, --input names further ones", label,
                           number);
        if (label[digits] && label[digits + 1] == 's')
            return wr_fail(error, WR_USAGE,
                           "[%s]: filters take no subtitles here; the filter subtitles=FILE shows "
                           "those of a file that are text",
                           label);
        return wr_fail(error, WR_USAGE,
                       label[digits + 1] == 'a'
                           ? "[%s]: filters of pictures take no sound here; a chain of sound alone "
                             "may stand beside them, \"[%ld:a]volume=2[a]\""
                           : "[%s]: filters take the video, [%ld:v], which --map %ld:v:N chooses",
                       label, number, number);
    }
    return wr_fail(error, WR_USAGE,
                   "[%s]: no filter has this label behind it; the video is [in] or [0:v]", label);
}

// Checks that no other filter has the label that stands before (or behind) this one.
static enum wr_status check_unique(const struct wr_links *links, int at,
                                   const struct wr_labels *labels, int n, bool after,
                                   struct wr_error *error)
{
    const char *label = labels->names[n];
    const int again = find_user(links, at + 1, label, after);
    if (find_label(labels, label) == n && again == WR_NOWHERE)
        return WR_OK;
    if (after)
        return wr_fail(error, WR_USAGE, "[%s]: two outputs have this label", label);
    return wr_fail(error, WR_USAGE, "[%s]: two inputs have this label, split makes two of it",
                   label);
}

// Links each input without a label to the first of the graph's inputs that is still free.
static enum wr_status find_open(struct wr_links *links, struct wr_link_node *node,
                                struct wr_error *error)
{
    for (int n = 0; n < node->open_in; n++) {
        int input = 0;
        while (input < links->inputs && links->uses[input])
            input++;
        if (input == links->inputs)
            return wr_fail(error, WR_USAGE,
                           "%s: an input has no label, and no video is left for it: "
                           "--input FILE adds one, the label [0:v] takes the first again",
                           node->written->name);
        links->uses[input]++;
        node->open_from[n] = input;
    }
    return WR_OK;
}

static bool has_bit(uint64_t bits, int n)
{
    return n < 64 && bits >> n & 1;
}

// Whether an input that is sound would get pictures: from a file, or from the filter before.
static bool hears_pictures(const struct wr_links *links, int at)
{
    const struct wr_link_node *node = &links->nodes[at];
    const struct wr_labels *labels = &node->written->in;
    bool does = false;
    for (int n = 0; n < node->in; n++) {
        const int carried = n - labels->count;
        const bool is_made = n < labels->count
                                 ? wr_links_maker(links, labels->names[n]) != WR_NOWHERE
                                 : carried < node->carried && links->nodes[at - 1].sounds;
        does |= has_bit(node->hears, n) && !is_made;
    }
    return does;
}

static enum wr_status link_inputs(struct wr_links *links, int at, int carried,
                                  struct wr_error *error)
{
    struct wr_link_node *node = &links->nodes[at];
    const struct wr_labels *labels = &node->written->in;
    node->carried = carried;
    node->open_in = node->in - labels->count - carried;
    if (node->open_in < 0)
        return wr_fail(error, WR_USAGE, "%s: takes %d input%s, it is given %d", node->written->name,
                       node->in, node->in == 1 ? "" : "s", labels->count + carried);
    for (int n = 0; n < labels->count; n++) {
        const char *label = labels->names[n];
        enum wr_status status = WR_OK;
        int input = WR_NOWHERE;
        if (wr_links_maker(links, label) != WR_NOWHERE)
            status = check_unique(links, at, labels, n, false, error);
        else
            status = check_input(label, links->inputs, &input, error);
        if (status)
            return status;
        if (input != WR_NOWHERE)
            links->uses[input]++;
    }
    if (hears_pictures(links, at))
        return wr_fail(error, WR_USAGE, "%s: takes sound, and only the video is filtered",
                       node->written->name);
    return find_open(links, node, error);
}

// Sets *carried to what the next filter gets without a label.
static enum wr_status link_outputs(struct wr_links *links, int at, int *carried,
                                   struct wr_error *error)
{
    struct wr_link_node *node = &links->nodes[at];
    const struct wr_labels *labels = &node->written->out;
    const int rest = node->out - labels->count;
    if (rest < 0)
        return wr_fail(error, WR_USAGE, "%s: has %d output%s, but %d labels behind it",
                       node->written->name, node->out, node->out == 1 ? "" : "s", labels->count);
    *carried = node->written->carries ? rest : 0;
    int open = 0;
    bool sounds = false;
    for (int n = 0; n < node->out; n++) {
        const bool has_label = n < labels->count;
        const enum wr_status status =
            has_label ? check_unique(links, at, labels, n, true, error) : WR_OK;
        if (status)
            return status;
        const bool is_open = has_label ? wr_links_taker(links, labels->names[n]) == WR_NOWHERE
                                       : !node->written->carries;
        open += is_open;
        sounds |= is_open && has_bit(node->sounds, n);
    }
    if (sounds)
        return wr_fail(error, WR_USAGE, "%s: gives sound, and only video can come out",
                       node->written->name);
    node->is_dropped =
        links->drops_ends && links->output_at != WR_NOWHERE && open == 1 && rest == 1;
    if (node->is_dropped)
        return WR_OK;
    if (open > 1 || (open && links->output_at != WR_NOWHERE))
        return wr_fail(
            error, WR_USAGE,
            "%s: a second output of the chain, which must have one; nullsink drops others",
            node->written->name);
    if (open)
        links->output_at = at;
    return WR_OK;
}

// Puts the input whose picture the graph filters first in the place of the job's first.
static enum wr_status find_main(struct wr_links *links, struct wr_error *error)
{
    while (links->main < links->inputs && !links->uses[links->main])
        links->main++;
    if (links->main == links->inputs)
        return wr_fail(error, WR_USAGE, "%s: the chain does not use the input's picture",
                       links->nodes[0].written->name);
    const int uses = links->uses[links->main];
    links->uses[links->main] = 0;
    links->uses[0] = uses;
    return WR_OK;
}

static enum wr_status link_nodes(struct wr_links *links, struct wr_error *error)
{
    int carried = 0;
    for (int n = 0; n < links->count; n++) {
        enum wr_status status = link_inputs(links, n, carried, error);
        if (!status)
            status = link_outputs(links, n, &carried, error);
        if (status)
            return status;
    }
    if (links->output_at == WR_NOWHERE)
        return wr_fail(error, WR_USAGE, "%s: the chain gives no picture",
                       links->nodes[links->count - 1].written->name);
    return find_main(links, error);
}

enum wr_status wr_links_open(struct wr_links *links, const struct wr_graph *graph, int inputs,
                             bool drops_ends, struct wr_error *error)
{
    *links = (struct wr_links){.nodes = calloc((size_t)graph->count, sizeof *links->nodes),
                               .count = graph->count,
                               .inputs = inputs,
                               .drops_ends = drops_ends,
                               .output_at = WR_NOWHERE};
    if (!links->nodes)
        return fail_memory(error);
    for (int n = 0; n < graph->count; n++) {
        links->nodes[n].written = &graph->filters[n];
        const enum wr_status status = wr_node_look_up(&links->nodes[n], error);
        if (status)
            return status;
    }
    return link_nodes(links, error);
}

bool wr_links_are_chaotic(const struct wr_links *links, int first, int end)
{
    for (int n = first; n < end; n++)
        if (!links->nodes[n].is_native &&
            wr_host_traits(links->nodes[n].written->name) & WR_HOST_CHAOTIC)
            return true;
    return false;
}

void wr_links_close(struct wr_links *links)
{
    free(links->nodes);
    *links = (struct wr_links){0};
}
