// SPDX-License-Identifier: MIT
// Writes a file: encodes the filtered frames, sends them and the copied packets to the muxer, names
// the file.
#include "lib/output/writer.h"

#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/queue.h"
#include "lib/input/source.h"
#include "lib/media/compat.h"
#include "lib/media/reason.h"
#include "lib/output/animation.h"
#include "lib/output/chunks.h"
#include "lib/output/container.h"
#include "lib/output/durations.h"
#include "lib/output/encoder.h"
#include "lib/output/h264.h"
#include "lib/output/keep.h"
#include "lib/output/muxer.h"
#include "lib/output/selection.h"

struct wr_writer {
    struct wr_output_plan plan;
    struct wr_writer_options options;
    struct wr_encoder encoder;
    struct wr_muxer muxer;
    struct wr_report *report;
    AVPacket *packet;   // from the encoder
    AVBSFContext *h264; // completes it; NULL if nothing is missing
    int video;          // the output's stream for it

    struct wr_stream_route *routes; // of the input's streams
    int route_count;

    struct wr_durations durations;
    struct wr_chunks chunks; // with options.chunk
    struct wr_written written;
    struct wr_part_tail tail; // of a part
    bool flushing;            // the encoder knows that no more frames come
    bool loses_last_duration; // no reader would find it
};

// ---- packets

static enum wr_status fail_encoding(const struct wr_writer *writer, const struct wr_reason *reason,
                                    struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "encoder %s failed: %s", writer->encoder.context->codec->name,
                   reason->text);
}

// Gives the packet its times and its stream, and counts the frames that are in it.
static void complete_packet(struct wr_writer *writer)
{
    AVPacket *packet = writer->packet;
    const AVStream *stream = writer->muxer.file->streams[writer->video];
    struct wr_written *written = &writer->written;
    if (writer->plan.encoder_row->one_packet) {
        written->frames += writer->durations.count;
        writer->durations.count = 0;
        wr_animation_set_webp_delay(packet, writer->durations.last,
                                    writer->encoder.context->time_base);
    } else {
        written->frames++;
        packet->duration = wr_durations_take(&writer->durations, packet->pts, packet->duration);
    }
    written->packets++;
    const double seconds = (double)packet->pts * av_q2d(writer->encoder.context->time_base);
    if (packet->pts != AV_NOPTS_VALUE && seconds > written->position)
        written->position = seconds;
    av_packet_rescale_ts(packet, writer->encoder.context->time_base, stream->time_base);
    packet->stream_index = writer->video;
}

// Moves one packet from the encoder to the muxer; WR_END when the encoder has none.
static int write_encoded(struct wr_writer *writer, struct wr_error *error)
{
    struct wr_reason reason;
    wr_reason_begin(&reason);
    const int result = wr_encoder_receive(&writer->encoder, writer->packet);
    wr_reason_end(&reason, result);
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF)
        return WR_END;
    if (result < 0)
        return fail_encoding(writer, &reason, error);
    if (writer->h264 && wr_h264_apply(writer->h264, writer->packet) < 0)
        return wr_fail(error, WR_FAILED, "out of memory");
    complete_packet(writer);
    return wr_muxer_write(&writer->muxer, writer->packet, error);
}

static enum wr_status send_frame(struct wr_writer *writer, AVFrame **frame, struct wr_error *error)
{
    int status = wr_encoder_send(&writer->encoder, &writer->options.log, frame, error);
    if (!status)
        status = wr_durations_add(&writer->durations, *frame, error);
    while (!status)
        status = write_encoded(writer, error);
    if (status != WR_END)
        return status;
    av_frame_free(frame);
    writer->written.begin = writer->durations.begin;
    writer->written.end = writer->durations.end;
    writer->written.last = writer->durations.last;
    return WR_OK;
}

// Writes a packet of another stream than the video, with times in time_base.
static enum wr_status write_packet(struct wr_writer *writer, const struct wr_stream_route *route,
                                   AVPacket *packet, AVRational time_base, struct wr_error *error)
{
    const AVStream *stream = writer->muxer.file->streams[route->output];
    if (route->from_zero && packet->pts < 0) {
        av_packet_unref(packet);
        return WR_OK;
    }
    av_packet_rescale_ts(packet, time_base, stream->time_base);
    wr_route_shift(route, stream->time_base, packet);
    packet->stream_index = route->output;
    packet->pos = -1;
    packet->flags &= ~AV_PKT_FLAG_DISCARD; // newer muxers would leave out what decoders need
    const int64_t time = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    const enum wr_status status =
        writer->options.joined && time != AV_NOPTS_VALUE
            ? wr_chunks_write_until(&writer->chunks, time, stream->time_base, error)
            : WR_OK;
    return status ? status : wr_muxer_write(&writer->muxer, packet, error);
}

// Writes what a converter has ready.
static enum wr_status write_converted(struct wr_writer *writer, const struct wr_stream_route *route,
                                      struct wr_error *error)
{
    const AVRational time_base = route->converter->encoder->time_base;
    int status = WR_OK;
    while (!status) {
        status = wr_converter_receive(route->converter, writer->packet, error);
        if (!status)
            status = write_packet(writer, route, writer->packet, time_base, error);
    }
    return status == WR_END ? WR_OK : (enum wr_status)status;
}

static enum wr_status send_packet(struct wr_writer *writer, AVPacket **packet,
                                  struct wr_error *error)
{
    const int input = (*packet)->stream_index;
    const struct wr_stream_route *route =
        input < writer->route_count ? &writer->routes[input] : NULL;
    enum wr_status status = WR_OK;
    if (route && route->converter) {
        status = wr_converter_send(route->converter, *packet, error);
        if (!status)
            status = write_converted(writer, route, error);
    } else if (route && route->output >= 0 && !route->in_header) {
        status = write_packet(writer, route, *packet, route->time_base, error);
    }
    if (!status)
        av_packet_free(packet);
    return status;
}

enum wr_status wr_writer_send(struct wr_writer *writer, struct wr_message *message,
                              struct wr_error *error)
{
    return !message->frame ? send_packet(writer, &message->packet, error)
           : writer->options.chunk
               ? wr_chunks_send(&writer->chunks, &message->frame, message->index, error)
               : send_frame(writer, &message->frame, error);
}

// ---- opening

static void tell_dynamic_metadata(const struct wr_log *log, const struct wr_source *source)
{
    size_t size;
    if (wr_stream_side_data(source->video, AV_PKT_DATA_DOVI_CONF, &size))
        wr_say(log, WR_LOG_LOSS,
               "Dolby Vision metadata belongs to the old encoding and is left out; the base "
               "picture keeps its colours");
    if (av_frame_get_side_data(source->first, AV_FRAME_DATA_DYNAMIC_HDR_PLUS))
        wr_say(log, WR_LOG_LOSS, "HDR10+ metadata belongs to the old pictures and is left out");
}

static void describe_output(const struct wr_writer *writer, struct wr_media_report *report)
{
    const AVCodecContext *context = writer->encoder.context;
    *report = (struct wr_media_report){
        .width = context->width,
        .height = context->height,
        .frame_rate = av_q2d(context->framerate),
    };
    snprintf(report->path, sizeof report->path, "%s", writer->options.output);
    snprintf(report->format, sizeof report->format, "%s", writer->plan.container->name);
    snprintf(report->codec, sizeof report->codec, "%s", avcodec_get_name(context->codec_id));
    snprintf(report->encoder, sizeof report->encoder, "%s", context->codec->name);
    snprintf(report->quality, sizeof report->quality, "%s", writer->encoder.quality);
    snprintf(report->pix_fmt, sizeof report->pix_fmt, "%s", av_get_pix_fmt_name(context->pix_fmt));
    wr_describe_color(report, context->color_range, context->colorspace, context->color_primaries,
                      context->color_trc);
}

static enum wr_status open_container(struct wr_writer *writer, const struct wr_reader *reader,
                                     struct wr_error *error)
{
    const struct wr_source *source = wr_reader_source(reader);
    struct wr_muxer *muxer = &writer->muxer;
    writer->route_count = source->stream_count;
    writer->routes = calloc((size_t)writer->route_count, sizeof *writer->routes);
    writer->packet = av_packet_alloc();
    if (!writer->routes || !writer->packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    struct wr_selection selection = {
        .plan = &writer->plan,
        .options = &writer->options,
        .target = &muxer->target,
        .encoder = writer->encoder.context,
        .source = source,
        .routes = writer->routes,
    };
    enum wr_status status = wr_selection_make(&selection, writer->report, error);
    if (!status)
        status = wr_keep_what_is_found(&selection, reader, writer->report, error);
    if (!status)
        status = wr_container_open(&muxer->file, &selection, error);
    writer->video = writer->routes[source->video->index].output;
    writer->loses_last_duration = selection.loses_last_duration;
    return status;
}

static enum wr_status open_chunks(struct wr_writer *writer, const struct wr_source *source,
                                  const AVIOInterruptCB *interrupt, struct wr_error *error)
{
    const struct wr_chunks_terms terms = {
        .options = &writer->options,
        .encoder = &writer->encoder,
        .muxer = &writer->muxer,
        .written = &writer->written,
        .interrupted = interrupt->callback,
        .opaque = interrupt->opaque,
    };
    return writer->options.chunk
               ? wr_chunks_open(&writer->chunks, &terms, source, writer->report->chain, error)
               : WR_OK;
}

// A part has neither container nor other streams than the video.
static enum wr_status open_part(struct wr_writer *writer, const struct wr_source *source,
                                const AVIOInterruptCB *interrupt, struct wr_error *error)
{
    struct wr_chunks *chunks = &writer->chunks;
    enum wr_status status =
        wr_encoder_open(&writer->encoder, &writer->plan, &writer->options, source, error);
    if (!status)
        status = open_chunks(writer, source, interrupt, error);
    if (status)
        return status;
    if (!(chunks->part_name = wr_part_name(&writer->options)))
        return wr_fail(error, WR_FAILED, "out of memory");
    writer->options.output = chunks->part_name;
    status = wr_target_open(&writer->muxer.target, &writer->options, WR_TARGET_FILE, source->name,
                            error);
    if (!status)
        status = wr_chunks_begin_part(chunks, error);
    if (!status)
        describe_output(writer, &writer->report->output);
    return status;
}

// The target is opened first, since that is cheap, and begun last, since that makes a folder.
static enum wr_status open_all(struct wr_writer *writer, const struct wr_reader *reader,
                               const AVIOInterruptCB *interrupt, struct wr_error *error)
{
    struct wr_muxer *muxer = &writer->muxer;
    const struct wr_source *source = wr_reader_source(reader);
    const struct wr_output_plan *plan = &writer->plan;
    const struct wr_writer_options *options = muxer->options = &writer->options;
    if (options->part)
        return open_part(writer, source, interrupt, error);
    muxer->plays = source->plays;
    enum wr_status status =
        wr_target_open(&muxer->target, options, plan->target_kind, source->name, error);
    if (!status)
        status = wr_encoder_open(&writer->encoder, plan, options, source, error);
    if (!status)
        status = open_chunks(writer, source, interrupt, error);
    if (!status)
        status = open_container(writer, reader, error);
    if (!status)
        status = wr_h264_open(&writer->h264, muxer->file->streams[writer->video], plan,
                              writer->encoder.context->time_base, error);
    if (status)
        return status;
    muxer->file->interrupt_callback = *interrupt;
    if (options->chunk)
        wr_chunks_attach(&writer->chunks, writer->video, writer->h264);
    status = wr_muxer_begin(muxer, plan->codec->name, error);
    if (status)
        return status;
    tell_dynamic_metadata(&options->log, source);
    describe_output(writer, &writer->report->output);
    return WR_OK;
}

enum wr_status wr_writer_open(struct wr_writer **writer, const struct wr_output_plan *plan,
                              const struct wr_writer_options *options,
                              const struct wr_reader *reader, struct wr_report *report,
                              int (*interrupted)(void *), void *opaque, struct wr_error *error)
{
    struct wr_writer *new = *writer = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->plan = *plan;
    new->options = *options;
    new->report = report;
    new->durations = WR_DURATIONS;
    new->written.begin = INT64_MAX;
    const AVIOInterruptCB interrupt = {interrupted, opaque};
    const enum wr_status status = open_all(new, reader, &interrupt, error);
    if (status)
        wr_writer_close(writer);
    return status;
}

// ---- finishing

// Puts into the report what the muxer refused of each stream, and says it.
static void tell_refusals(const struct wr_writer *writer)
{
    const struct wr_muxer *muxer = &writer->muxer;
    for (int i = 0; i < writer->report->stream_count && muxer->refused; i++) {
        struct wr_stream_report *stream = &writer->report->streams[i];
        const int output = writer->routes[i].output;
        stream->refused = output < 0 ? 0 : wr_muxer_refused(muxer, output);
        if (stream->refused)
            wr_say(&writer->options.log, WR_LOG_LOSS,
                   "%s refused %lld packet%s of stream %d (%s, %s)", muxer->file->oformat->name,
                   (long long)stream->refused, stream->refused == 1 ? "" : "s", stream->index,
                   stream->type, stream->codec);
    }
}

static void tell_undecodable(const struct wr_writer *writer, int input)
{
    const struct wr_converter *converter = writer->routes[input].converter;
    if (converter->undecodable)
        wr_say(&writer->options.log, WR_LOG_LOSS,
               "%lld packet%s of stream %d (%s) could not be decoded and %s left out",
               (long long)converter->undecodable, converter->undecodable == 1 ? "" : "s", input,
               avcodec_get_name(converter->decoder->codec_id),
               converter->undecodable == 1 ? "is" : "are");
}

// Writes what the converters hold back; with --frames, no more than the video takes.
static enum wr_status end_converters(struct wr_writer *writer, struct wr_error *error)
{
    const AVRational time_base = writer->encoder.context->time_base;
    const int64_t end = av_rescale_q(writer->written.end, time_base, AV_TIME_BASE_Q);
    const int64_t cut = writer->options.frames < 0 ? INT64_MAX : end;
    enum wr_status status = WR_OK;
    for (int i = 0; i < writer->route_count && !status; i++) {
        const struct wr_stream_route *route = &writer->routes[i];
        if (!route->converter)
            continue;
        route->converter->fill_to = end;
        status = wr_converter_end(route->converter, cut, error);
        if (!status)
            status = write_converted(writer, route, error);
        tell_undecodable(writer, i);
    }
    return status;
}

// Players show the last frame for as long as the rate says, where nothing else says how long.
static void tell_last_duration(const struct wr_writer *writer)
{
    const AVCodecContext *context = writer->encoder.context;
    const double seconds = (double)writer->written.last * av_q2d(context->time_base);
    const double usual = av_q2d(av_inv_q(context->framerate));
    if (writer->loses_last_duration && seconds > 1.5 * usual)
        wr_say(&writer->options.log, WR_LOG_LOSS,
               "%s with %s does not keep that the last frame lasts %.3f s",
               writer->plan.container->name, writer->plan.codec->name, seconds);
}

static enum wr_status finish_container(struct wr_writer *writer, struct wr_error *error)
{
    struct wr_muxer *muxer = &writer->muxer;
    const enum wr_status status = wr_muxer_flush(muxer, error);
    if (status)
        return status;
    tell_refusals(writer);
    tell_last_duration(writer);
    const int64_t written = muxer->file->streams[writer->video]->nb_frames;
    if (written < writer->written.packets)
        return wr_fail(error, WR_FAILED, "%s took only %lld of %lld frames",
                       muxer->file->oformat->name, (long long)written,
                       (long long)writer->written.packets);
    wr_animation_set_last_delay(muxer->file, writer->written.last,
                                writer->encoder.context->time_base);
    return wr_muxer_end(
        muxer,
        av_rescale_q(writer->written.end, writer->encoder.context->time_base, AV_TIME_BASE_Q),
        error);
}

// One more packet of the encoder, WR_END after the last.
static int flush_encoder(struct wr_writer *writer, struct wr_error *error)
{
    struct wr_reason reason;
    wr_reason_begin(&reason);
    const int result = writer->flushing ? 0 : wr_encoder_end(&writer->encoder);
    wr_reason_end(&reason, result);
    writer->flushing = true;
    if (result < 0 && result != AVERROR_EOF)
        return fail_encoding(writer, &reason, error);
    return write_encoded(writer, error);
}

int wr_writer_flush(struct wr_writer *writer, struct wr_error *error)
{
    int status = writer->options.chunk ? wr_chunks_flush(&writer->chunks, error)
                                       : flush_encoder(writer, error);
    if (status != WR_END)
        return status;
    if (writer->options.part) {
        status = wr_chunks_end_part(&writer->chunks, &writer->tail, error);
        return status ? status : WR_END;
    }
    status = end_converters(writer, error);
    if (!status)
        status = finish_container(writer, error);
    return status ? status : WR_END;
}

enum wr_status wr_writer_finish(struct wr_writer *writer, struct wr_error *error)
{
    const enum wr_status status = wr_target_finish(&writer->muxer.target, error);
    if (status)
        return status;
    struct wr_media_report *report = &writer->report->output;
    report->duration = (double)(writer->written.end - writer->written.begin) *
                       av_q2d(writer->encoder.context->time_base);
    const int64_t bytes = writer->muxer.bytes; // of what the muxer opened itself it knows nothing
    report->bytes = bytes ? bytes : writer->muxer.target.bytes;
    return WR_OK;
}

int64_t wr_writer_frames(const struct wr_writer *writer)
{
    return writer->written.frames;
}

double wr_writer_position(const struct wr_writer *writer)
{
    return writer->written.position;
}

void wr_writer_tell_source(struct wr_writer *writer, int64_t frames, int64_t damaged)
{
    writer->tail = (struct wr_part_tail){frames, damaged};
}

int64_t wr_writer_damaged(const struct wr_writer *writer)
{
    return writer->chunks.joined ? wr_joined_damaged(writer->chunks.joined) : 0;
}

void wr_writer_abandon(const struct wr_writer *writer)
{
    wr_target_remove(&writer->muxer.target);
}

void wr_writer_close(struct wr_writer **writer)
{
    struct wr_writer *old = *writer;
    if (!old)
        return;
    wr_chunks_close(&old->chunks);
    av_bsf_free(&old->h264);
    wr_encoder_close(&old->encoder);
    wr_muxer_close(&old->muxer);
    av_packet_free(&old->packet);
    for (int i = 0; i < old->route_count && old->routes; i++)
        wr_converter_close(&old->routes[i].converter);
    free(old->routes);
    wr_durations_close(&old->durations);
    free(old);
    *writer = NULL;
}
