// SPDX-License-Identifier: MIT
// Configures graphs of libavfilter, and finds out what they take and give.
#include "lib/run/stages/host_graph.h"

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/avstring.h>
#include <libavutil/opt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/host_text.h"
#include "lib/chain/host_traits.h"
#include "lib/media/compat.h"
#include "lib/media/compat_filter.h"
#include "lib/media/frame.h"
#include "lib/media/libav.h"

// What pixel format holds frames of a layout; gray with alpha has no planar one. Filters mind the
// range where the format says it: they ask for another one if they do not take it, or have it
// beside other inputs.
static enum AVPixelFormat pix_fmt_of(const struct wr_format *format)
{
    const enum AVPixelFormat full = wr_format_full_pix_fmt(format);
    const enum AVPixelFormat planar =
        format->full_range && full != AV_PIX_FMT_NONE ? full : wr_format_pix_fmt(format);
    return planar != AV_PIX_FMT_NONE ? planar
           : format->depth > 8       ? AV_PIX_FMT_YA16
                                     : AV_PIX_FMT_YA8;
}

// The name of a source in the graph's text.
static void name_source(char name[16], int number)
{
    snprintf(name, 16, number ? "in%d" : "in", number);
}

static int add_source(struct wr_host_graph *g, const struct wr_host_input *input, int n)
{
    const struct wr_stream *in = &input->stream;
    char name[16];
    name_source(name, input->number);
    g->sources[n] = avfilter_graph_alloc_filter(g->graph, avfilter_get_by_name("buffer"), name);
    AVBufferSrcParameters *parameters = av_buffersrc_parameters_alloc();
    int result = AVERROR(ENOMEM);
    if (g->sources[n] && parameters) {
        parameters->format = input->pix_fmt;
        parameters->width = in->format.width;
        parameters->height = in->format.height;
        parameters->time_base = in->time_base;
        parameters->frame_rate = in->frame_rate;
        parameters->sample_aspect_ratio = (AVRational){in->format.sar_num, in->format.sar_den};
        wr_buffersrc_set_color(parameters, &in->format);
        result = av_buffersrc_parameters_set(g->sources[n], parameters);
    }
    av_free(parameters);
    return result < 0 ? result : avfilter_init_str(g->sources[n], NULL);
}

// Puts an end that the text leaves open before those of *list.
static int add_end(AVFilterInOut **list, const char *name, AVFilterContext *context)
{
    AVFilterInOut *end = avfilter_inout_alloc();
    if (!end)
        return AVERROR(ENOMEM);
    *end = (AVFilterInOut){.name = av_strdup(name), .filter_ctx = context, .next = *list};
    *list = end;
    return 0;
}

static int parse(struct wr_host_graph *g, const struct wr_host_request *request)
{
    AVFilterInOut *inputs = NULL, *outputs = NULL;
    int result = add_end(&inputs, "out", g->sink);
    for (int n = request->input_count - 1; n >= 0 && result >= 0; n--) {
        char name[16];
        name_source(name, request->inputs[n].number);
        result = add_end(&outputs, name, g->sources[n]);
    }
    if (result >= 0)
        result = avfilter_graph_parse_ptr(g->graph, request->text, &inputs, &outputs, NULL);
    if (result >= 0 && (inputs || outputs))
        result = AVERROR(EINVAL);
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    return result;
}

// So that the result does not depend on the machine.
static unsigned limit_threads(AVFilterGraph *graph)
{
    unsigned all = 0;
    for (unsigned n = 0; n < graph->nb_filters; n++) {
        const unsigned traits = wr_host_traits_of(graph->filters[n]);
        if (traits & WR_HOST_ONE_THREAD)
            graph->filters[n]->nb_threads = 1;
        all |= traits;
    }
    return all;
}

// Filters that draw random numbers get those of a program that has just begun, as in ffmpeg,
// however many jobs and graphs there are.
static int configure_links(const struct wr_host_graph *g)
{
    static pthread_mutex_t drawing = PTHREAD_MUTEX_INITIALIZER;
    if (!(g->traits & WR_HOST_DRAWS))
        return avfilter_graph_config(g->graph, NULL);
    pthread_mutex_lock(&drawing);
    srand(1);
    const int result = avfilter_graph_config(g->graph, NULL);
    pthread_mutex_unlock(&drawing);
    return result;
}

static int configure(struct wr_host_graph *g, const struct wr_host_request *request)
{
    *g = (struct wr_host_graph){.graph = avfilter_graph_alloc()};
    if (!g->graph)
        return AVERROR(ENOMEM);
    wr_reason_begin(&g->reason);
    av_opt_set(g->graph, "scale_sws_opts",
               request->converts ? "flags=bicubic" : "flags=bicubic+accurate_rnd+full_chroma_int",
               0);
    int result = 0;
    for (int n = 0; n < request->input_count && result >= 0; n++)
        result = add_source(g, &request->inputs[n], n);
    if (result >= 0)
        result = avfilter_graph_create_filter(&g->sink, avfilter_get_by_name("buffersink"), "out",
                                              NULL, NULL, g->graph);
    if (result >= 0)
        result = parse(g, request);
    if (result >= 0) {
        g->traits = limit_threads(g->graph);
        result = configure_links(g);
    }
    wr_reason_end(&g->reason, result);
    if (result < 0)
        wr_host_graph_close(g);
    return result;
}

static enum wr_status refuse(const struct wr_host_graph *g, const char *text, int result,
                             struct wr_error *error)
{
    return wr_fail(error, result == AVERROR(ENOMEM) ? WR_FAILED : WR_USAGE,
                   "FFmpeg's filters do not take '%s': %s", text, g->reason.text);
}

static bool is_converter(const AVFilterContext *filter)
{
    return av_strstart(filter->name, "auto_", NULL) && !strcmp(filter->filter->name, "scale");
}

// A converter that libavfilter puts after a source is ours to replace, unless it makes what we
// cannot.
static bool is_replaceable(const AVFilterContext *filter)
{
    return is_converter(filter) && !strcmp(filter->inputs[0]->src->filter->name, "buffer") &&
           wr_pix_fmt_is_made(filter->outputs[0]->format);
}

// Filters of a line, which has one source, follow the two ends in the graph's list, in the order of
// the text.
static int number_of(const AVFilterGraph *graph, const AVFilterContext *filter)
{
    int n = 0;
    while (graph->filters[n] != filter)
        n++;
    return n - 2;
}

// Looks at the converters that libavfilter inserts, and for filters that hold many frames: their
// stage must know how many they get.
static void look_inside(const struct wr_host_graph *g, struct wr_host_request *request)
{
    for (int n = 0; n < request->input_count; n++) {
        const AVFilterContext *next = g->sources[n]->outputs[0]->dst;
        if (is_replaceable(next))
            request->inputs[n].pix_fmt = next->outputs[0]->format;
    }
    request->conversions = request->cut = 0;
    for (unsigned n = 0; n < g->graph->nb_filters; n++) {
        const AVFilterContext *filter = g->graph->filters[n];
        const bool converts = is_converter(filter) && !is_replaceable(filter);
        const bool holds = wr_host_frames_held(filter) > 0;
        const AVFilterContext *first = converts ? filter->outputs[0]->dst : filter;
        const int number = converts || holds ? number_of(g->graph, first) : 0;
        if (number > 0 && (!request->cut || number < request->cut))
            request->cut = number;
        request->conversions += converts;
    }
}

enum wr_status wr_host_graph_format(struct wr_host_request *request, struct wr_error *error)
{
    struct wr_host_graph g;
    for (int n = 0; n < request->input_count; n++)
        request->inputs[n].pix_fmt = pix_fmt_of(&request->inputs[n].stream.format);
    if (request->converts)
        return WR_OK;
    const int result = configure(&g, request);
    if (result < 0)
        return refuse(&g, request->text, result, error);
    look_inside(&g, request);
    wr_host_graph_close(&g);
    return WR_OK;
}

struct wr_format wr_host_input_format(const struct wr_host_input *input)
{
    struct wr_format format = input->stream.format, layout;
    wr_pix_fmt_describe(input->pix_fmt, &layout);
    format.model = layout.model;
    format.depth = layout.depth;
    format.alpha = layout.alpha;
    format.log2_chroma_w = layout.log2_chroma_w;
    format.log2_chroma_h = layout.log2_chroma_h;
    if (wr_format_full_pix_fmt(&layout) != AV_PIX_FMT_NONE) {
        const bool is_full = wr_pix_fmt_is_full_range(av_pix_fmt_desc_get(input->pix_fmt));
        format.range_open &= format.full_range == is_full;
        format.full_range = is_full;
    }
    return format;
}

static bool gives_samples(const struct wr_host_graph *g)
{
    struct wr_format format;
    return wr_pix_fmt_describe(av_buffersink_get_format(g->sink), &format);
}

// Has libavfilter convert what comes out to samples of 16 bits: floats, and what has less than 8
// bits.
static int convert_output(struct wr_host_graph *g, const struct wr_host_request *request)
{
    struct wr_host_request converted = *request;
    char *text = wr_host_text_append(request->text, "format=gbrp16|gbrap16|yuv444p16|gray16");
    if (!text)
        return AVERROR(ENOMEM);
    converted.text = text;
    const int result = configure(g, &converted);
    av_free(text);
    return result;
}

enum wr_status wr_host_graph_open(struct wr_host_graph *graph,
                                  const struct wr_host_request *request, struct wr_error *error)
{
    int result = configure(graph, request);
    if (result >= 0 && !gives_samples(graph)) {
        wr_host_graph_close(graph);
        result = convert_output(graph, request);
    }
    if (result < 0)
        return refuse(graph, request->text, result, error);
    return WR_OK;
}

const AVFilterContext *wr_host_graph_holder(const AVFilterContext *source)
{
    const AVFilterContext *most = wr_host_frames_held(source) ? source : NULL;
    for (unsigned n = 0; n < source->nb_outputs; n++) {
        const AVFilterContext *holder = wr_host_graph_holder(source->outputs[n]->dst);
        if (holder && (!most || wr_host_frames_held(holder) > wr_host_frames_held(most)))
            most = holder;
    }
    return most;
}

void wr_host_graph_close(struct wr_host_graph *graph)
{
    avfilter_graph_free(&graph->graph);
    *graph = (struct wr_host_graph){.reason = graph->reason}; // still to be told
}
