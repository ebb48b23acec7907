// SPDX-License-Identifier: MIT
// Tells sound from pictures by the pads of filters and the labels of inputs.
#include "lib/chain/sound_part.h"

#include <libavfilter/avfilter.h>
#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/filters/registry.h"

static enum wr_status fail_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}

// ---- what is linked

static bool has_label(const struct wr_labels *labels, const char *name)
{
    for (int n = 0; n < labels->count; n++)
        if (!strcmp(labels->names[n], name))
            return true;
    return false;
}

// Whether some filter has the label behind it, or before it.
static bool is_linked(const struct wr_graph *graph, const char *label, bool behind)
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

// Gives filters that are linked, over others too, the same number.
static void number_groups(const struct wr_graph *graph, int *groups)
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

// ---- what is sound

static bool has_pad(const AVFilter *filter, enum AVMediaType type)
{
    for (int side = 0; side < 2; side++)
        for (unsigned n = 0; n < avfilter_filter_pad_count(filter, side); n++)
            if (avfilter_pad_get_type(side ? filter->outputs : filter->inputs, (int)n) == type)
                return true;
    return false;
}

// Whether the filter has a pad of the type, or an input that is labelled so. Pads whose number
// depends on parameters are not known here; what they are linked to tells.
static bool handles(const struct wr_graph_filter *written, enum AVMediaType type)
{
    const bool is_sound = type == AVMEDIA_TYPE_AUDIO;
    const AVFilter *filter = avfilter_get_by_name(written->name);
    bool does = (filter && has_pad(filter, type)) ||
                (!is_sound && wr_filter_find(written->name, NULL) >= 0);
    for (int n = 0; n < written->in.count; n++) {
        const char *label = written->in.names[n];
        const size_t digits = strspn(label, "0123456789");
        if (digits && label[digits] == ':')
            does |= label[digits + 1] == 'a' ? is_sound : !is_sound && label[digits + 1] == 'v';
    }
    return does;
}

static bool is_sound(const struct wr_graph *graph, const int *groups, int group)
{
    bool has_sound = false, has_pictures = false;
    for (int n = 0; n < graph->count; n++) {
        if (groups[n] != group)
            continue;
        has_sound |= handles(&graph->filters[n], AVMEDIA_TYPE_AUDIO);
        has_pictures |= handles(&graph->filters[n], AVMEDIA_TYPE_VIDEO);
    }
    return has_sound && !has_pictures;
}

// ---- writing it down

#define BEGIN "[in0]"
#define END "[out0]"

struct text {
    AVBPrint graph, names;
    int outputs;
};

// "0:a" and "0" are the first sound of the file, "0:a:1" and "0:3" any one.
static enum wr_status add_input(struct wr_sound_part *part, const char *label,
                                struct wr_error *error)
{
    const size_t digits = strspn(label, "0123456789");
    const char *specifier = label + digits + (label[digits] == ':');
    if (!digits || digits > 4 || (label[digits] && label[digits] != ':'))
        return wr_fail(error, WR_USAGE,
                       "[%s]: no filter has this label behind it; sound is [0:a] or [1:a:0]",
                       label);
    struct wr_sound_input *input = &part->input;
    if (input->specifier)
        return wr_fail(error, WR_USAGE,
                       "[%s]: a second input of sound, and only one is possible; asplit makes two "
                       "of it",
                       label);
    input->file = (int)strtol(label, NULL, 10);
    input->specifier = av_strdup(!*specifier || !strcmp(specifier, "a") ? "a:0" : specifier);
    return input->specifier ? WR_OK : fail_memory(error);
}

static enum wr_status print_input(struct wr_sound_part *part, struct text *text, const char *label,
                                  struct wr_error *error)
{
    av_bprintf(&text->graph, BEGIN);
    return add_input(part, label, error);
}

static enum wr_status print_output(struct wr_sound_part *part, struct text *text, const char *label,
                                   const char *filter, struct wr_error *error)
{
    av_bprintf(&text->graph, END);
    if (text->outputs++)
        return wr_fail(error, WR_USAGE,
                       "%s: a second output of sound, and only one is possible; amix makes one of "
                       "several, anullsink drops others",
                       filter);
    part->label = label ? av_strdup(label) : NULL;
    return label && !part->label ? fail_memory(error) : WR_OK;
}

// Labels between filters get a prefix, so that they are not taken for the ends.
static enum wr_status print_filter(struct wr_sound_part *part, struct text *text,
                                   const struct wr_graph *graph, int at, struct wr_error *error)
{
    const struct wr_graph_filter *written = &graph->filters[at];
    const AVFilter *filter = avfilter_get_by_name(written->name);
    const bool is_first = !at || !graph->filters[at - 1].carries;
    enum wr_status status = WR_OK;
    for (int n = 0; n < written->in.count && !status; n++)
        if (is_linked(graph, written->in.names[n], true))
            av_bprintf(&text->graph, "[wr_%s]", written->in.names[n]);
        else
            status = print_input(part, text, written->in.names[n], error);
    if (is_first && !written->in.count && filter && avfilter_filter_pad_count(filter, 0))
        status = print_input(part, text, "0:a", error);
    av_bprintf(&text->graph, "%s", written->text);
    for (int n = 0; n < written->out.count && !status; n++)
        if (is_linked(graph, written->out.names[n], false))
            av_bprintf(&text->graph, "[wr_%s]", written->out.names[n]);
        else
            status = print_output(part, text, written->out.names[n], written->name, error);
    const bool is_sink = filter && !avfilter_filter_pad_count(filter, 1) &&
                         !(filter->flags & AVFILTER_FLAG_DYNAMIC_OUTPUTS);
    if (!status && !written->carries && !written->out.count && !is_sink)
        status = print_output(part, text, NULL, written->name, error);
    av_bprintf(&text->graph, "%s", written->carries ? "," : ";");
    av_bprintf(&text->names, "%s%s", text->names.len ? ", " : "", written->name);
    return status;
}

static enum wr_status check(const struct wr_sound_part *part, const struct text *text,
                            struct wr_error *error)
{
    if (!av_bprint_is_complete(&text->graph) || !av_bprint_is_complete(&text->names))
        return fail_memory(error);
    if (text->graph.len && !text->outputs)
        return wr_fail(error, WR_USAGE, "%s: gives no sound", text->names.str);
    if (text->graph.len && !part->input.specifier)
        return wr_fail(error, WR_USAGE, "%s: takes no sound of an input, such as [0:a]",
                       text->names.str);
    return WR_OK;
}

// Labels at the ends are left out where they stand alone, else filters that do nothing have them.
static enum wr_status take_text(struct wr_sound_part *part, const struct text *text,
                                struct wr_error *error)
{
    static const char begin[] = BEGIN, end[] = END ";";
    const char *graph = text->graph.str;
    const size_t from = sizeof begin - 1, to = text->graph.len - (sizeof end - 1);
    if (!text->graph.len)
        return WR_OK;
    const bool has_begin = !strncmp(graph, begin, from) && graph[from] != '[';
    const bool has_end = !strcmp(graph + to, end) && graph[to - 1] != ']';
    part->names = av_strdup(text->names.str);
    part->graph = av_asprintf("%s%.*s%s", has_begin ? "" : "anull" BEGIN ";",
                              (int)((has_end ? to : text->graph.len) - (has_begin ? from : 0)),
                              graph + (has_begin ? from : 0), has_end ? "" : END "anull");
    return part->names && part->graph ? WR_OK : fail_memory(error);
}

enum wr_status wr_sound_part_take(struct wr_sound_part *part, struct wr_graph *graph,
                                  struct wr_error *error)
{
    *part = (struct wr_sound_part){0};
    int *groups = calloc((size_t)graph->count + 1, 2 * sizeof *groups);
    int *const sounds = groups + graph->count;
    if (!groups)
        return fail_memory(error);
    number_groups(graph, groups);
    for (int n = 0; n < graph->count; n++)
        sounds[n] = is_sound(graph, groups, groups[n]);
    struct text text = {.outputs = 0};
    av_bprint_init(&text.graph, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprint_init(&text.names, 0, AV_BPRINT_SIZE_UNLIMITED);
    enum wr_status status = WR_OK;
    for (int n = 0; n < graph->count && !status; n++)
        if (sounds[n])
            status = print_filter(part, &text, graph, n, error);
    status = status ? status : check(part, &text, error);
    status = status ? status : take_text(part, &text, error);
    for (int n = graph->count - 1; n >= 0 && !status; n--)
        if (sounds[n])
            wr_graph_remove(graph, n);
    av_bprint_finalize(&text.graph, NULL);
    av_bprint_finalize(&text.names, NULL);
    free(groups);
    return status;
}

void wr_sound_part_close(struct wr_sound_part *part)
{
    av_free(part->input.specifier);
    av_free(part->graph);
    av_free(part->names);
    av_free(part->label);
    *part = (struct wr_sound_part){0};
}

bool wr_sound_part_takes(const struct wr_sound_part *part, int number, AVFormatContext *file,
                         const AVStream *stream)
{
    const struct wr_sound_input *input = &part->input;
    return part->graph && input->file == number &&
           stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO &&
           avformat_match_stream_specifier(file, (AVStream *)stream, input->specifier) > 0;
}
