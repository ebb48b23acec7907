// SPDX-License-Identifier: MIT
// Chooses the container, the encoder and its pixel format.
#include "lib/output/output_plan.h"

#include <libavutil/avstring.h>
#include <libavutil/parseutils.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/media/specifier.h"
#include "lib/output/attach.h"
#include "lib/output/codec_tag.h"
#include "lib/output/disposition.h"
#include "lib/output/packet_filter.h"
#include "lib/output/video/h264.h"
#include "lib/output/video/pixel_choice.h"

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

// Never NULL: where a name says nothing, it is the container.
static const AVOutputFormat *find_holder(const struct wr_output_plan *plan, const char *output)
{
    const char *inner = plan->container_row->inner;
    const AVOutputFormat *holder = !inner                ? NULL
                                   : !strcmp(inner, "*") ? av_guess_format(NULL, output, NULL)
                                                         : av_guess_format(inner, NULL, NULL);
    return holder ? holder : plan->container;
}

// Pictures are RGB without being meant as RGB video. Where the encoder may get the nearest of what
// it takes, as in ffmpeg, it is the usual one.
static const AVCodec *find_expected(const struct wr_output_plan *plan,
                                    const struct wr_writer_options *options,
                                    const struct wr_stream *stream)
{
    const struct wr_container_row *row = plan->container_row;
    const bool rgb = row->rgb_encoder && stream->format.model == WR_RGB && !stream->format.alpha &&
                     (!stream->is_of_pictures || options->pix_fmt) && !options->takes_nearest;
    const char *name = rgb ? row->rgb_encoder : row->encoder;
    return name ? avcodec_find_encoder_by_name(name) : NULL;
}

enum wr_status wr_output_plan_find_encoder(const AVCodec **encoder,
                                           const struct wr_output_plan *plan,
                                           const struct wr_writer_options *options,
                                           const struct wr_stream *stream, struct wr_error *error)
{
    if (options->codec)
        return wr_find_encoder(encoder, AVMEDIA_TYPE_VIDEO, options->codec, error);
    *encoder = find_expected(plan, options, stream);
    const enum AVCodecID standard =
        av_guess_codec(plan->container, NULL, options->output, NULL, AVMEDIA_TYPE_VIDEO);
    const bool is_of_sound = wr_container_is_of_sound(options->format, options->output);
    if (!*encoder && (standard == AV_CODEC_ID_NONE || is_of_sound))
        return wr_fail(
            error, WR_USAGE, "container %s does not hold video%s", plan->container->name,
            plan->container_row->covers ? "; a picture becomes its cover with --codec copy" : "");
    if (!*encoder)
        *encoder = avcodec_find_encoder(standard);
    return *encoder ? WR_OK
                    : wr_fail(error, WR_FAILED,
                              "this FFmpeg has no encoder for %s; choose one with --codec",
                              avcodec_get_name(standard));
}

// Takes the four letters that are asked for. Without a table of them, muxers write any.
static enum wr_status choose_tag(struct wr_output_plan *plan, const char *asked,
                                 enum AVCodecID codec, struct wr_error *error)
{
    if (!asked)
        return WR_OK;
    const enum wr_status status = wr_codec_tag_read(&plan->tag, asked, error);
    if (status)
        return status;
    return wr_codec_tag_check(plan->holder, plan->tag, codec, error);
}

// Sets the shape of a sample so that the picture is shown in the proportion that is asked for.
static enum wr_status set_aspect(struct wr_format *format, const char *aspect,
                                 struct wr_error *error)
{
    AVRational ratio;
    if (!aspect)
        return WR_OK;
    if (av_parse_ratio(&ratio, aspect, 255, 0, NULL) < 0 || ratio.num <= 0 || ratio.den <= 0)
        return wr_fail(error, WR_USAGE, "aspect \"%s\" is not a proportion such as 16:9 or 1.85",
                       aspect);
    av_reduce(&format->sar_num, &format->sar_den, (int64_t)ratio.num * format->height,
              (int64_t)ratio.den * format->width, 255);
    return WR_OK;
}

// "copy" is what is done unless another form is asked for.
static enum wr_status choose_texts(struct wr_output_plan *plan,
                                   const struct wr_writer_options *options, struct wr_error *error)
{
    enum wr_status status = wr_stream_list_check(options->stream_subtitles, "1/ass", error);
    for (int n = 0; n < WR_MOST_SOUNDS && !status; n++) {
        const char *asked = wr_stream_list_find(options->stream_subtitles, n, options->subtitles);
        if (asked && strcmp(asked, "copy"))
            status = wr_find_encoder(&plan->texts[n], AVMEDIA_TYPE_SUBTITLE, asked, error);
    }
    return status;
}

static enum wr_status choose_container(struct wr_output_plan *plan,
                                       const struct wr_writer_options *options,
                                       struct wr_error *error)
{
    enum wr_status status =
        wr_find_container(&plan->container, options->format, options->output, error);
    if (!status)
        status = wr_dispositions_check(options, error);
    if (!status)
        status = wr_specifiers_check(options->stream_metadata, "tag", error);
    if (!status)
        status = wr_codec_tags_check(options->stream_tags, error);
    if (!status)
        status = wr_attach_check(plan->container, options->attach, error);
    if (!status)
        status = wr_packet_filters_check(options->packet_filters, error);
    if (!status)
        status = wr_container_check_options(plan->container, options->muxer_options, error);
    if (status)
        return status;
    plan->container_row = wr_container_row(plan->container);
    plan->holder = find_holder(plan, options->output);
    plan->target_kind = find_target_kind(plan, options->output);
    plan->any_time = plan->container_row->any_time || plan->container->flags & AVFMT_VARIABLE_FPS;
    return WR_OK;
}

enum wr_status wr_output_plan_begin(struct wr_output_plan *plan,
                                    const struct wr_writer_options *options, struct wr_error *error)
{
    *plan = (struct wr_output_plan){.encoder_row = wr_encoder_row(NULL)};
    enum wr_status status = choose_container(plan, options, error);
    if (!status)
        status = wr_sound_choices_make(plan->sounds, plan->container, options, error);
    return status ? status : choose_texts(plan, options, error);
}

// What frames are to be converted to. A pixel format that is asked for leaves nothing to choose.
static void choose_delivery(struct wr_output_plan *plan, const struct wr_writer_options *options,
                            const struct wr_output_frames *frames)
{
    struct wr_delivery *delivery = &plan->delivery;
    const struct wr_stream *stream = frames->stream;
    if (options->pix_fmt)
        return;
    wr_delivery_choose(delivery, plan->container_row, plan->codec, stream, frames->expected);
    const bool has_new_alpha = stream->format.alpha && !frames->source_has_alpha;
    if (has_new_alpha && !*delivery->chain)
        wr_delivery_drop_alpha(delivery, plan->codec, &stream->format);
    if (options->takes_nearest && !*delivery->chain && !stream->is_paletted)
        wr_delivery_take_nearest(delivery, plan->codec, &stream->format);
}

enum wr_status wr_output_plan_choose_encoder(struct wr_output_plan *plan,
                                             const struct wr_writer_options *options,
                                             const struct wr_output_frames *frames,
                                             struct wr_error *error)
{
    enum wr_status status =
        wr_output_plan_find_encoder(&plan->codec, plan, options, frames->stream, error);
    if (!status)
        status = choose_tag(plan, options->tag, plan->codec->id, error);
    if (status)
        return status;
    plan->encoder_row = wr_encoder_row(plan->codec);
    plan->rows_may_be_flipped = plan->encoder_row->takes_flipped;
    choose_delivery(plan, options, frames);
    return WR_OK;
}

enum wr_status wr_output_plan_finish(struct wr_output_plan *plan,
                                     const struct wr_writer_options *options,
                                     const struct wr_stream *stream, enum AVPixelFormat source,
                                     struct wr_error *error)
{
    plan->stream = *stream;
    const enum wr_status status = set_aspect(&plan->stream.format, options->aspect, error);
    if (status)
        return status;
    const bool keeps_palette = stream->is_paletted && !options->pix_fmt;
    if (keeps_palette && wr_encoder_takes(plan->codec, AV_PIX_FMT_PAL8)) {
        plan->pix_fmt = AV_PIX_FMT_PAL8;
        return WR_OK;
    }
    return wr_choose_pix_fmt(&plan->pix_fmt, plan->codec, options->pix_fmt, source, &stream->format,
                             error);
}

enum wr_status wr_output_plan_make(struct wr_output_plan *plan,
                                   const struct wr_writer_options *options,
                                   const struct wr_output_frames *frames, struct wr_error *error)
{
    enum wr_status status = wr_output_plan_begin(plan, options, error);
    if (!status)
        status = wr_output_plan_choose_encoder(plan, options, frames, error);
    return status || *plan->delivery.chain
               ? status
               : wr_output_plan_finish(plan, options, frames->stream, frames->source, error);
}

enum wr_status wr_output_plan_make_copy(struct wr_output_plan *plan,
                                        const struct wr_writer_options *options,
                                        const AVCodecParameters *video, struct wr_error *error)
{
    enum wr_status status = wr_output_plan_begin(plan, options, error);
    if (status || !video)
        return status;
    plan->stream.format.width = video->width;
    plan->stream.format.height = video->height;
    status = set_aspect(&plan->stream.format, options->aspect, error);
    return status ? status : choose_tag(plan, options->tag, video->codec_id, error);
}

bool wr_output_plan_keeps_turn(const struct wr_output_plan *plan, const AVCodec *encoder)
{
    const struct wr_container_row *row = plan->container_row;
    const bool is_new_enough = row->rotation_since && wr_libavformat_major() >= row->rotation_since;
    return row->rotation || row->takes_anything || is_new_enough || wr_h264_completes(encoder->id);
}

AVRational wr_output_plan_rate(const struct wr_output_plan *plan)
{
    return plan->stream.frame_rate.num ? plan->stream.frame_rate : (AVRational){25, 1};
}

AVRational wr_output_plan_time_base(const struct wr_output_plan *plan)
{
    return plan->any_time ? plan->stream.time_base : av_inv_q(wr_output_plan_rate(plan));
}
