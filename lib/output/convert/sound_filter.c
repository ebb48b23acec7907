// SPDX-License-Identifier: MIT
// Puts graphs of FFmpeg's filters for sound together.
#include "lib/output/convert/sound_filter.h"

#include <libavfilter/buffersink.h>
#include <libavutil/bprint.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
#include <stdio.h>

#include "lib/chain/sound_part.h"
#include "lib/media/reason.h"

// Names what is open on one side of a text: where it takes sound, and where it gives it.
static int name_end(AVFilterInOut **ends, const char *name, AVFilterContext *context)
{
    AVFilterInOut *end = avfilter_inout_alloc();
    if (!end)
        return AVERROR(ENOMEM);
    *end = (AVFilterInOut){.name = av_strdup(name), .filter_ctx = context, .next = *ends};
    *ends = end;
    return end->name ? 0 : AVERROR(ENOMEM);
}

static bool is_cut(const struct wr_sound_cut *cut)
{
    return cut->from_zero || cut->end != INT64_MAX;
}

static void print_cut(AVBPrint *text, const struct wr_sound_cut *cut)
{
    av_bprintf(text, "atrim=");
    if (cut->from_zero)
        av_bprintf(text, "start_pts=0");
    if (cut->end != INT64_MAX)
        av_bprintf(text, "%send=%.6f", cut->from_zero ? ":" : "", (double)cut->end / AV_TIME_BASE);
}

// The name of a source in the text: sounds that are cut come from "whole0" to "in0".
static void name_source(char name[32], const struct wr_sound_way *way, int number)
{
    if (way->is_graph)
        snprintf(name, 32, "%s%d", is_cut(&way->cuts[number]) ? "whole" : "in", number);
    else
        snprintf(name, 32, "in");
}

static int parse(AVFilterGraph *graph, AVFilterContext **sources, AVFilterContext *sink,
                 const struct wr_sound_way *way, const char *text)
{
    AVFilterInOut *from = NULL, *to = NULL;
    int result = name_end(&to, "out", sink);
    for (int n = 0; n < way->count && result >= 0; n++) {
        char name[32];
        name_source(name, way, n);
        result = name_end(&from, name, sources[n]);
    }
    if (result >= 0)
        result = avfilter_graph_parse_ptr(graph, text, &to, &from, NULL);
    avfilter_inout_free(&from);
    avfilter_inout_free(&to);
    return result;
}

// What cuts sounds stands behind the filters, as in ffmpeg's graphs: libavfilter chooses formats in
// that order.
static char *write_text(const struct wr_sound_way *way, const char *last)
{
    AVBPrint text;
    char *written = NULL;
    av_bprint_init(&text, 0, AV_BPRINT_SIZE_UNLIMITED);
    if (way->is_graph)
        av_bprintf(&text, "%s", way->filters);
    for (int n = 0; n < way->count; n++) {
        if (!is_cut(&way->cuts[n]))
            continue;
        if (way->is_graph)
            av_bprintf(&text, "[whole%d]", n);
        print_cut(&text, &way->cuts[n]);
        if (way->is_graph)
            av_bprintf(&text, "[in%d];", n);
        else
            av_bprintf(&text, ",");
    }
    if (way->is_graph)
        av_bprintf(&text, "[end]");
    else if (way->filters)
        av_bprintf(&text, "%s%s,", way->filters, wr_open_end(way->filters));
    av_bprintf(&text, "%s", last);
    av_bprint_finalize(&text, &written);
    return written;
}

static int add_source(AVFilterGraph *graph, AVFilterContext **source, const AVFrame *like)
{
    char layout[128], arguments[256];
    av_channel_layout_describe(&like->ch_layout, layout, sizeof layout);
    snprintf(arguments, sizeof arguments,
             "time_base=1/%d:sample_rate=%d:sample_fmt=%s:channel_layout=%s", like->sample_rate,
             like->sample_rate, av_get_sample_fmt_name(like->format), layout);
    return avfilter_graph_create_filter(source, avfilter_get_by_name("abuffer"), NULL, arguments,
                                        NULL, graph);
}

int wr_sound_graph_make(AVFilterGraph *graph, AVFilterContext **sources, AVFilterContext **sink,
                        const struct wr_sound_way *way, const char *last)
{
    char *text = write_text(way, last);
    int result = text ? 0 : AVERROR(ENOMEM);
    avfilter_graph_set_auto_convert(graph, AVFILTER_AUTO_CONVERT_ALL);
    for (int n = 0; n < way->count && result >= 0; n++)
        result = add_source(graph, &sources[n], way->like[n]);
    if (result >= 0)
        result = avfilter_graph_create_filter(sink, avfilter_get_by_name("abuffersink"), "out",
                                              NULL, NULL, graph);
    if (result >= 0)
        result = parse(graph, sources, *sink, way, text);
    av_free(text);
    return result < 0 ? result : avfilter_graph_config(graph, NULL);
}

static int describe(AVCodecContext *heard, const AVCodecContext *decoder,
                    const AVFilterContext *sink)
{
    heard->sample_fmt = av_buffersink_get_format(sink);
    heard->sample_rate = av_buffersink_get_sample_rate(sink);
    heard->bits_per_raw_sample = decoder->bits_per_raw_sample;
    return av_buffersink_get_ch_layout(sink, &heard->ch_layout);
}

enum wr_status wr_sound_filter_try(AVCodecContext **heard, const AVCodecContext *decoder,
                                   const struct wr_sound_way *way, struct wr_error *error)
{
    struct wr_reason reason;
    AVFilterContext *sources[WR_MOST_SOUNDS], *sink = NULL;
    AVFilterGraph *graph = avfilter_graph_alloc();
    *heard = avcodec_alloc_context3(NULL);
    if (!graph || !*heard) {
        avfilter_graph_free(&graph);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    wr_reason_begin(&reason);
    int result = wr_sound_graph_make(graph, sources, &sink, way, "anull");
    if (result >= 0)
        result = describe(*heard, decoder, sink);
    wr_reason_end(&reason, result);
    avfilter_graph_free(&graph);
    return result < 0 ? wr_fail(error, WR_USAGE, "the sound cannot be filtered by \"%s\": %s",
                                way->filters, reason.text)
                      : WR_OK;
}
