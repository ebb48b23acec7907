// SPDX-License-Identifier: MIT
// Opens the encoder so that times, colours and fields of the source survive, and feeds it frames.
#include "lib/output/video/encoder.h"

#include <string.h>

#include "lib/base/queue.h"
#include "lib/media/compat.h"
#include "lib/media/frame.h"
#include "lib/media/reason.h"
#include "lib/media/repack.h"
#include "lib/output/video/check_settings.h"
#include "lib/output/video/codec.h"

// The file's own word counts for frames that are as they were read. Frames themselves say only
// which field is shown first; they hold both, which is written as ffmpeg does it.
static enum AVFieldOrder field_order(const AVFrame *like, const struct wr_source *source)
{
    const enum AVFieldOrder stored = source->video->codecpar->field_order;
    if (!wr_frame_interlaced(like))
        return AV_FIELD_PROGRESSIVE;
    if (stored > AV_FIELD_PROGRESSIVE && like == source->first)
        return stored;
    return wr_frame_top_first(like) ? AV_FIELD_TB : AV_FIELD_BT;
}

// What the plan and the source say together of the encoder.
static struct wr_opening describe(const struct wr_output_plan *plan, enum AVFieldOrder field_order)
{
    const struct wr_format *format = &plan->stream.format;
    const struct wr_color color = wr_format_color(format);
    return (struct wr_opening){
        .codec = plan->codec,
        .pix_fmt = plan->pix_fmt,
        .width = format->width,
        .height = format->height,
        .sample_aspect_ratio = {format->sar_num, format->sar_den},
        .frame_rate = plan->stream.frame_rate.num ? plan->stream.frame_rate : (AVRational){25, 1},
        .time_base = plan->stream.time_base,
        .any_time = plan->any_time,
        .in_order = plan->in_order,
        .range = color.range,
        .matrix = color.matrix,
        .primaries = plan->stream.like->color_primaries,
        .transfer = plan->stream.like->color_trc,
        .chroma_location = (enum AVChromaLocation)format->chroma_location,
        .field_order = field_order,
        .global_header = plan->container->flags & AVFMT_GLOBALHEADER,
        .except = -1,
    };
}

// How many threads encode. What an encoder makes may depend on that, so where the same bits are to
// come from several machines it does not follow from how many processors there are.
static int threads_for(const struct wr_encoder_row *row, const struct wr_writer_options *options)
{
    const int of_piece = row->piece_threads ? row->piece_threads : WR_PIECE_THREADS;
    return options->chunk ? of_piece : options->threads;
}

static enum wr_status open_encoder(struct wr_encoder *encoder,
                                   const struct wr_writer_options *options,
                                   const struct wr_log *log, struct wr_error *error)
{
    const struct wr_output_plan *plan = encoder->plan;
    struct wr_encoder_settings settings = {0};
    enum wr_status status =
        wr_encoder_settings_collect(&settings, plan, options, encoder->hdr10, error);
    if (!status)
        status = wr_encoder_settings_add_pass(&settings, plan, &encoder->pass, error);
    if (!status)
        status = wr_encoder_settings_check(&settings, plan, error);
    if (!status) {
        struct wr_opening opening = describe(plan, encoder->field_order);
        opening.threads = threads_for(plan->encoder_row, options);
        opening.settings = &settings;
        opening.statistics = encoder->pass.statistics;
        // Those that libavcodec hands statistics take a tick of the clock for a frame.
        opening.any_time &= !encoder->pass.pass || plan->encoder_row->statistics;
        status = wr_codec_open(&encoder->context, &opening, log, error);
    }
    memcpy(encoder->quality, settings.quality, sizeof encoder->quality);
    wr_encoder_settings_free(&settings);
    return status;
}

enum wr_status wr_encoder_open(struct wr_encoder *encoder, const struct wr_output_plan *plan,
                               const struct wr_writer_options *options,
                               const struct wr_source *source, struct wr_error *error)
{
    *encoder = (struct wr_encoder){.plan = plan,
                                   .source_time_base = plan->stream.time_base,
                                   .last_pts = AV_NOPTS_VALUE,
                                   .field_order = field_order(plan->stream.like, source),
                                   // Files of pictures have no times at all.
                                   .rounding_told = plan->container_row->holds_pictures};
    wr_hdr10_print(encoder->hdr10, plan->encoder_row, source);
    enum wr_status status = wr_pass_log_open(&encoder->pass, plan->encoder_row, options, error);
    if (!status)
        status = wr_key_frames_open(&encoder->key_frames, options, error);
    return status ? status : open_encoder(encoder, options, &options->log, error);
}

enum wr_status wr_encoder_open_like(struct wr_encoder *encoder, const struct wr_encoder *first,
                                    const struct wr_writer_options *options, struct wr_error *error)
{
    *encoder = (struct wr_encoder){.plan = first->plan,
                                   .source_time_base = first->source_time_base,
                                   .last_pts = AV_NOPTS_VALUE,
                                   .field_order = first->field_order,
                                   .rounding_told = first->rounding_told};
    memcpy(encoder->hdr10, first->hdr10, sizeof encoder->hdr10);
    const enum wr_status status = wr_key_frames_open(&encoder->key_frames, options, error);
    return status ? status : open_encoder(encoder, options, &(struct wr_log){0}, error);
}

// Sets times in the encoder's ticks, which may be coarser than the source's; no two frames get the
// same.
static void set_times(struct wr_encoder *encoder, const struct wr_log *log, AVFrame *frame)
{
    const AVRational to = encoder->context->time_base;
    int64_t pts = av_rescale_q(frame->pts, encoder->source_time_base, to);
    if (encoder->last_pts != AV_NOPTS_VALUE && pts <= encoder->last_pts)
        pts = encoder->last_pts + 1;
    // A difference of less than one tick of the source is not told: the source has rounded, too.
    if (!encoder->rounding_told &&
        (av_compare_ts(pts, to, frame->pts - 1, encoder->source_time_base) <= 0 ||
         av_compare_ts(pts, to, frame->pts + 1, encoder->source_time_base) >= 0)) {
        wr_say(log, WR_LOG_LOSS,
               "encoder %s or the container count in ticks of %d/%d s: frame times are rounded to "
               "them",
               encoder->context->codec->name, to.num, to.den);
        encoder->rounding_told = true;
    }
    const int64_t duration = av_rescale_q(wr_frame_duration(frame), encoder->source_time_base, to);
    wr_frame_set_duration(frame, FFMAX(duration, 1));
    frame->pts = encoder->last_pts = pts;
}

static enum wr_status explain(const struct wr_encoder *encoder, const struct wr_reason *reason,
                              struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "encoder %s failed: %s", encoder->context->codec->name,
                   reason->text);
}

enum wr_status wr_encoder_send(struct wr_encoder *encoder, const struct wr_log *log,
                               AVFrame **frame, struct wr_error *error)
{
    enum wr_status status = wr_frame_pack(frame, encoder->plan->pix_fmt, error);
    if (!status && !encoder->plan->encoder_row->takes_flipped)
        status = wr_frame_add_rows(frame, error);
    if (status)
        return status;
    set_times(encoder, log, *frame);
    (*frame)->pict_type = // the source's types are not ours
        wr_key_frames_take(&encoder->key_frames, *frame, encoder->context->time_base)
            ? AV_PICTURE_TYPE_I
            : AV_PICTURE_TYPE_NONE;
    (*frame)->quality = encoder->context->global_quality;
    if (encoder->plan->encoder_row->one_field_order)
        wr_frame_set_top_first(*frame, wr_frame_top_first(encoder->plan->stream.like));
    struct wr_reason reason;
    wr_reason_begin(&reason);
    const int result = avcodec_send_frame(encoder->context, *frame);
    wr_reason_end(&reason, result);
    encoder->frames += result >= 0;
    return result < 0 ? explain(encoder, &reason, error) : WR_OK;
}

enum wr_status wr_encoder_end(struct wr_encoder *encoder, struct wr_error *error)
{
    if (encoder->ended)
        return WR_OK;
    encoder->ended = true;
    struct wr_reason reason;
    wr_reason_begin(&reason);
    const int result = avcodec_send_frame(encoder->context, NULL);
    wr_reason_end(&reason, result);
    return result < 0 && result != AVERROR_EOF ? explain(encoder, &reason, error) : WR_OK;
}

// Two frames stay in their order. libx265 waits for a third to know decoding times, and without one
// it gives what lies in its memory.
int wr_encoder_receive(struct wr_encoder *encoder, AVPacket *packet, struct wr_error *error)
{
    struct wr_reason reason;
    wr_reason_begin(&reason);
    const int result = avcodec_receive_packet(encoder->context, packet);
    wr_reason_end(&reason, result);
    if (result >= 0 || result == AVERROR_EOF)
        wr_pass_log_add(&encoder->pass, encoder->context, result < 0);
    if (result == AVERROR_EOF) {
        const enum wr_status status =
            wr_pass_log_end(&encoder->pass, encoder->context->codec, error);
        return status ? (int)status : WR_END;
    }
    if (result == AVERROR(EAGAIN))
        return WR_END;
    if (result < 0)
        return (int)explain(encoder, &reason, error);
    if (encoder->ended && encoder->frames <= 2)
        packet->dts = packet->pts;
    return WR_OK;
}

void wr_encoder_close(struct wr_encoder *encoder)
{
    wr_key_frames_close(&encoder->key_frames);
    wr_pass_log_close(&encoder->pass);
    if (encoder->last_pts == AV_NOPTS_VALUE)
        wr_codec_close_unused(&encoder->context);
    else
        avcodec_free_context(&encoder->context);
}
