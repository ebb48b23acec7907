// SPDX-License-Identifier: MIT
// Puts graphs of FFmpeg's filters for sound together.
#include "lib/output/sound_filter.h"

#include <libavfilter/buffersink.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
#include <stdio.h>

#include "lib/media/reason.h"

static int parse(AVFilterGraph *graph, AVFilterContext *source, AVFilterContext *sink,
                 const char *filters)
{
    AVFilterInOut *inputs = avfilter_inout_alloc(), *outputs = avfilter_inout_alloc();
    int result = AVERROR(ENOMEM);
    if (inputs && outputs) {
        *outputs = (AVFilterInOut){.name = av_strdup("in"), .filter_ctx = source};
        *inputs = (AVFilterInOut){.name = av_strdup("out"), .filter_ctx = sink};
        result = avfilter_graph_parse_ptr(graph, filters, &inputs, &outputs, NULL);
    }
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    return result;
}

int wr_sound_graph_make(AVFilterGraph *graph, AVFilterContext **source, AVFilterContext **sink,
                        int sample_rate, enum AVSampleFormat sample_fmt,
                        const AVChannelLayout *layout, const char *filters)
{
    char name[128], arguments[256];
    av_channel_layout_describe(layout, name, sizeof name);
    snprintf(arguments, sizeof arguments,
             "time_base=1/%d:sample_rate=%d:sample_fmt=%s:channel_layout=%s", sample_rate,
             sample_rate, av_get_sample_fmt_name(sample_fmt), name);
    avfilter_graph_set_auto_convert(graph, AVFILTER_AUTO_CONVERT_ALL);
    int result = avfilter_graph_create_filter(source, avfilter_get_by_name("abuffer"), "in",
                                              arguments, NULL, graph);
    if (result >= 0)
        result = avfilter_graph_create_filter(sink, avfilter_get_by_name("abuffersink"), "out",
                                              NULL, NULL, graph);
    if (result >= 0)
        result = parse(graph, *source, *sink, filters);
    return result < 0 ? result : avfilter_graph_config(graph, NULL);
}

static int describe(AVCodecContext *heard, const AVCodecContext *decoder,
                    const AVFilterContext *sink)
{
    heard->sample_fmt = av_buffersink_get_format(sink);
    heard->sample_rate = FFMIN(av_buffersink_get_sample_rate(sink), decoder->sample_rate);
    heard->bits_per_raw_sample = decoder->bits_per_raw_sample;
    return av_buffersink_get_ch_layout(sink, &heard->ch_layout);
}

enum wr_status wr_sound_filter_try(AVCodecContext **heard, const AVCodecContext *decoder,
                                   const char *filters, struct wr_error *error)
{
    struct wr_reason reason;
    AVFilterContext *source = NULL, *sink = NULL;
    AVFilterGraph *graph = avfilter_graph_alloc();
    *heard = avcodec_alloc_context3(NULL);
    if (!graph || !*heard) {
        avfilter_graph_free(&graph);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    wr_reason_begin(&reason);
    int result = wr_sound_graph_make(graph, &source, &sink, decoder->sample_rate,
                                     decoder->sample_fmt, &decoder->ch_layout, filters);
    if (result >= 0)
        result = describe(*heard, decoder, sink);
    wr_reason_end(&reason, result);
    avfilter_graph_free(&graph);
    return result < 0 ? wr_fail(error, WR_USAGE, "the sound cannot be filtered by \"%s\": %s",
                                filters, reason.text)
                      : WR_OK;
}
