// SPDX-License-Identifier: MIT
// Opens the encoder so that times, colours and fields of the source survive, and feeds it frames.
#include "lib/output/encoder.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>

#include "lib/media/compat.h"

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
    struct wr_opening opening = {
        .codec = codec,
        .source = source,
        .format = format,
        .color = wr_format_color(format),
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
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(encoder->pix_fmt);
    status = wr_settings_collect(encoder, options, codec, desc->comp[0].depth,
                                 desc->flags & AV_PIX_FMT_FLAG_ALPHA, error);
    if (!status)
        status = wr_settings_check(encoder, codec, error);
    return status ? status : wr_codec_open(encoder, options, &opening, container, error);
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
    const enum wr_status status = wr_frame_pack(frame, encoder->pix_fmt, error);
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
    wr_encoder_settings_free(encoder);
    wr_codec_close(encoder);
}
