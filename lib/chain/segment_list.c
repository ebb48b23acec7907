// SPDX-License-Identifier: MIT
// Keeps the list of segments: adds, splits, copies and closes them.
#include "lib/chain/segment_list.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/host_text.h"

static enum wr_status fail_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}

struct wr_segment *wr_segments_add(struct wr_segments *segments)
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

static void close_segment(struct wr_segment *segment)
{
    wr_chain_close(&segment->chain);
    av_free(segment->graph);
    av_free(segment->names);
    av_free(segment->format);
}

enum wr_status wr_segment_set_sws_flags(struct wr_segment *segment, const char *flags,
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

static enum wr_status open_line(struct wr_segment *segment, const struct wr_graph *graph, int first,
                                int end, struct wr_error *error)
{
    *segment = (struct wr_segment){.is_line = true};
    enum wr_status status =
        wr_host_text_line(&segment->graph, graph->filters + first, end - first, error);
    if (!status)
        status = wr_host_text_names(&segment->names, graph->filters + first, end - first, error);
    return status || !graph->sws_flags ? status
                                       : wr_segment_set_sws_flags(segment, graph->sws_flags, error);
}

enum wr_status wr_segments_split(struct wr_segments *segments, int segment, int at,
                                 struct wr_error *error)
{
    struct wr_graph graph;
    struct wr_segment before = {0}, after = {0};
    enum wr_status status = wr_graph_open(&graph, segments->items[segment].graph, error);
    if (!status)
        status = open_line(&before, &graph, 0, at, error);
    if (!status)
        status = open_line(&after, &graph, at, graph.count, error);
    if (!status && !wr_segments_add(segments))
        status = fail_memory(error);
    wr_graph_close(&graph);
    if (status) {
        close_segment(&before);
        close_segment(&after);
        return status;
    }
    struct wr_segment *old = &segments->items[segment];
    memmove(old + 1, old, (size_t)(segments->count - 1 - segment) * sizeof *old);
    before.why = after.why = old->why;
    after.format = old->format;
    after.says_format = old->says_format;
    old->format = NULL;
    close_segment(old);
    old[0] = before;
    old[1] = after;
    return WR_OK;
}

enum wr_status wr_segments_append_format(struct wr_segments *segments, const char *pix_fmt,
                                         struct wr_error *error)
{
    struct wr_segment *last = segments->count ? &segments->items[segments->count - 1] : NULL;
    if (last && !last->is_native) {
        last->says_format = true;
        last->format = av_asprintf("format=%s", pix_fmt);
        if (!last->format)
            return fail_memory(error);
        last = NULL;
    }
    if (!last && !(last = wr_segments_add(segments)))
        return fail_memory(error);
    last->is_native = true;
    return wr_chain_append(&last->chain, "format", pix_fmt, error);
}

char *wr_segment_with_format(const struct wr_segment *segment)
{
    return wr_host_text_append(segment->graph, segment->format);
}

static bool copy_text(char **copy, const char *text)
{
    *copy = av_strdup(text);
    return !text || *copy;
}

static enum wr_status copy_segment(struct wr_segment *copy, const struct wr_segment *segment,
                                   struct wr_error *error)
{
    *copy = *segment;
    copy->chain = (struct wr_chain){NULL, 0};
    const bool has_graph = copy_text(&copy->graph, segment->graph);
    const bool has_format = copy_text(&copy->format, segment->format);
    const bool has_names = copy_text(&copy->names, segment->names);
    if (!has_graph || !has_format || !has_names)
        return fail_memory(error);
    return wr_chain_copy(&copy->chain, &segment->chain, error);
}

enum wr_status wr_segments_copy(struct wr_segments *copy, const struct wr_segments *segments,
                                struct wr_error *error)
{
    *copy = (struct wr_segments){0};
    enum wr_status status = WR_OK;
    for (int n = 0; n < segments->count && !status; n++) {
        struct wr_segment *segment = wr_segments_add(copy);
        status = segment ? copy_segment(segment, &segments->items[n], error) : fail_memory(error);
    }
    return status;
}

void wr_segments_close(struct wr_segments *segments)
{
    for (int n = 0; n < segments->count; n++)
        close_segment(&segments->items[n]);
    free(segments->items);
    wr_sound_part_close(&segments->sound);
    av_free(segments->label);
    av_free(segments->drawn);
    *segments = (struct wr_segments){0};
}
