// SPDX-License-Identifier: MIT
// Opens the encoder in the best way that it takes, and finds out what it minds when it takes none.
#include "lib/output/video/codec.h"

#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <limits.h>

#include "lib/media/reason.h"

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

void wr_codec_close_unused(AVCodecContext **context)
{
    if (*context && avcodec_is_open(*context) &&
        wr_encoder_row((*context)->codec)->frame_before_close)
        send_blank(*context);
    avcodec_free_context(context);
}

// FFmpeg's frame threads refuse more.
enum { MOST_FRAME_THREADS = 64 };

static int threads_for(const struct wr_opening *opening)
{
    const bool frames = opening->codec->capabilities & AV_CODEC_CAP_FRAME_THREADS;
    const int own = wr_encoder_row(opening->codec)->most_threads;
    const int most = own ? own : frames ? MOST_FRAME_THREADS : INT_MAX;
    return FFMIN(opening->threads, most);
}

static int try_open(AVCodecContext **context, const struct wr_opening *opening,
                    struct wr_error *error)
{
    wr_codec_close_unused(context);
    AVCodecContext *new = *context = avcodec_alloc_context3(opening->codec);
    if (!new)
        return AVERROR(ENOMEM);
    new->width = opening->width;
    new->height = opening->height;
    new->pix_fmt = opening->pix_fmt;
    new->sample_aspect_ratio = opening->sample_aspect_ratio;
    new->time_base = opening->time_base;
    new->framerate = opening->frame_rate;
    new->color_range = opening->range;
    new->colorspace = opening->matrix;
    new->color_primaries = opening->primaries;
    new->color_trc = opening->transfer;
    new->chroma_sample_location = opening->chroma_location;
    new->field_order = opening->field_order;
    new->thread_count = threads_for(opening);
    if (opening->in_order)
        new->max_b_frames = 0;
    if (opening->field_order != AV_FIELD_PROGRESSIVE)
        new->flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    if (opening->codec->capabilities & AV_CODEC_CAP_EXPERIMENTAL)
        new->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    if (opening->global_header)
        new->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (wr_encoder_settings_apply(opening->settings, new, opening->except, error))
        return AVERROR_OPTION_NOT_FOUND;
    // It is read, and changed, while the encoder is opened.
    new->stats_in = opening->statistics ? av_strdup(opening->statistics) : NULL;
    const int result = avcodec_open2(new, opening->codec, NULL);
    av_freep(&new->stats_in);
    // It forgets a shape that makes one pixel larger than the picture, which containers can hold.
    new->sample_aspect_ratio = opening->sample_aspect_ratio;
    return result;
}

// True for a size that must not even be tried.
static bool is_odd_size(const struct wr_opening *opening)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(opening->pix_fmt);
    return wr_encoder_row(opening->codec)->even_sizes_only &&
           (opening->width % (1 << desc->log2_chroma_w) ||
            opening->height % (1 << desc->log2_chroma_h));
}

static enum wr_status fail_size(const struct wr_opening *opening, struct wr_error *error)
{
    return wr_fail(error, WR_FAILED,
                   "%s with %s needs even sizes, not %dx%d: add scale=%d:-2 or crop",
                   opening->codec->name, av_get_pix_fmt_name(opening->pix_fmt), opening->width,
                   opening->height, FFALIGN(opening->width, 2));
}

// Finds out by trying other ways what an encoder minds that does not open in this one.
static enum wr_status explain(AVCodecContext **context, const struct wr_opening *opening,
                              const char *reason, struct wr_error *error)
{
    struct wr_opening other = *opening;
    for (other.except = 0; other.except < opening->settings->count; other.except++) {
        const struct wr_encoder_setting *setting = &opening->settings->list[other.except];
        if (setting->option && try_open(context, &other, NULL) >= 0)
            return wr_fail(error, WR_USAGE, "encoder %s does not take \"%s\" for its option %s",
                           opening->codec->name, setting->value, setting->key);
    }
    other = *opening;
    other.width = FFALIGN(opening->width, 2);
    other.height = FFALIGN(opening->height, 2);
    if (try_open(context, &other, NULL) >= 0)
        return fail_size(opening, error);
    const char *takes = wr_encoder_row(opening->codec)->takes;
    if (takes)
        return wr_fail(error, WR_FAILED,
                       "encoder %s does not take %dx%d %s at %.5g frames a second: "
                       "it takes %s",
                       opening->codec->name, opening->width, opening->height,
                       av_get_pix_fmt_name(opening->pix_fmt), av_q2d(opening->frame_rate), takes);
    return wr_fail(error, WR_FAILED, "encoder %s cannot be opened for %dx%d %s: %s",
                   opening->codec->name, opening->width, opening->height,
                   av_get_pix_fmt_name(opening->pix_fmt), reason);
}

enum wr_status wr_codec_open(AVCodecContext **context, const struct wr_opening *opening,
                             const struct wr_log *log, struct wr_error *error)
{
    if (is_odd_size(opening))
        return fail_size(opening, error);
    const bool interlaced = opening->field_order != AV_FIELD_PROGRESSIVE;
    struct wr_opening way = *opening;
    struct wr_error refused = {0};
    struct wr_reason reason;
    for (int i = 0; i < (interlaced ? 2 : 1); i++) {
        way.field_order = i ? AV_FIELD_PROGRESSIVE : opening->field_order;
        if (way.field_order != AV_FIELD_PROGRESSIVE &&
            wr_encoder_row(opening->codec)->progressive_only)
            continue;
        wr_reason_begin(&reason);
        const int result = try_open(context, &way, &refused);
        wr_reason_end(&reason, result);
        if (refused.status)
            return wr_fail(error, refused.status, "%s", refused.text);
        if (result < 0)
            continue;
        if (way.field_order != opening->field_order)
            wr_say(log, WR_LOG_LOSS,
                   "encoder %s does not take interlaced pictures of this size; they are encoded as "
                   "progressive ones",
                   opening->codec->name);
        return WR_OK;
    }
    return explain(context, &way, reason.text, error);
}
