// SPDX-License-Identifier: MIT
// Opens the encoder in the best way that it takes, and finds out what it minds when it takes none.
#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>

#include "lib/media/compat.h"
#include "lib/output/encoder.h"

static void set_fields(AVCodecContext *context, const struct wr_opening *opening)
{
    context->field_order = AV_FIELD_PROGRESSIVE;
    if (!opening->interlaced)
        return;
    const enum AVFieldOrder stored = opening->source->video->codecpar->field_order;
    const bool top_first = wr_frame_top_first(opening->source->first);
    context->flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    context->field_order = stored > AV_FIELD_PROGRESSIVE ? stored
                           : top_first                   ? AV_FIELD_TT
                                                         : AV_FIELD_BB;
}

// SVT-AV1 never comes back from being closed before its first frame, so it gets one.
static void send_blank(AVCodecContext *context)
{
    AVFrame *frame = av_frame_alloc();
    if (!frame)
        return;
    frame->format = context->pix_fmt;
    frame->width = context->width;
    frame->height = context->height;
    if (av_frame_get_buffer(frame, 0) >= 0 && avcodec_send_frame(context, frame) >= 0)
        (void)avcodec_send_frame(context, NULL);
    av_frame_free(&frame);
}

void wr_codec_close(struct wr_encoder *encoder)
{
    AVCodecContext *context = encoder->context;
    if (context && avcodec_is_open(context) && encoder->last_pts == AV_NOPTS_VALUE &&
        !strcmp(context->codec->name, "libsvtav1"))
        send_blank(context);
    avcodec_free_context(&encoder->context);
}

static int try_open(struct wr_encoder *encoder, const struct wr_opening *opening,
                    struct wr_error *error)
{
    wr_codec_close(encoder);
    AVCodecContext *context = encoder->context = avcodec_alloc_context3(opening->codec);
    if (!context)
        return AVERROR(ENOMEM);
    context->width = opening->width;
    context->height = opening->height;
    context->pix_fmt = encoder->pix_fmt;
    context->sample_aspect_ratio = (AVRational){opening->format->sar_num, opening->format->sar_den};
    context->time_base = opening->time_base;
    context->framerate = opening->frame_rate;
    context->color_range = opening->color.range;
    context->colorspace = opening->color.matrix;
    context->color_primaries = opening->source->first->color_primaries;
    context->color_trc = opening->source->first->color_trc;
    context->chroma_sample_location = (enum AVChromaLocation)opening->format->chroma_location;
    context->thread_count = opening->threads;
    if (opening->codec->capabilities & AV_CODEC_CAP_EXPERIMENTAL)
        context->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    if (opening->global_header)
        context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    set_fields(context, opening);
    if (wr_settings_apply(encoder, context, opening->except, error))
        return AVERROR_OPTION_NOT_FOUND;
    return avcodec_open2(context, opening->codec, NULL);
}

// x264 leaks memory and chatters when it is opened for a size it cannot hold, so it is not tried.
static bool refuses_size(const struct wr_opening *opening, enum AVPixelFormat pix_fmt)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    return !strcmp(opening->codec->name, "libx264") &&
           (opening->width % (1 << desc->log2_chroma_w) ||
            opening->height % (1 << desc->log2_chroma_h));
}

static enum wr_status fail_size(const struct wr_opening *opening, enum AVPixelFormat pix_fmt,
                                struct wr_error *error)
{
    return wr_fail(error, WR_FAILED,
                   "encoder %s cannot hold pictures of %dx%d in %s, only even sizes: take another "
                   "--codec, or crop",
                   opening->codec->name, opening->format->width, opening->format->height,
                   av_get_pix_fmt_name(pix_fmt));
}

// Finds out by trying what an encoder minds when it does not open.
static enum wr_status explain(struct wr_encoder *encoder, struct wr_opening opening, int result,
                              struct wr_error *error)
{
    for (opening.except = 0; opening.except < encoder->setting_count; opening.except++) {
        const struct wr_setting *setting = &encoder->settings[opening.except];
        if (setting->option && try_open(encoder, &opening, NULL) >= 0)
            return wr_fail(error, WR_USAGE, "encoder %s does not take \"%s\" for its option %s",
                           opening.codec->name, setting->value, setting->key);
    }
    opening.except = -1;
    const enum AVColorRange range = opening.color.range;
    opening.color.range = AVCOL_RANGE_JPEG;
    if (range != opening.color.range && try_open(encoder, &opening, NULL) >= 0)
        return wr_fail(error, WR_FAILED,
                       "encoder %s takes only samples of full range, which the source has not: "
                       "convert with --pix-fmt, to yuvj420p for example",
                       opening.codec->name);
    opening.color.range = range;
    opening.width = FFALIGN(opening.width, 2);
    opening.height = FFALIGN(opening.height, 2);
    if (try_open(encoder, &opening, NULL) >= 0)
        return fail_size(&opening, encoder->pix_fmt, error);
    return wr_fail(error, WR_FAILED, "encoder %s cannot be opened for %dx%d %s: %s",
                   opening.codec->name, opening.format->width, opening.format->height,
                   av_get_pix_fmt_name(encoder->pix_fmt), av_err2str(result));
}

enum { TIME_BASES = 3, MPEG4_RESOLUTION = 65535 };

// The source's own ticks, so that times are kept; then the finest that MPEG-4 counts in; then
// frames.
static void list_time_bases(AVRational list[TIME_BASES], AVRational source, AVRational frame_rate,
                            const AVOutputFormat *container)
{
    const bool any_time = wr_keeps_times(container);
    const AVRational frames = av_inv_q(frame_rate);
    const int divisor = source.den / MPEG4_RESOLUTION + 1;
    list[0] = any_time ? source : frames;
    list[1] = any_time ? (AVRational){1, source.den / divisor / FFMAX(source.num, 1)} : frames;
    list[2] = frames;
    if (list[1].den < 1)
        list[1] = frames;
}

enum wr_status wr_codec_open(struct wr_encoder *encoder, const struct wr_options *options,
                             struct wr_opening *opening, const AVOutputFormat *container,
                             struct wr_error *error)
{
    if (refuses_size(opening, encoder->pix_fmt))
        return fail_size(opening, encoder->pix_fmt, error);
    AVRational list[TIME_BASES];
    list_time_bases(list, encoder->source_time_base, opening->frame_rate, container);
    const bool interlaced = opening->interlaced;
    struct wr_error refused = {0};
    int result = 0;
    for (int i = 0; i < (interlaced ? 2 : 1) * TIME_BASES; i++) {
        opening->time_base = list[i % TIME_BASES];
        opening->interlaced = interlaced && i < TIME_BASES;
        result = try_open(encoder, opening, &refused);
        if (refused.status)
            return wr_fail(error, refused.status, "%s", refused.text);
        if (result >= 0) {
            if (interlaced && !opening->interlaced)
                wr_log(options, WR_LOG_WARNING,
                       "encoder %s does not take interlaced pictures of this size; they are "
                       "encoded as progressive ones",
                       opening->codec->name);
            return WR_OK;
        }
    }
    return explain(encoder, *opening, result, error);
}
