// SPDX-License-Identifier: MIT
// What is told of fields and chroma once all stages are known.
#include "lib/run/stages/places.h"

#include <libavutil/avstring.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernels/program/place.h"
#include "lib/chain/host_traits.h"
#include "lib/media/compat.h"

static void tell_mixed(const char *filter, const struct wr_log *log)
{
    wr_say(log, WR_LOG_WARNING,
           "the picture is interlaced and %s mixes rows of both fields; bwdif before it makes "
           "whole pictures",
           filter);
}

static void tell_program(const struct wr_program_stage *program, const struct wr_log *log)
{
    const struct wr_format *format = &program->last.format;
    if (!program->is_interlaced || format->rows == WR_ROWS_KEPT)
        return;
    if (format->rows == WR_ROWS_SWAPPED)
        wr_say(log, WR_LOG_WARNING,
               "the picture is interlaced and %s moves its rows: its %s field comes first now; "
               "bwdif before it makes whole pictures",
               format->rows_by, wr_frame_top_first(program->out.like) ? "top" : "bottom");
    else
        tell_mixed(format->rows_by, log);
}

static void tell_host(const struct wr_host_stage *host, const struct wr_log *log)
{
    const AVFilterGraph *graph = host->graph.graph;
    for (unsigned n = 0; n < graph->nb_filters && host->is_interlaced; n++) {
        const AVFilterContext *filter = graph->filters[n];
        const unsigned traits = wr_host_traits(filter->filter->name);
        if (traits & WR_HOST_DEINTERLACES) // what comes behind is no longer interlaced
            return;
        if (!(traits & WR_HOST_MIXES_ROWS) || av_strstart(filter->name, "auto_", NULL))
            continue;
        tell_mixed(filter->filter->name, log);
        return;
    }
}

// "1 pixel to the right"; empty for none.
static void print_shift(char *text, size_t size, int halves, const char *ahead, const char *back)
{
    const double pixels = abs(halves) / 2.0;
    *text = '\0';
    if (halves)
        snprintf(text, size, "%g pixel%s %s", pixels, pixels == 1 ? "" : "s",
                 halves > 0 ? ahead : back);
}

static void tell_chroma(const struct wr_format *out, const struct wr_log *log)
{
    char across[48], along[48];
    print_shift(across, sizeof across, out->chroma_right, "to the right", "to the left");
    print_shift(along, sizeof along, out->chroma_down, "down", "up");
    if (!wr_chroma_has_name(out))
        wr_say(log, WR_LOG_INFO,
               "the output's chroma samples are shifted by %s%s%s, which no file can record; "
               "format=yuv444p keeps colours in their place",
               across, *across && *along ? " and " : "", along);
}

static bool is_used(const struct wr_stages *stages, const struct wr_source *source, int number)
{
    bool used = number == source->number;
    for (int n = 0; n < stages->further_count; n++)
        used |= stages->further[n].number == number;
    for (int n = 0; n < source->stream_count; n++)
        used |= source->streams[n].from->number == number;
    return used || source->tags->number == number || source->chapters->number == number;
}

static void tell_unused(const struct wr_stages *stages, const struct wr_source *source,
                        const struct wr_inputs *inputs, const struct wr_log *log)
{
    for (int number = 0; number < inputs->count; number++)
        if (!inputs->items[number].is_reread && !is_used(stages, source, number))
            wr_say(log, WR_LOG_LOSS,
                   "%s is not used: no filter takes [%d:v], and its sound and text are not asked "
                   "for",
                   inputs->items[number].name, number);
}

static const struct wr_program_stage *as_program(const struct wr_stages *stages,
                                                 const struct wr_stage *stage)
{
    for (int n = 0; n < stages->program_count; n++)
        if (&stages->programs[n]->stage == stage)
            return stages->programs[n];
    return NULL;
}

void wr_places_tell(const struct wr_stages *stages, const struct wr_source *source,
                    const struct wr_inputs *inputs, const struct wr_log *log)
{
    for (int n = 0; n < stages->count; n++) {
        const struct wr_program_stage *program = as_program(stages, stages->items[n]);
        if (program)
            tell_program(program, log);
        else if (wr_is_host_stage(stages->items[n]))
            tell_host((const struct wr_host_stage *)stages->items[n], log);
    }
    tell_chroma(&stages->out.format, log);
    tell_unused(stages, source, inputs, log);
}
