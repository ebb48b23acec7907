// SPDX-License-Identifier: MIT
// Tells sound from pictures by the pads of filters and the labels of inputs.
#include "lib/chain/sound_part.h"

#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/groups.h"
#include "lib/chain/links.h"

static enum wr_status fail_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}

// ---- what is sound

static bool is_sound(const struct wr_graph *graph, const int *groups, int group)
{
    return wr_group_handles(graph, groups, group, AVMEDIA_TYPE_AUDIO) &&
           !wr_group_handles(graph, groups, group, AVMEDIA_TYPE_VIDEO);
}

// ---- how many pads

static bool filters_sound(const AVFilter *filter)
{
    return wr_filter_has_pad(filter, AVMEDIA_TYPE_AUDIO) &&
           !wr_filter_has_pad(filter, AVMEDIA_TYPE_VIDEO);
}

// The n-th of libavfilter's filters, NULL behind the last and for those that filter no sound.
static const char *sound_name(const void *unused, int n)
{
    (void)unused;
    void *position = NULL;
    const AVFilter *filter;
    for (; (filter = av_filter_iterate(&position)) && n > 0; n--)
        ;
    return filter && filters_sound(filter) ? filter->name : NULL;
}

static enum wr_status refuse_name(const char *name, struct wr_error *error)
{
    int count = 0;
    void *position = NULL;
    while (av_filter_iterate(&position))
        count++;
    const char *nearest = wr_nearest(name, sound_name, NULL, count);
    return wr_fail(error, WR_USAGE, "no filter for sound named '%s'%s%s%s", name,
                   nearest ? ", did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

// Finds out how many inputs and outputs a filter has, and that it is given no more.
static enum wr_status count_pads(struct wr_link_node *pads, int carried, struct wr_error *error)
{
    const struct wr_graph_filter *written = pads->written;
    pads->host = avfilter_get_by_name(written->name);
    if (!pads->host)
        return refuse_name(written->name, error);
    const enum wr_status status = wr_node_count_pads(pads, error);
    if (!status && written->in.count + carried > pads->in)
        return wr_fail(error, WR_USAGE, "%s: takes %d input%s, it is given %d", written->name,
                       pads->in, pads->in == 1 ? "" : "s", written->in.count + carried);
    if (!status && written->out.count > pads->out)
        return wr_fail(error, WR_USAGE, "%s: has %d output%s, but %d labels behind it",
                       written->name, pads->out, pads->out == 1 ? "" : "s", written->out.count);
    return status;
}

// ---- writing it down

// The text of one group, as it grows.
struct text {
    AVBPrint graph, names;
    int first_output, first_input; // of the part: the group's come behind the others'
    int carried;                   // outputs of the filter before without a label
    int first, next;               // the numbers of those, and of those to come
};

// "0:a" is the first sound of the file, "0:a:1" and "0:3" any one, NULL one that nothing takes.
static enum wr_status print_input(struct wr_sound_part *part, struct text *text, const char *label,
                                  int files, struct wr_error *error)
{
    struct wr_sound_input *input = &part->inputs[part->input_count];
    const size_t digits = label ? strspn(label, "0123456789") : 0;
    if (label && (!digits || (label[digits] && label[digits] != ':')))
        return wr_fail(error, WR_USAGE,
                       "[%s]: no filter has this label behind it; sound is [0:a] or [1:a:0]",
                       label);
    const long file = label ? strtol(label, NULL, 10) : -1;
    if (file >= files)
        return wr_fail(error, WR_USAGE, "[%s]: there is no input %ld, --input names further ones",
                       label, file);
    if (part->input_count == WR_MOST_SOUNDS)
        return wr_fail(error, WR_USAGE, "the chain takes more than %d sounds", WR_MOST_SOUNDS);
    av_bprintf(&text->graph, "[in%d]", part->input_count++ - text->first_input);
    input->file = (int)file;
    input->specifier = label ? av_strdup(label + digits + (label[digits] == ':')) : NULL;
    return label && !input->specifier ? fail_memory(error) : WR_OK;
}

static enum wr_status print_output(struct wr_sound_part *part, struct text *text, const char *label,
                                   const char *filter, struct wr_error *error)
{
    if (part->output_count == WR_MOST_SOUNDS)
        return wr_fail(error, WR_USAGE, "%s: the chain makes more than %d sounds", filter,
                       WR_MOST_SOUNDS);
    av_bprintf(&text->graph, "[end%d]", part->output_count - text->first_output);
    struct wr_sound_output *output = &part->outputs[part->output_count++];
    output->label = label ? av_strdup(label) : NULL;
    return label && !output->label ? fail_memory(error) : WR_OK;
}

// Inputs are those with labels, then those that are carried, then those that are open.
static enum wr_status print_inputs(struct wr_sound_part *part, struct text *text,
                                   const struct wr_graph *graph,
                                   const struct wr_graph_filter *written, int pads, int files,
                                   struct wr_error *error)
{
    enum wr_status status = WR_OK;
    int open = pads - written->in.count - text->carried;
    for (int n = 0; n < written->in.count && !status; n++)
        if (wr_graph_links(graph, written->in.names[n], true))
            av_bprintf(&text->graph, "[label %s]", written->in.names[n]);
        else
            status = print_input(part, text, written->in.names[n], files, error);
    for (int n = 0; n < text->carried; n++)
        av_bprintf(&text->graph, "[%d]", text->first + n);
    while (open-- > 0 && !status)
        status = print_input(part, text, NULL, files, error);
    return status;
}

static enum wr_status print_outputs(struct wr_sound_part *part, struct text *text,
                                    const struct wr_graph *graph,
                                    const struct wr_graph_filter *written, int pads,
                                    struct wr_error *error)
{
    enum wr_status status = WR_OK;
    int open = pads - written->out.count;
    for (int n = 0; n < written->out.count && !status; n++)
        if (wr_graph_links(graph, written->out.names[n], false))
            av_bprintf(&text->graph, "[label %s]", written->out.names[n]);
        else
            status = print_output(part, text, written->out.names[n], written->name, error);
    text->carried = written->carries ? open : 0;
    text->first = text->next;
    for (int n = 0; n < text->carried; n++)
        av_bprintf(&text->graph, "[%d]", text->next++);
    while (!written->carries && open-- > 0 && !status)
        status = print_output(part, text, NULL, written->name, error);
    return status;
}

// All links get labels, which differ from those of the ends.
static enum wr_status print_filter(struct wr_sound_part *part, struct text *text,
                                   const struct wr_graph *graph,
                                   const struct wr_graph_filter *written, int files,
                                   struct wr_error *error)
{
    struct wr_link_node pads = {.written = written};
    enum wr_status status = count_pads(&pads, text->carried, error);
    if (!status)
        status = print_inputs(part, text, graph, written, pads.in, files, error);
    if (status)
        return status;
    av_bprintf(&text->graph, "%s", written->text);
    av_bprintf(&text->names, "%s%s", text->names.len ? ", " : "", written->name);
    status = print_outputs(part, text, graph, written, pads.out, error);
    av_bprintf(&text->graph, ";");
    return status;
}

// Writes the group's filters down for one of its outputs.
static enum wr_status take_output(struct wr_sound_part *part, const struct text *text, int number,
                                  struct wr_error *error)
{
    struct wr_sound_output *output = &part->outputs[number];
    AVBPrint graph;
    av_bprint_init(&graph, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprintf(&graph, "%s", text->graph.str);
    for (int n = text->first_output; n < part->output_count; n++)
        if (n != number)
            av_bprintf(&graph, "[end%d]anullsink;", n - text->first_output);
    av_bprintf(&graph, "[end%d]anull[end];", number - text->first_output);
    output->first = text->first_input;
    output->count = part->input_count - text->first_input;
    av_bprint_finalize(&graph, &output->graph);
    return output->graph ? WR_OK : fail_memory(error);
}

// What has no input becomes one: its outputs are that input's sounds, and stay as they are.
static enum wr_status take_made(struct wr_sound_part *part, const struct text *text, int files,
                                struct wr_error *error)
{
    const int count = part->output_count - text->first_output;
    if (part->made_count == WR_MOST_SOUNDS || part->input_count + count > WR_MOST_SOUNDS)
        return wr_fail(error, WR_USAGE, "%s: there are more than %d sounds", text->names.str,
                       WR_MOST_SOUNDS);
    bool has_room = true;
    AVBPrint graph;
    av_bprint_init(&graph, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprintf(&graph, "%s", text->graph.str);
    for (int n = 0; n < count; n++) {
        struct wr_sound_output *output = &part->outputs[text->first_output + n];
        struct wr_sound_input *input = &part->inputs[part->input_count];
        av_bprintf(&graph, "%s[end%d]anull[out%d]", n ? ";" : "", n, n);
        *input = (struct wr_sound_input){files + part->made_count, av_asprintf("a:%d", n)};
        output->graph = av_strdup("[in0]anull[end];");
        output->first = part->input_count++;
        output->count = 1;
        has_room &= input->specifier && output->graph;
    }
    av_bprint_finalize(&graph, &part->made[part->made_count]);
    has_room &= part->made[part->made_count++] != NULL;
    return has_room ? WR_OK : fail_memory(error);
}

static enum wr_status take_text(struct wr_sound_part *part, const struct text *text, int files,
                                struct wr_error *error)
{
    if (!av_bprint_is_complete(&text->graph) || !av_bprint_is_complete(&text->names))
        return fail_memory(error);
    if (part->output_count == text->first_output)
        return wr_fail(error, WR_USAGE, "%s: gives no sound", text->names.str);
    const bool is_made = part->input_count == text->first_input;
    enum wr_status status = is_made ? take_made(part, text, files, error) : WR_OK;
    for (int n = text->first_output; n < part->output_count && !status && !is_made; n++)
        status = take_output(part, text, n, error);
    char *names = av_asprintf("%s%s%s", part->names ? part->names : "", part->names ? ", " : "",
                              text->names.str);
    av_free(part->names);
    part->names = names;
    return status || names ? status : fail_memory(error);
}

// Takes the filters of one group.
static enum wr_status take_group(struct wr_sound_part *part, const struct wr_graph *graph,
                                 const int *groups, int group, int files, struct wr_error *error)
{
    struct text text = {.first_output = part->output_count, .first_input = part->input_count};
    av_bprint_init(&text.graph, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprint_init(&text.names, 0, AV_BPRINT_SIZE_UNLIMITED);
    enum wr_status status = WR_OK;
    for (int n = 0; n < graph->count && !status; n++)
        if (groups[n] == group)
            status = print_filter(part, &text, graph, &graph->filters[n], files, error);
    if (!status)
        status = take_text(part, &text, files, error);
    av_bprint_finalize(&text.graph, NULL);
    av_bprint_finalize(&text.names, NULL);
    return status;
}

static bool is_first_of_group(const int *groups, int n)
{
    for (int other = 0; other < n; other++)
        if (groups[other] == groups[n])
            return false;
    return true;
}

// Takes the groups of a graph that make sound, or with `all` every group. Sets taken[n] for each
// filter in them, unless taken is NULL.
static enum wr_status take_groups(struct wr_sound_part *part, const struct wr_graph *graph,
                                  bool all, bool *taken, int files, struct wr_error *error)
{
    int *groups = calloc((size_t)graph->count + 1, sizeof *groups);
    enum wr_status status = groups ? WR_OK : fail_memory(error);
    if (!status)
        wr_groups_number(graph, groups);
    for (int n = 0; n < graph->count && !status; n++) {
        const bool takes = all || is_sound(graph, groups, groups[n]);
        if (taken)
            taken[n] = takes;
        if (takes && is_first_of_group(groups, n))
            status = take_group(part, graph, groups, groups[n], files, error);
    }
    free(groups);
    return status;
}

enum wr_status wr_sound_part_take(struct wr_sound_part *part, struct wr_graph *graph,
                                  const struct wr_graph *mixed, int files, struct wr_error *error)
{
    *part = (struct wr_sound_part){0};
    bool *taken = calloc((size_t)graph->count + 1, sizeof *taken);
    enum wr_status status =
        taken ? take_groups(part, graph, false, taken, files, error) : fail_memory(error);
    if (!status)
        status = take_groups(part, mixed, true, NULL, files, error);
    for (int n = graph->count - 1; n >= 0 && !status; n--)
        if (taken[n])
            wr_graph_remove(graph, n);
    part->is_all = part->output_count && !graph->count;
    free(taken);
    return status;
}

void wr_sound_part_close(struct wr_sound_part *part)
{
    for (int n = 0; n < part->input_count; n++)
        av_free(part->inputs[n].specifier);
    for (int n = 0; n < part->output_count; n++) {
        av_free(part->outputs[n].graph);
        av_free(part->outputs[n].label);
    }
    for (int n = 0; n < part->made_count; n++)
        av_free(part->made[n]);
    av_free(part->names);
    *part = (struct wr_sound_part){0};
}
