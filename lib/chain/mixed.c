// SPDX-License-Identifier: MIT
// Writes a graph of pictures and sound down twice, once for each kind.
#include "lib/chain/mixed.h"

#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/mem.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/groups.h"
#include "lib/chain/pads.h"

// One of the two texts.
struct half {
    enum AVMediaType type; // that it keeps
    const struct wr_graph *graph;
    const struct wr_chain_files *files;
    AVBPrint text;
    AVBPrint line;   // the filters that are linked by commas, so far
    AVBPrint ends;   // sources before that, and sinks behind it
    int labels;      // that were made up
    int next[2];     // files that inputs without a label come to next: of pictures, of sound
    bool gives;      // something of the type comes out:
    char label[64];  // behind it, "" for none
    bool takes;      // the pictures of an input
    uint32_t reread; // bit N is set if file N is read once more
};

static enum wr_status fail_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}

// ---- what a half reads of a file by itself

static bool print_escaped(AVBPrint *text, const char *value)
{
    char *once = NULL, *twice = NULL;
    const bool has_room = av_escape(&once, value, ":", AV_ESCAPE_MODE_BACKSLASH, 0) >= 0 &&
                          av_escape(&twice, once, "[],;", AV_ESCAPE_MODE_BACKSLASH, 0) >= 0;
    if (has_room)
        av_bprintf(text, "%s", twice);
    av_free(once);
    av_free(twice);
    return has_room;
}

// Whether a label names pictures, or sound, of this file.
static bool is_named(const struct wr_graph *graph, int number, enum AVMediaType type)
{
    char plain[16], typed[16];
    snprintf(plain, sizeof plain, "%d", number);
    snprintf(typed, sizeof typed, "%d:%c", number, type == AVMEDIA_TYPE_AUDIO ? 'a' : 'v');
    bool is_named = false;
    for (int n = 0; n < graph->count; n++)
        for (int k = 0; k < graph->filters[n].in.count; k++)
            is_named |= !strcmp(graph->filters[n].in.names[k], plain) ||
                        av_strstart(graph->filters[n].in.names[k], typed, NULL);
    return is_named;
}

// The file that an input without a label takes: the next one that no label names.
static enum wr_status take_next(struct half *half, const char *filter, enum AVMediaType type,
                                int *number, struct wr_error *error)
{
    const bool is_sound = type == AVMEDIA_TYPE_AUDIO;
    int *const next = &half->next[is_sound];
    while (*next < half->files->count && is_named(half->graph, *next, type))
        ++*next;
    *number = (*next)++;
    return *number < half->files->count
               ? WR_OK
               : wr_fail(error, WR_USAGE, "%s: an input has no label, and no %s left for it",
                         filter, is_sound ? "sound is" : "pictures are");
}

// "[0:a:1]" is a stream of a file, whose number this is.
static enum wr_status print_source(struct half *half, const char *label, int number,
                                   enum AVMediaType type, struct wr_error *error)
{
    const char *a = type == AVMEDIA_TYPE_AUDIO ? "a" : "";
    const size_t digits = label ? strspn(label, "0123456789") : 0;
    if (label && (!digits || (label[digits] && label[digits] != ':')))
        return wr_fail(error, WR_USAGE,
                       "[%s]: no filter has this label behind it; inputs are [0:v], [0:a], [1:v]",
                       label);
    if (number >= half->files->count)
        return wr_fail(error, WR_USAGE, "[%s]: there is no input %d, --input names further ones",
                       label, number);
    struct wr_chain_file file;
    const enum wr_status status = half->files->find(half->files, number, type, &file, error);
    half->reread |= UINT32_C(1) << (number & 31);
    if (status)
        return status;
    av_bprintf(&half->ends, "%smovie=filename=", a);
    bool has_room = print_escaped(&half->ends, file.name);
    av_bprintf(&half->ends, ":streams=");
    has_room &= print_escaped(&half->ends, label && label[digits] ? label + digits + 1
                                           : *a                   ? "a"
                                                                  : "v");
    if (file.format) {
        av_bprintf(&half->ends, ":format_name=");
        has_room &= print_escaped(&half->ends, file.format);
    }
    if (file.seek > 0)
        av_bprintf(&half->ends, ":seek_point=%.6f", file.seek);
    if (file.seek > 0 || file.end < INFINITY)
        av_bprintf(&half->ends, ",%strim=start=%.6f", a, file.begin);
    if (file.end < INFINITY)
        av_bprintf(&half->ends, ":end=%.6f", file.end);
    if (file.begin != 0)
        av_bprintf(&half->ends, ",%ssetpts=round(PTS-%.6f/TB)", a, file.begin);
    av_bprintf(&half->ends, "[wr%d];", half->labels);
    av_bprintf(&half->line, "[wr%d]", half->labels++);
    return has_room ? WR_OK : fail_memory(error);
}

// ---- filters

// Inputs are those with labels, then those that are carried, then those that are open.
static enum wr_status print_inputs(struct half *half, const struct wr_graph_filter *written,
                                   const struct wr_pads *pads, int carried, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    const int labelled = written->in.count;
    bool has_both = false;
    for (int n = 1; n < pads->in_count; n++)
        has_both |= pads->in[n] != pads->in[0];
    for (int n = 0; n < pads->in_count && !status; n++) {
        const char *label = n < labelled ? written->in.names[n] : NULL;
        const bool is_linked =
            label ? wr_graph_links(half->graph, label, true) : n < labelled + carried;
        const bool is_kept = pads->in[n] == half->type;
        int number = label ? atoi(label) : 0;
        half->takes |= !is_linked && is_kept && half->type == AVMEDIA_TYPE_VIDEO;
        if (!is_linked && !label && (!is_kept || has_both))
            status = take_next(half, written->name, pads->in[n], &number, error);
        if (!status && !is_linked && !is_kept)
            status = print_source(half, label, number, pads->in[n], error);
        else if (label)
            av_bprintf(&half->line, "[%s]", label);
        else if (!status && !is_linked && has_both)
            av_bprintf(&half->line, "[%d:%c]", number,
                       half->type == AVMEDIA_TYPE_AUDIO ? 'a' : 'v');
    }
    return status;
}

static void print_outputs(struct half *half, const struct wr_graph_filter *written,
                          const struct wr_pads *pads)
{
    const int labelled = written->out.count;
    for (int n = 0; n < pads->out_count; n++) {
        const char *label = n < labelled ? written->out.names[n] : NULL;
        const bool is_linked = label ? wr_graph_links(half->graph, label, false) : written->carries;
        const bool is_kept = pads->out[n] == half->type;
        if (!is_linked && is_kept) {
            half->gives = true;
            av_strlcpy(half->label, label ? label : "", sizeof half->label);
        }
        if (label && (is_linked || is_kept)) {
            av_bprintf(&half->line, "[%s]", label);
        } else if (!is_linked && is_kept && n < pads->out_count - 1) {
            av_bprintf(&half->line, "[wr%d]", half->labels++); // so that the next label fits
        } else if (!is_linked && !is_kept) {
            av_bprintf(&half->line, "[wr%d]", half->labels);
            av_bprintf(&half->ends, "[wr%d]%snullsink;", half->labels++,
                       pads->out[n] == AVMEDIA_TYPE_AUDIO ? "a" : "");
        }
    }
}

static void print_labels(AVBPrint *text, const struct wr_labels *labels)
{
    for (int n = 0; n < labels->count; n++)
        av_bprintf(text, "[%s]", labels->names[n]);
}

// Writes filters that a comma links in one piece: what they need for themselves goes around it.
static void end_line(struct half *half)
{
    av_bprintf(&half->text, "%s%s;", half->ends.str, half->line.str);
    av_bprint_clear(&half->ends);
    av_bprint_clear(&half->line);
}

static enum wr_status print_filter(struct half *half, const struct wr_graph_filter *written,
                                   bool is_mixed, int *carried, struct wr_error *error)
{
    struct wr_pads pads;
    enum wr_status status = is_mixed ? wr_pads_read(&pads, written, error) : WR_OK;
    if (!status && is_mixed)
        status = print_inputs(half, written, &pads, *carried, error);
    if (status)
        return status;
    if (!is_mixed)
        print_labels(&half->line, &written->in);
    av_bprintf(&half->line, "%s", written->text);
    if (is_mixed)
        print_outputs(half, written, &pads);
    else
        print_labels(&half->line, &written->out);
    *carried = written->carries && is_mixed ? FFMAX(pads.out_count - written->out.count, 0) : 0;
    if (written->carries)
        av_bprintf(&half->line, ",");
    else
        end_line(half);
    return WR_OK;
}

// Writes the filters that are mixed, or the others, or both.
static enum wr_status print_half(struct half *half, const bool *mixed, bool has_mixed,
                                 bool has_others, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    int carried = 0;
    if (has_others && half->graph->sws_flags)
        av_bprintf(&half->text, "sws_flags=%s;", half->graph->sws_flags);
    for (int n = 0; n < half->graph->count && !status; n++)
        if (mixed[n] ? has_mixed : has_others)
            status = print_filter(half, &half->graph->filters[n], mixed[n], &carried, error);
    return status;
}

static void open_half(struct half *half)
{
    av_bprint_init(&half->text, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprint_init(&half->line, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprint_init(&half->ends, 0, AV_BPRINT_SIZE_UNLIMITED);
}

static void close_half(struct half *half)
{
    av_bprint_finalize(&half->text, NULL);
    av_bprint_finalize(&half->line, NULL);
    av_bprint_finalize(&half->ends, NULL);
}

static enum wr_status parse_half(struct wr_graph *graph, struct half *half, struct wr_error *error)
{
    if (!av_bprint_is_complete(&half->text) || !av_bprint_is_complete(&half->line) ||
        !av_bprint_is_complete(&half->ends))
        return fail_memory(error);
    if (half->text.len && half->text.str[half->text.len - 1] == ';')
        half->text.str[half->text.len - 1] = '\0';
    return wr_graph_open(graph, half->text.str, error);
}

// Sets which filters belong to groups of both kinds; false if there are none. *others: whether
// there are groups for pictures alone.
static bool find_mixed(const struct wr_graph *graph, bool *mixed, int *groups, bool *others)
{
    bool any = false;
    *others = false;
    wr_groups_number(graph, groups);
    for (int n = 0; n < graph->count; n++) {
        const bool has_pictures = wr_group_handles(graph, groups, groups[n], AVMEDIA_TYPE_VIDEO);
        mixed[n] = has_pictures && wr_group_handles(graph, groups, groups[n], AVMEDIA_TYPE_AUDIO);
        *others |= has_pictures && !mixed[n];
        any |= mixed[n];
    }
    return any;
}

// The device names what it gives "out0".
static enum wr_status take_drawn(struct wr_mixed *mixed, struct half *half, struct wr_error *error)
{
    AVBPrint *const text = &half->text;
    if (*half->label)
        av_bprintf(text, "[%s]null[out0]", half->label);
    else if (text->len && av_bprint_is_complete(text))
        text->str[text->len - 1] = '\0';
    mixed->drawn = av_bprint_is_complete(text) ? av_strdup(text->str) : NULL;
    mixed->label = *half->label ? av_strdup(half->label) : NULL;
    av_bprint_clear(text);
    return mixed->drawn && (!*half->label || mixed->label) ? WR_OK : fail_memory(error);
}

static enum wr_status split(struct wr_mixed *mixed, struct wr_graph *graph, const bool *is_mixed,
                            bool has_others, const struct wr_chain_files *files,
                            struct wr_error *error)
{
    struct half pictures = {.type = AVMEDIA_TYPE_VIDEO, .graph = graph, .files = files};
    struct half sounds = {.type = AVMEDIA_TYPE_AUDIO, .graph = graph, .files = files};
    struct wr_graph new = {0};
    open_half(&pictures);
    open_half(&sounds);
    enum wr_status status = print_half(&pictures, is_mixed, true, false, error);
    const bool are_drawn = !pictures.takes && !has_others && pictures.gives;
    if (!status && are_drawn)
        status = take_drawn(mixed, &pictures, error);
    if (!are_drawn) { // they stay among the others
        close_half(&pictures);
        pictures = (struct half){.type = AVMEDIA_TYPE_VIDEO, .graph = graph, .files = files};
        open_half(&pictures);
    }
    if (!status)
        status = print_half(&pictures, is_mixed, !are_drawn, true, error);
    if (!status)
        status = print_half(&sounds, is_mixed, true, false, error);
    if (!status)
        status = parse_half(&new, &pictures, error);
    if (!status && sounds.gives)
        status = parse_half(&mixed->sound, &sounds, error);
    mixed->reread = pictures.reread | (sounds.gives ? sounds.reread : 0);
    if (!status) {
        wr_graph_close(graph);
        *graph = new;
        new = (struct wr_graph){0};
    }
    wr_graph_close(&new);
    close_half(&pictures);
    close_half(&sounds);
    return status;
}

enum wr_status wr_mixed_split(struct wr_mixed *mixed, struct wr_graph *graph,
                              const struct wr_chain_files *files, struct wr_error *error)
{
    *mixed = (struct wr_mixed){.drawn = NULL};
    if (!files)
        return WR_OK;
    int *groups = calloc((size_t)graph->count + 1, sizeof *groups);
    bool *is_mixed = calloc((size_t)graph->count + 1, sizeof *is_mixed);
    bool has_others;
    enum wr_status status = WR_OK;
    if (!groups || !is_mixed)
        status = fail_memory(error);
    else if (find_mixed(graph, is_mixed, groups, &has_others))
        status = split(mixed, graph, is_mixed, has_others, files, error);
    free(groups);
    free(is_mixed);
    return status;
}

void wr_mixed_close(struct wr_mixed *mixed)
{
    wr_graph_close(&mixed->sound);
    av_free(mixed->drawn);
    av_free(mixed->label);
    *mixed = (struct wr_mixed){.drawn = NULL};
}
