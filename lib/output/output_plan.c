// SPDX-License-Identifier: MIT
// Chooses the container, the encoder and its pixel format, once for the whole run.
#include "lib/output/output_plan.h"

#include <libavutil/avstring.h>

#include "lib/output/pixel_choice.h"

static enum wr_target_kind find_target_kind(const struct wr_output_plan *plan, const char *output)
{
    if (plan->container_row->writes_nothing)
        return WR_TARGET_NOTHING;
    // Muxers without AVFMT_NOFILE write one file. Of the others a sequence and a playlist name
    // their files themselves, but a single picture is written where it is told.
    const bool one_picture =
        plan->container_row->holds_pictures && !av_filename_number_test(output);
    return plan->container->flags & AVFMT_NOFILE && !one_picture ? WR_TARGET_NAMES : WR_TARGET_FILE;
}

// Pictures are RGB without being meant as RGB video.
static const AVCodec *find_expected(const struct wr_output_plan *plan, bool is_pix_fmt_asked)
{
    const struct wr_container_row *row = plan->container_row;
    const struct wr_stream *stream = &plan->stream;
    const bool rgb = row->rgb_encoder && stream->format.model == WR_RGB && !stream->format.alpha &&
                     (!stream->is_of_pictures || is_pix_fmt_asked);
    const char *name = rgb ? row->rgb_encoder : row->encoder;
    return name ? avcodec_find_encoder_by_name(name) : NULL;
}

static enum wr_status choose_encoder(struct wr_output_plan *plan,
                                     const struct wr_writer_options *options,
                                     struct wr_error *error)
{
    if (options->codec)
        return wr_find_encoder(&plan->codec, options->codec, error);
    plan->codec = find_expected(plan, options->pix_fmt);
    const enum AVCodecID standard =
        av_guess_codec(plan->container, NULL, options->output, NULL, AVMEDIA_TYPE_VIDEO);
    if (!plan->codec && standard == AV_CODEC_ID_NONE)
        return wr_fail(error, WR_USAGE, "container %s does not hold video", plan->container->name);
    if (!plan->codec)
        plan->codec = avcodec_find_encoder(standard);
    return plan->codec ? WR_OK
                       : wr_fail(error, WR_FAILED,
                                 "this FFmpeg has no encoder for %s; choose one with --codec",
                                 avcodec_get_name(standard));
}

enum wr_status wr_output_plan_make(struct wr_output_plan *plan,
                                   const struct wr_writer_options *options,
                                   const struct wr_stream *stream, enum AVPixelFormat source,
                                   struct wr_error *error)
{
    *plan = (struct wr_output_plan){.stream = *stream};
    enum wr_status status =
        wr_find_container(&plan->container, options->format, options->output, error);
    if (status)
        return status;
    plan->container_row = wr_container_row(plan->container);
    plan->target_kind = find_target_kind(plan, options->output);
    plan->any_time = plan->container_row->any_time ||
                     plan->container->flags & (AVFMT_VARIABLE_FPS | AVFMT_NOTIMESTAMPS);
    status = choose_encoder(plan, options, error);
    if (status)
        return status;
    plan->encoder_row = wr_encoder_row(plan->codec);
    plan->rows_may_be_flipped = plan->encoder_row->takes_flipped;
    if (!options->pix_fmt && !options->is_delivered)
        wr_delivery_choose(&plan->delivery, plan->container_row, plan->codec, stream,
                           options->frames_expected);
    if (*plan->delivery.chain)
        return WR_OK;
    if (stream->is_paletted && !options->pix_fmt &&
        wr_encoder_takes(plan->codec, AV_PIX_FMT_PAL8)) {
        plan->pix_fmt = AV_PIX_FMT_PAL8;
        return WR_OK;
    }
    return wr_choose_pix_fmt(&plan->pix_fmt, plan->codec, options->pix_fmt, source, &stream->format,
                             error);
}
