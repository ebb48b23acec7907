// SPDX-License-Identifier: MIT
// Runs blank frames through a graph of libavfilter, to know what its frames will be like.
#include "lib/run/stages/host_describe.h"

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>

#include "lib/chain/host_traits.h"
#include "lib/media/compat.h"
#include "lib/media/frame.h"

// Black, with the properties of the frames that will come.
static AVFrame *make_blank(const struct wr_host_input *input)
{
    const struct wr_stream *in = &input->stream;
    AVFrame *frame = av_frame_alloc();
    if (!frame)
        return NULL;
    frame->format = input->pix_fmt;
    frame->width = in->format.width;
    frame->height = in->format.height;
    if (av_frame_get_buffer(frame, 0) < 0 || av_frame_copy_props(frame, in->like) < 0) {
        av_frame_free(&frame);
        return NULL;
    }
    ptrdiff_t pitches[4];
    for (int p = 0; p < 4; p++)
        pitches[p] = frame->linesize[p];
    av_image_fill_black(frame->data, pitches, input->pix_fmt, AVCOL_RANGE_UNSPECIFIED, frame->width,
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

static int give_blank(AVFilterContext *source, const struct wr_host_input *input, int number)
{
    const struct wr_stream *in = &input->stream;
    AVFrame *blank = make_blank(input);
    if (!blank)
        return AVERROR(ENOMEM);
    blank->pts =
        in->frame_rate.num ? av_rescale_q(number, av_inv_q(in->frame_rate), in->time_base) : number;
    const int result = av_buffersrc_add_frame(source, blank);
    av_frame_free(&blank);
    return result;
}

// Gives each source so many blank frames and no more.
static int give_blanks(const struct wr_host_graph *g, const struct wr_host_request *request,
                       int count)
{
    int result = 0;
    for (int n = 0; n < request->input_count && result >= 0; n++) {
        for (int k = 0; k < count && result >= 0; k++)
            result = give_blank(g->sources[n], &request->inputs[n], k);
        if (result >= 0)
            result = av_buffersrc_add_frame(g->sources[n], NULL);
    }
    return result;
}

// Gives a graph `count` blank frames, and returns the first frame that comes out; NULL if none
// does. Filters that write down what they see are not run: blank frames are not the video's.
static AVFrame *run_blanks(const struct wr_host_request *request, int count)
{
    struct wr_host_graph g;
    struct wr_error unused;
    if (wr_host_graph_open(&g, request, &unused))
        return NULL;
    AVFrame *out = NULL;
    if (!(g.traits & WR_HOST_RECORDS) && give_blanks(&g, request, count) >= 0 &&
        (out = av_frame_alloc()) && av_buffersink_get_frame(g.sink, out) < 0)
        av_frame_free(&out);
    wr_host_graph_close(&g);
    return out;
}

// A filter that makes one frame of several, such as interlace, gives nothing for the first one.
static AVFrame *run_blank(const struct wr_host_request *request)
{
    enum { SEVERAL = 4 };
    AVFrame *out = run_blanks(request, 1);
    return out ? out : run_blanks(request, SEVERAL);
}

// RGB has no matrix, but remembers the one of the YUV it was made from.
static void keep_matrix(struct wr_format *out, const struct wr_format *in)
{
    if (out->model == WR_RGB && in->model == WR_RGB)
        out->matrix = in->matrix;
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

enum wr_status wr_host_graph_describe(const struct wr_host_graph *graph,
                                      const struct wr_host_request *request, struct wr_stream *out,
                                      AVFrame **like, struct wr_error *error)
{
    const struct wr_stream *in = &request->inputs[0].stream;
    *like = run_blank(request);
    if (!*like && !(*like = make_blank(&request->inputs[0])))
        return wr_fail(error, WR_FAILED, "out of memory");
    AVFrame *frame = *like;
    AVFrame *given = graph->traits & WR_HOST_LABELS ? NULL : make_blank(&request->inputs[0]);
    if (given) // many filters make new frames, and say nothing of their colours
        wr_frame_keep_color(frame, given);
    av_frame_free(&given);
    frame->format = av_buffersink_get_format(graph->sink);
    frame->width = av_buffersink_get_w(graph->sink);
    frame->height = av_buffersink_get_h(graph->sink);
    frame->sample_aspect_ratio = av_buffersink_get_sample_aspect_ratio(graph->sink);
    *out = *in;
    if (!wr_frame_format(frame, &out->format))
        return wr_fail(error, WR_FAILED,
                       "FFmpeg's filters give %s, which cannot be processed: add "
                       "a format filter behind '%s'",
                       av_get_pix_fmt_name(frame->format), request->text);
    keep_chroma(&out->format, &in->format);
    keep_matrix(&out->format, &in->format);
    out->time_base = av_buffersink_get_time_base(graph->sink);
    out->frame_rate = av_buffersink_get_frame_rate(graph->sink);
    out->varies = out->frame_rate.num > 0 && !out->frame_rate.den;
    if (out->frame_rate.num <= 0 || out->frame_rate.den <= 0)
        out->frame_rate = (AVRational){0, 1};
    out->format.time_base = av_q2d(out->time_base);
    out->format.frame_rate = av_q2d(out->frame_rate);
    out->like = frame;
    out->is_paletted = av_pix_fmt_desc_get(frame->format)->flags & AV_PIX_FMT_FLAG_PAL;
    return WR_OK;
}
