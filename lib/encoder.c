// SPDX-License-Identifier: MIT
// Opens the encoder so that times, colours and fields of the source survive, and feeds it frames.
#include "lib/encoder.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>

#include "lib/compat.h"

// What the frames mean; unspecified stays unspecified as long as no filter has decided.
static struct wr_color color_of(const struct wr_source *source, const struct wr_format *format)
{
    const bool unspecified = source->first->color_range == AVCOL_RANGE_UNSPECIFIED &&
                             format->full_range == (format->model == WR_RGB);
    return (struct wr_color){
        .range = unspecified          ? AVCOL_RANGE_UNSPECIFIED
                 : format->full_range ? AVCOL_RANGE_JPEG
                                      : AVCOL_RANGE_MPEG,
        .matrix = format->model == WR_RGB ? AVCOL_SPC_RGB : (enum AVColorSpace)format->matrix,
    };
}

static bool is_rgb(enum AVPixelFormat pix_fmt)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    return desc->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL);
}

// What they mean after the conversion to pix_fmt.
static struct wr_color color_in(enum AVPixelFormat pix_fmt, const struct wr_source *source,
                                const struct wr_format *format, struct wr_color color)
{
    if (is_rgb(pix_fmt))
        return (struct wr_color){AVCOL_RANGE_JPEG, AVCOL_SPC_RGB};
    if (format->model == WR_RGB) {
        const bool hd = format->height >= 720 || source->first->color_primaries == AVCOL_PRI_BT709;
        color = (struct wr_color){AVCOL_RANGE_MPEG, hd ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M};
    }
    if (!strncmp(av_get_pix_fmt_name(pix_fmt), "yuvj", 4))
        color.range = AVCOL_RANGE_JPEG;
    return color;
}

// One way to open the encoder; several are tried.
struct attempt {
    const AVCodec *codec;
    const struct wr_source *source;
    const struct wr_format *format;
    struct wr_color color;
    AVRational time_base, frame_rate;
    bool interlaced, global_header;
    int threads, except; // except: the setting that is left out, -1 for none
    int width, height;
};

static void set_fields(AVCodecContext *context, const struct attempt *a)
{
    context->field_order = AV_FIELD_PROGRESSIVE;
    if (!a->interlaced)
        return;
    const enum AVFieldOrder stored = a->source->video->codecpar->field_order;
    const bool top_first = wr_frame_top_first(a->source->first);
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

static void close_context(struct wr_encoder *encoder)
{
    AVCodecContext *context = encoder->context;
    if (context && avcodec_is_open(context) && encoder->last_pts == AV_NOPTS_VALUE &&
        !strcmp(context->codec->name, "libsvtav1"))
        send_blank(context);
    avcodec_free_context(&encoder->context);
}

static int try_open(struct wr_encoder *encoder, const struct attempt *a, struct wr_error *error)
{
    close_context(encoder);
    AVCodecContext *context = encoder->context = avcodec_alloc_context3(a->codec);
    if (!context)
        return AVERROR(ENOMEM);
    context->width = a->width;
    context->height = a->height;
    context->pix_fmt = encoder->pix_fmt;
    context->sample_aspect_ratio = (AVRational){a->format->sar_num, a->format->sar_den};
    context->time_base = a->time_base;
    context->framerate = a->frame_rate;
    context->color_range = a->color.range;
    context->colorspace = a->color.matrix;
    context->color_primaries = a->source->first->color_primaries;
    context->color_trc = a->source->first->color_trc;
    context->chroma_sample_location = (enum AVChromaLocation)a->format->chroma_location;
    context->thread_count = a->threads;
    if (a->codec->capabilities & AV_CODEC_CAP_EXPERIMENTAL)
        context->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    if (a->global_header)
        context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    set_fields(context, a);
    if (wr_settings_apply(encoder, context, a->except, error))
        return AVERROR_OPTION_NOT_FOUND;
    return avcodec_open2(context, a->codec, NULL);
}

// x264 leaks memory and chatters when it is opened for a size it cannot hold, so it is not tried.
static bool refuses_size(const struct attempt *a, enum AVPixelFormat pix_fmt)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    return !strcmp(a->codec->name, "libx264") &&
           (a->width % (1 << desc->log2_chroma_w) || a->height % (1 << desc->log2_chroma_h));
}

static enum wr_status fail_size(const struct attempt *a, enum AVPixelFormat pix_fmt,
                                struct wr_error *error)
{
    return wr_fail(error, WR_FAILED,
                   "encoder %s cannot hold pictures of %dx%d in %s, only even sizes: take another "
                   "--codec, or crop",
                   a->codec->name, a->format->width, a->format->height,
                   av_get_pix_fmt_name(pix_fmt));
}

// Finds out by trying what an encoder minds when it does not open.
static enum wr_status explain(struct wr_encoder *encoder, struct attempt a, int result,
                              struct wr_error *error)
{
    for (a.except = 0; a.except < encoder->setting_count; a.except++) {
        const struct wr_setting *s = &encoder->settings[a.except];
        if (s->option && try_open(encoder, &a, NULL) >= 0)
            return wr_fail(error, WR_USAGE, "encoder %s does not take \"%s\" for its option %s",
                           a.codec->name, s->value, s->key);
    }
    a.except = -1;
    const enum AVColorRange range = a.color.range;
    a.color.range = AVCOL_RANGE_JPEG;
    if (range != a.color.range && try_open(encoder, &a, NULL) >= 0)
        return wr_fail(error, WR_FAILED,
                       "encoder %s takes only samples of full range, which the source has not: "
                       "convert with --pix-fmt, to yuvj420p for example",
                       a.codec->name);
    a.color.range = range;
    a.width = FFALIGN(a.width, 2);
    a.height = FFALIGN(a.height, 2);
    if (try_open(encoder, &a, NULL) >= 0)
        return fail_size(&a, encoder->pix_fmt, error);
    return wr_fail(error, WR_FAILED, "encoder %s cannot be opened for %dx%d %s: %s", a.codec->name,
                   a.format->width, a.format->height, av_get_pix_fmt_name(encoder->pix_fmt),
                   av_err2str(result));
}

bool wr_is_mov(const AVOutputFormat *container)
{
    return av_match_name(container->name, "mp4,mov,ipod,3gp,3g2,f4v,ismv,psp");
}

bool wr_keeps_times(const AVOutputFormat *container)
{
    // Not all muxers that could say so do.
    return container->flags & (AVFMT_VARIABLE_FPS | AVFMT_NOTIMESTAMPS) || wr_is_mov(container) ||
           av_match_name(container->name, "asf,hls,dash,segment");
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

static enum wr_status open_somehow(struct wr_encoder *encoder, const struct wr_options *options,
                                   struct attempt *a, const AVOutputFormat *container,
                                   struct wr_error *error)
{
    AVRational list[TIME_BASES];
    list_time_bases(list, encoder->source_time_base, a->frame_rate, container);
    const bool interlaced = a->interlaced;
    struct wr_error refused = {0};
    int result = 0;
    for (int i = 0; i < (interlaced ? 2 : 1) * TIME_BASES; i++) {
        a->time_base = list[i % TIME_BASES];
        a->interlaced = interlaced && i < TIME_BASES;
        result = try_open(encoder, a, &refused);
        if (refused.status)
            return wr_fail(error, refused.status, "%s", refused.text);
        if (result >= 0) {
            if (interlaced && !a->interlaced)
                wr_log(
                    options, WR_LOG_WARNING,
                    "encoder %s does not take interlaced pictures of this size; they are encoded "
                    "as progressive ones",
                    a->codec->name);
            return WR_OK;
        }
    }
    return explain(encoder, *a, result, error);
}

enum wr_status wr_encoder_open(struct wr_encoder *encoder, const struct wr_options *options,
                               const AVOutputFormat *container, const struct wr_source *source,
                               const struct wr_format *format, struct wr_error *error)
{
    encoder->source_time_base = source->video->time_base;
    encoder->last_pts = AV_NOPTS_VALUE;
    const AVCodec *codec = NULL;
    enum wr_status status = wr_choose_encoder(&codec, options, container, format, error);
    if (!status)
        status = wr_choose_pix_fmt(&encoder->pix_fmt, codec, options, source->first->format, format,
                                   error);
    if (status)
        return status;
    struct attempt a = {
        .codec = codec,
        .source = source,
        .format = format,
        .color = color_in(encoder->pix_fmt, source, format, color_of(source, format)),
        .frame_rate = source->frame_rate.num ? source->frame_rate : (AVRational){25, 1},
        .interlaced = wr_frame_interlaced(source->first),
        .global_header = container->flags & AVFMT_GLOBALHEADER,
        .threads = options->threads,
        .except = -1,
        .width = format->width,
        .height = format->height,
    };
    // libwebp's animation is one picture file; every other encoder gives a packet for each frame.
    encoder->merges = !strcmp(codec->name, "libwebp_anim");
    if (refuses_size(&a, encoder->pix_fmt))
        return fail_size(&a, encoder->pix_fmt, error);
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(encoder->pix_fmt);
    if (!wr_pix_fmt_holds(encoder->pix_fmt, format))
        status = wr_convert_open(&encoder->convert, format, encoder->pix_fmt, &a.color, error);
    if (!status)
        status = wr_settings_collect(encoder, options, codec, desc->comp[0].depth,
                                     desc->flags & AV_PIX_FMT_FLAG_ALPHA, error);
    if (!status)
        status = wr_settings_check(encoder, codec, error);
    return status ? status : open_somehow(encoder, options, &a, container, error);
}

// The encoder's clock may be coarser than the source's; two frames never share a tick.
static void set_pts(struct wr_encoder *encoder, const struct wr_options *options, AVFrame *frame)
{
    const AVRational to = encoder->context->time_base;
    int64_t pts = av_rescale_q(frame->pts, encoder->source_time_base, to);
    if (encoder->last_pts != AV_NOPTS_VALUE && pts <= encoder->last_pts)
        pts = encoder->last_pts + 1;
    // Less than the source's own tick is its own rounding, undone.
    if (!encoder->rounding_told &&
        (av_compare_ts(pts, to, frame->pts - 1, encoder->source_time_base) <= 0 ||
         av_compare_ts(pts, to, frame->pts + 1, encoder->source_time_base) >= 0)) {
        wr_log(options, WR_LOG_WARNING,
               "encoder %s or the container count in ticks of %d/%d s: frame times are rounded to "
               "them",
               encoder->context->codec->name, to.num, to.den);
        encoder->rounding_told = true;
    }
    const int64_t duration = av_rescale_q(wr_frame_duration(frame), encoder->source_time_base, to);
    wr_frame_set_duration(frame, FFMAX(duration, 1));
    frame->pts = encoder->last_pts = pts;
}

enum wr_status wr_encoder_send(struct wr_encoder *encoder, const struct wr_options *options,
                               AVFrame **frame, struct wr_error *error)
{
    const enum wr_status status = encoder->convert ? wr_convert_run(encoder->convert, frame, error)
                                                   : wr_frame_pack(frame, encoder->pix_fmt, error);
    if (status)
        return status;
    set_pts(encoder, options, *frame);
    (*frame)->pict_type = AV_PICTURE_TYPE_NONE; // the source's key frames are not ours
    (*frame)->quality = encoder->context->global_quality;
    const int result = avcodec_send_frame(encoder->context, *frame);
    if (result < 0)
        return wr_fail(error, WR_FAILED, "encoder %s failed: %s", encoder->context->codec->name,
                       av_err2str(result));
    return WR_OK;
}

void wr_encoder_close(struct wr_encoder *encoder)
{
    wr_convert_close(&encoder->convert);
    wr_encoder_settings_free(encoder);
    close_context(encoder);
}
