// SPDX-License-Identifier: MIT
// Opens the encoder in the best way that it takes, and finds out what it minds when it takes none.
#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>

#include "lib/compat.h"
#include "lib/encoder.h"

static void set_fields(AVCodecContext *context, const struct wr_attempt *attempt)
{
    context->field_order = AV_FIELD_PROGRESSIVE;
    if (!attempt->interlaced)
        return;
    const enum AVFieldOrder stored = attempt->source->video->codecpar->field_order;
    const bool top_first = wr_frame_top_first(attempt->source->first);
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

void wr_attempt_close(struct wr_encoder *encoder)
{
    AVCodecContext *context = encoder->context;
    if (context && avcodec_is_open(context) && encoder->last_pts == AV_NOPTS_VALUE &&
        !strcmp(context->codec->name, "libsvtav1"))
        send_blank(context);
    avcodec_free_context(&encoder->context);
}

static int try_open(struct wr_encoder *encoder, const struct wr_attempt *attempt,
                    struct wr_error *error)
{
    wr_attempt_close(encoder);
    AVCodecContext *context = encoder->context = avcodec_alloc_context3(attempt->codec);
    if (!context)
        return AVERROR(ENOMEM);
    context->width = attempt->width;
    context->height = attempt->height;
    context->pix_fmt = encoder->pix_fmt;
    context->sample_aspect_ratio = (AVRational){attempt->format->sar_num, attempt->format->sar_den};
    context->time_base = attempt->time_base;
    context->framerate = attempt->frame_rate;
    context->color_range = attempt->color.range;
    context->colorspace = attempt->color.matrix;
    context->color_primaries = attempt->source->first->color_primaries;
    context->color_trc = attempt->source->first->color_trc;
    context->chroma_sample_location = (enum AVChromaLocation)attempt->format->chroma_location;
    context->thread_count = attempt->threads;
    if (attempt->codec->capabilities & AV_CODEC_CAP_EXPERIMENTAL)
        context->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    if (attempt->global_header)
        context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    set_fields(context, attempt);
    if (wr_settings_apply(encoder, context, attempt->except, error))
        return AVERROR_OPTION_NOT_FOUND;
    return avcodec_open2(context, attempt->codec, NULL);
}

// x264 leaks memory and chatters when it is opened for a size it cannot hold, so it is not tried.
static bool refuses_size(const struct wr_attempt *attempt, enum AVPixelFormat pix_fmt)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    return !strcmp(attempt->codec->name, "libx264") &&
           (attempt->width % (1 << desc->log2_chroma_w) ||
            attempt->height % (1 << desc->log2_chroma_h));
}

static enum wr_status fail_size(const struct wr_attempt *attempt, enum AVPixelFormat pix_fmt,
                                struct wr_error *error)
{
    return wr_fail(error, WR_FAILED,
                   "encoder %s cannot hold pictures of %dx%d in %s, only even sizes: take another "
                   "--codec, or crop",
                   attempt->codec->name, attempt->format->width, attempt->format->height,
                   av_get_pix_fmt_name(pix_fmt));
}

// Finds out by trying what an encoder minds when it does not open.
static enum wr_status explain(struct wr_encoder *encoder, struct wr_attempt attempt, int result,
                              struct wr_error *error)
{
    for (attempt.except = 0; attempt.except < encoder->setting_count; attempt.except++) {
        const struct wr_setting *setting = &encoder->settings[attempt.except];
        if (setting->option && try_open(encoder, &attempt, NULL) >= 0)
            return wr_fail(error, WR_USAGE, "encoder %s does not take \"%s\" for its option %s",
                           attempt.codec->name, setting->value, setting->key);
    }
    attempt.except = -1;
    const enum AVColorRange range = attempt.color.range;
    attempt.color.range = AVCOL_RANGE_JPEG;
    if (range != attempt.color.range && try_open(encoder, &attempt, NULL) >= 0)
        return wr_fail(error, WR_FAILED,
                       "encoder %s takes only samples of full range, which the source has not: "
                       "convert with --pix-fmt, to yuvj420p for example",
                       attempt.codec->name);
    attempt.color.range = range;
    attempt.width = FFALIGN(attempt.width, 2);
    attempt.height = FFALIGN(attempt.height, 2);
    if (try_open(encoder, &attempt, NULL) >= 0)
        return fail_size(&attempt, encoder->pix_fmt, error);
    return wr_fail(error, WR_FAILED, "encoder %s cannot be opened for %dx%d %s: %s",
                   attempt.codec->name, attempt.format->width, attempt.format->height,
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

enum wr_status wr_attempt_open(struct wr_encoder *encoder, const struct wr_options *options,
                               struct wr_attempt *attempt, const AVOutputFormat *container,
                               struct wr_error *error)
{
    if (refuses_size(attempt, encoder->pix_fmt))
        return fail_size(attempt, encoder->pix_fmt, error);
    AVRational list[TIME_BASES];
    list_time_bases(list, encoder->source_time_base, attempt->frame_rate, container);
    const bool interlaced = attempt->interlaced;
    struct wr_error refused = {0};
    int result = 0;
    for (int i = 0; i < (interlaced ? 2 : 1) * TIME_BASES; i++) {
        attempt->time_base = list[i % TIME_BASES];
        attempt->interlaced = interlaced && i < TIME_BASES;
        result = try_open(encoder, attempt, &refused);
        if (refused.status)
            return wr_fail(error, refused.status, "%s", refused.text);
        if (result >= 0) {
            if (interlaced && !attempt->interlaced)
                wr_log(options, WR_LOG_WARNING,
                       "encoder %s does not take interlaced pictures of this size; they are "
                       "encoded as progressive ones",
                       attempt->codec->name);
            return WR_OK;
        }
    }
    return explain(encoder, *attempt, result, error);
}
