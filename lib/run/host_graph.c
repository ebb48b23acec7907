// SPDX-License-Identifier: MIT
// Configures graphs of libavfilter, and finds out what they take and give.
#include "lib/run/host_graph.h"

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/avstring.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/media/compat_filter.h"
#include "lib/media/frame.h"

// What pixel format holds frames of a layout; gray with alpha has no planar one.
static enum AVPixelFormat pix_fmt_of(const struct wr_format *format)
{
    const enum AVPixelFormat planar = wr_format_pix_fmt(format);
    return planar != AV_PIX_FMT_NONE ? planar
           : format->depth > 8       ? AV_PIX_FMT_YA16
                                     : AV_PIX_FMT_YA8;
}

// The name of a source in the graph's text.
static void name_source(char name[16], int number)
{
    snprintf(name, 16, number ? "in%d" : "in", number);
}

static int add_source(struct wr_host_graph *g, const struct wr_host_inputs *inputs, int n)
{
    const struct wr_stream *in = &inputs->streams[n];
    char name[16];
    name_source(name, inputs->number[n]);
    g->sources[n] = avfilter_graph_alloc_filter(g->graph, avfilter_get_by_name("buffer"), name);
    AVBufferSrcParameters *parameters = av_buffersrc_parameters_alloc();
    int result = AVERROR(ENOMEM);
    if (g->sources[n] && parameters) {
        parameters->format = inputs->pix_fmts[n];
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

static int parse(struct wr_host_graph *g, const char *text, const struct wr_host_inputs *in)
{
    AVFilterInOut *inputs = NULL, *outputs = NULL;
    int result = add_end(&inputs, "out", g->sink);
    for (int n = in->count - 1; n >= 0 && result >= 0; n--) {
        char name[16];
        name_source(name, in->number[n]);
        result = add_end(&outputs, name, g->sources[n]);
    }
    if (result >= 0)
        result = avfilter_graph_parse_ptr(g->graph, text, &inputs, &outputs, NULL);
    if (result >= 0 && (inputs || outputs))
        result = AVERROR(EINVAL);
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    return result;
}

static int configure(struct wr_host_graph *g, const char *text, const struct wr_host_inputs *in,
                     unsigned conversions)
{
    *g = (struct wr_host_graph){.graph = avfilter_graph_alloc()};
    if (!g->graph)
        return AVERROR(ENOMEM);
    wr_reason_begin(&g->reason);
    avfilter_graph_set_auto_convert(g->graph, conversions);
    av_opt_set(g->graph, "scale_sws_opts", "flags=bicubic+accurate_rnd+full_chroma_int", 0);
    int result = 0;
    for (int n = 0; n < in->count && result >= 0; n++)
        result = add_source(g, in, n);
    if (result >= 0)
        result = avfilter_graph_create_filter(&g->sink, avfilter_get_by_name("buffersink"), "out",
                                              NULL, NULL, g->graph);
    if (result >= 0)
        result = parse(g, text, in);
    if (result >= 0)
        result = avfilter_graph_config(g->graph, NULL);
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

// The format behind the converter that libavfilter puts after a source; the source's own where it
// puts none.
static enum AVPixelFormat format_after_source(const AVFilterContext *source)
{
    const AVFilterLink *link = source->outputs[0];
    const AVFilterContext *next = link->dst;
    const bool is_converter =
        av_strstart(next->name, "auto_", NULL) && !strcmp(next->filter->name, "scale");
    return is_converter ? next->outputs[0]->format : link->format;
}

// The layout of pix_fmt, for frames like those of `in`.
static struct wr_format format_in(enum AVPixelFormat pix_fmt, const struct wr_stream *in)
{
    struct wr_format format = in->format, layout;
    wr_pix_fmt_describe(pix_fmt, &layout);
    format.model = layout.model;
    format.depth = layout.depth;
    format.alpha = layout.alpha;
    format.log2_chroma_w = layout.log2_chroma_w;
    format.log2_chroma_h = layout.log2_chroma_h;
    return format;
}

enum wr_status wr_host_graph_format(const char *text, struct wr_host_inputs *in,
                                    struct wr_format *formats, struct wr_error *error)
{
    struct wr_host_graph g;
    for (int n = 0; n < in->count; n++)
        in->pix_fmts[n] = pix_fmt_of(&in->streams[n].format);
    const int result = configure(&g, text, in, AVFILTER_AUTO_CONVERT_ALL);
    if (result < 0)
        return refuse(&g, text, result, error);
    for (int n = 0; n < in->count; n++)
        in->pix_fmts[n] = format_after_source(g.sources[n]);
    wr_host_graph_close(&g);
    for (int n = 0; n < in->count; n++) {
        if (!wr_pix_fmt_is_made(in->pix_fmts[n]))
            return wr_fail(error, WR_FAILED,
                           "cannot make %s for '%s': every component must have 8 to 16 bits, all "
                           "the same",
                           av_get_pix_fmt_name(in->pix_fmts[n]), text);
        formats[n] = format_in(in->pix_fmts[n], &in->streams[n]);
    }
    return WR_OK;
}

static bool gives_samples(const struct wr_host_graph *g)
{
    struct wr_format format;
    return wr_pix_fmt_describe(av_buffersink_get_format(g->sink), &format);
}

// Has libavfilter convert what comes out to samples of 16 bits: floats, and what has less than 8
// bits.
static int convert_output(struct wr_host_graph *g, const char *text,
                          const struct wr_host_inputs *in)
{
    char *converted = av_asprintf("%s%sformat=gbrp16|gbrap16|yuv444p16|gray16", text,
                                  text[0] == '[' ? ";[out]" : ",");
    if (!converted)
        return AVERROR(ENOMEM);
    const int result = configure(g, converted, in, AVFILTER_AUTO_CONVERT_ALL);
    av_free(converted);
    return result;
}

enum wr_status wr_host_graph_open(struct wr_host_graph *graph, const char *text,
                                  const struct wr_host_inputs *in, const struct wr_log *log,
                                  struct wr_error *error)
{
    int result = configure(graph, text, in, AVFILTER_AUTO_CONVERT_NONE);
    if (result < 0)
        result = configure(graph, text, in, AVFILTER_AUTO_CONVERT_ALL);
    if (result >= 0 && !gives_samples(graph)) {
        wr_host_graph_close(graph);
        result = convert_output(graph, text, in);
    }
    if (result < 0)
        return refuse(graph, text, result, error);
    graph->graph->opaque = (void *)log;
    return WR_OK;
}

// ---- what comes out

// Black, with the properties of the frames that will come.
static AVFrame *make_blank(const struct wr_stream *in, enum AVPixelFormat pix_fmt)
{
    AVFrame *frame = av_frame_alloc();
    if (!frame)
        return NULL;
    frame->format = pix_fmt;
    frame->width = in->format.width;
    frame->height = in->format.height;
    if (av_frame_get_buffer(frame, 0) < 0 || av_frame_copy_props(frame, in->like) < 0) {
        av_frame_free(&frame);
        return NULL;
    }
    ptrdiff_t pitches[4];
    for (int p = 0; p < 4; p++)
        pitches[p] = frame->linesize[p];
    av_image_fill_black(frame->data, pitches, pix_fmt, AVCOL_RANGE_UNSPECIFIED, frame->width,
                        frame->height);
    const struct wr_color color = wr_format_color(&in->format);
    frame->color_range = color.range;
    frame->colorspace = color.matrix;
    frame->chroma_location = (enum AVChromaLocation)in->format.chroma_location;
    frame->sample_aspect_ratio = (AVRational){in->format.sar_num, in->format.sar_den};
    frame->pts = 0;
    wr_frame_set_duration(frame, 0);
    return frame;
}

// Filters that write down what they see: a frame that is none of the video's must not get there.
static bool keeps_records(const AVFilterGraph *graph)
{
    for (unsigned n = 0; n < graph->nb_filters; n++)
        if (av_match_name(graph->filters[n]->filter->name,
                          "metadata,signature,vidstabdetect,sendcmd,zmq,psnr,ssim,libvmaf"))
            return true;
    return false;
}

// Gives each source one blank frame and no more.
static int give_blanks(const struct wr_host_graph *g, const struct wr_host_inputs *in)
{
    int result = 0;
    for (int n = 0; n < in->count && result >= 0; n++) {
        AVFrame *blank = make_blank(&in->streams[n], in->pix_fmts[n]);
        result = blank ? av_buffersrc_add_frame(g->sources[n], blank) : AVERROR(ENOMEM);
        if (result >= 0)
            result = av_buffersrc_add_frame(g->sources[n], NULL);
        av_frame_free(&blank);
    }
    return result;
}

// The first frame that comes out where one goes in; NULL if none does.
static AVFrame *run_blank(const char *text, const struct wr_host_inputs *in)
{
    struct wr_host_graph g;
    struct wr_error unused;
    if (wr_host_graph_open(&g, text, in, NULL, &unused))
        return NULL;
    AVFrame *out = NULL;
    if (!keeps_records(g.graph) && give_blanks(&g, in) >= 0 && (out = av_frame_alloc()) &&
        av_buffersink_get_frame(g.sink, out) < 0)
        av_frame_free(&out);
    wr_host_graph_close(&g);
    return out;
}

// Where chroma lies that no frame can say, libavfilter's filters leave it, unless the picture gets
// another layout.
static void keep_chroma(struct wr_format *out, const struct wr_format *in)
{
    if (out->width != in->width || out->height != in->height ||
        out->chroma_location != in->chroma_location || out->log2_chroma_w != in->log2_chroma_w ||
        out->log2_chroma_h != in->log2_chroma_h)
        return;
    out->chroma_right = in->chroma_right;
    out->chroma_down = in->chroma_down;
}

enum wr_status wr_host_graph_describe(const struct wr_host_graph *graph, const char *text,
                                      const struct wr_host_inputs *inputs, struct wr_stream *out,
                                      AVFrame **like, struct wr_error *error)
{
    const struct wr_stream *in = &inputs->streams[0];
    *like = run_blank(text, inputs);
    if (!*like && !(*like = make_blank(in, inputs->pix_fmts[0])))
        return wr_fail(error, WR_FAILED, "out of memory");
    AVFrame *frame = *like;
    frame->format = av_buffersink_get_format(graph->sink);
    frame->width = av_buffersink_get_w(graph->sink);
    frame->height = av_buffersink_get_h(graph->sink);
    frame->sample_aspect_ratio = av_buffersink_get_sample_aspect_ratio(graph->sink);
    *out = *in;
    if (!wr_frame_format(frame, &out->format))
        return wr_fail(error, WR_FAILED,
                       "FFmpeg's filters give %s, which cannot be processed: add "
                       "a format filter behind '%s'",
                       av_get_pix_fmt_name(frame->format), text);
    keep_chroma(&out->format, &in->format);
    out->time_base = av_buffersink_get_time_base(graph->sink);
    out->frame_rate = av_buffersink_get_frame_rate(graph->sink);
    if (out->frame_rate.num <= 0 || out->frame_rate.den <= 0)
        out->frame_rate = (AVRational){0, 1};
    out->format.time_base = av_q2d(out->time_base);
    out->format.frame_rate = av_q2d(out->frame_rate);
    out->like = frame;
    out->is_paletted = av_pix_fmt_desc_get(frame->format)->flags & AV_PIX_FMT_FLAG_PAL;
    return WR_OK;
}

void wr_host_graph_close(struct wr_host_graph *graph)
{
    avfilter_graph_free(&graph->graph);
    *graph = (struct wr_host_graph){.graph = NULL};
}
