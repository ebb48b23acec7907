// SPDX-License-Identifier: MIT
// Writes a file: encodes the filtered frames, interleaves them with the copied packets, names the
// file.
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/compat.h"
#include "lib/container.h"
#include "lib/h264.h"

// What the writer remembers of a stream of the input.
struct route {
    int output;           // its stream in the output, -1: left out
    AVRational time_base; // of its packets as they come
};

// A frame inside the encoder: not all encoders hand its duration on.
struct pending {
    int64_t pts, duration;
};

struct wr_writer {
    struct wr_options options;
    struct wr_target target;
    struct wr_encoder encoder;
    AVFormatContext *file;
    AVPacket *packet;   // from the encoder
    AVBSFContext *h264; // completes it; NULL if nothing is missing
    int video;          // the output's stream for it
    bool header_written, refusal_told;

    struct route *routes; // of the input's streams
    int route_count;
    unsigned chapters; // that wait for the end: see wr_hold_chapters
    int64_t end;       // of the last frame, in the encoder's time base

    int64_t *next_dts; // of the output's streams: the least that may come, AV_NOPTS_VALUE at first

    struct pending *pending;
    int pending_count, pending_capacity;
    int64_t frames;
};

// ---- durations

static enum wr_status remember(struct wr_writer *w, const AVFrame *frame, struct wr_error *error)
{
    if (w->pending_count == w->pending_capacity) {
        const int capacity = w->pending_capacity ? 2 * w->pending_capacity : 64;
        struct pending *pending = realloc(w->pending, (size_t)capacity * sizeof *pending);
        if (!pending)
            return wr_fail(error, WR_FAILED, "out of memory");
        w->pending = pending;
        w->pending_capacity = capacity;
    }
    w->pending[w->pending_count++] = (struct pending){frame->pts, wr_frame_duration(frame)};
    return WR_OK;
}

static int64_t recall(struct wr_writer *w, int64_t pts, int64_t otherwise)
{
    for (int i = 0; i < w->pending_count; i++) {
        if (w->pending[i].pts != pts)
            continue;
        const int64_t duration = w->pending[i].duration;
        w->pending[i] = w->pending[--w->pending_count];
        return duration;
    }
    return otherwise;
}

// ---- packets

static enum wr_status fail_writing(const struct wr_writer *w, int result, struct wr_error *error)
{
    if (!strcmp(w->file->oformat->name, "image2") && result == AVERROR(EINVAL))
        return wr_fail(error, WR_FAILED,
                       "%s holds one picture only: for more, give a name such as frame%%04d.png",
                       w->target.name);
    return wr_fail(error, WR_FAILED, "cannot write %s: %s", w->target.name, av_err2str(result));
}

// Muxers want decoding times that rise, and a presentation time for every packet.
static void repair_times(struct wr_writer *w, AVPacket *packet)
{
    int64_t *const next = &w->next_dts[packet->stream_index];
    const bool strict = !(w->file->oformat->flags & AVFMT_TS_NONSTRICT);
    if (packet->dts == AV_NOPTS_VALUE)
        packet->dts = packet->pts != AV_NOPTS_VALUE ? packet->pts
                      : *next != AV_NOPTS_VALUE     ? *next
                                                    : 0;
    if (*next != AV_NOPTS_VALUE && packet->dts < *next)
        packet->dts = *next;
    if (packet->pts == AV_NOPTS_VALUE || packet->pts < packet->dts)
        packet->pts = packet->dts;
    *next = packet->dts + strict;
}

// One packet that a container refuses does not cost the file; a disk that is full does.
static bool is_refusal(struct wr_writer *w, int result)
{
    const bool refused = result == AVERROR(EINVAL) || result == AVERROR_INVALIDDATA;
    if (!refused || w->file->nb_streams == 1 || (w->file->pb && w->file->pb->error < 0))
        return false;
    if (!w->refusal_told)
        wr_log(&w->options, WR_LOG_WARNING, "%s refused a packet, which is left out: %s",
               w->file->oformat->name, av_err2str(result));
    w->refusal_told = true;
    return true;
}

static enum wr_status write_packet(struct wr_writer *w, AVPacket *packet, struct wr_error *error)
{
    const int result = av_interleaved_write_frame(w->file, packet);
    return result >= 0 || is_refusal(w, result) ? WR_OK : fail_writing(w, result, error);
}

// Moves all packets the encoder has into the container.
static enum wr_status drain_encoder(struct wr_writer *w, struct wr_error *error)
{
    const AVStream *stream = w->file->streams[w->video];
    while (true) {
        const int result = avcodec_receive_packet(w->encoder.context, w->packet);
        if (result == AVERROR(EAGAIN) || result == AVERROR_EOF)
            return WR_OK;
        if (result < 0)
            return wr_fail(error, WR_FAILED, "encoder %s failed: %s",
                           w->encoder.context->codec->name, av_err2str(result));
        if (w->h264 && wr_h264_apply(w->h264, w->packet) < 0)
            return wr_fail(error, WR_FAILED, "out of memory");
        w->packet->duration = recall(w, w->packet->pts, w->packet->duration);
        av_packet_rescale_ts(w->packet, w->encoder.context->time_base, stream->time_base);
        w->packet->stream_index = w->video;
        repair_times(w, w->packet);
        const enum wr_status status = write_packet(w, w->packet, error);
        if (status)
            return status;
        w->frames++;
    }
}

static enum wr_status send_frame(struct wr_writer *w, AVFrame **frame, struct wr_error *error)
{
    w->end = FFMAX(w->end, (*frame)->pts + wr_frame_duration(*frame));
    enum wr_status status = wr_encoder_send(&w->encoder, &w->options, frame, error);
    if (!status)
        status = remember(w, *frame, error);
    if (!status)
        status = drain_encoder(w, error);
    if (!status)
        av_frame_free(frame);
    return status;
}

static enum wr_status send_packet(struct wr_writer *w, AVPacket **packet, struct wr_error *error)
{
    const struct route *route =
        (*packet)->stream_index < w->route_count ? &w->routes[(*packet)->stream_index] : NULL;
    if (route && route->output >= 0) {
        const AVStream *stream = w->file->streams[route->output];
        av_packet_rescale_ts(*packet, route->time_base, stream->time_base);
        (*packet)->stream_index = route->output;
        (*packet)->pos = -1;
        repair_times(w, *packet);
        const enum wr_status status = write_packet(w, *packet, error);
        if (status)
            return status;
    }
    av_packet_free(packet);
    return WR_OK;
}

enum wr_status wr_writer_send(struct wr_writer *w, struct wr_message *message,
                              struct wr_error *error)
{
    return message->frame ? send_frame(w, &message->frame, error)
                          : send_packet(w, &message->packet, error);
}

// ---- opening

static enum wr_status map_streams(struct wr_writer *w, const struct wr_source *source,
                                  const int *map, struct wr_error *error)
{
    w->route_count = (int)source->file->nb_streams;
    w->routes = calloc((size_t)w->route_count, sizeof *w->routes);
    w->next_dts = calloc(w->file->nb_streams, sizeof *w->next_dts);
    w->packet = av_packet_alloc();
    if (!w->routes || !w->next_dts || !w->packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    for (unsigned i = 0; i < w->file->nb_streams; i++)
        w->next_dts[i] = AV_NOPTS_VALUE;
    w->video = map[source->video->index];
    for (int i = 0; i < w->route_count; i++) {
        const AVStream *stream = source->file->streams[i];
        const bool in_header = map[i] >= 0 && w->file->streams[map[i]]->codecpar->codec_type ==
                                                  AVMEDIA_TYPE_ATTACHMENT;
        w->routes[i] = (struct route){in_header ? -1 : map[i], stream->time_base};
    }
    return WR_OK;
}

static enum wr_status write_header(struct wr_writer *w, struct wr_error *error)
{
    int result = 0;
    if (!(w->file->oformat->flags & AVFMT_NOFILE))
        result = avio_open(&w->file->pb, w->target.url, AVIO_FLAG_WRITE);
    if (result < 0)
        return fail_writing(w, result, error);
    wr_hold_chapters(w->file, &w->options, &w->target, &w->chapters);
    AVDictionary *options = wr_container_options(w->file, &w->target);
    result = avformat_write_header(w->file, &options);
    av_dict_free(&options);
    if (result < 0)
        return wr_fail(error, WR_FAILED,
                       "%s cannot hold what %s makes, or %s cannot be written: %s",
                       w->file->oformat->name, w->encoder.context->codec->name, w->target.name,
                       av_err2str(result));
    w->header_written = true;
    return WR_OK;
}

static void tell_dynamic_metadata(const struct wr_options *options, const struct wr_source *source)
{
    size_t size;
    if (wr_stream_side_data(source->video, AV_PKT_DATA_DOVI_CONF, &size))
        wr_log(
            options, WR_LOG_WARNING,
            "Dolby Vision metadata belongs to the old encoding and is left out; the base picture "
            "keeps its colours");
    if (av_frame_get_side_data(source->first, AV_FRAME_DATA_DYNAMIC_HDR_PLUS))
        wr_log(
            options, WR_LOG_WARNING,
            "HDR10+ metadata belongs to the old pictures and is left out; static HDR metadata is "
            "kept");
}

static void describe_output(const struct wr_writer *w, struct wr_media_report *report)
{
    const AVCodecContext *context = w->encoder.context;
    *report = (struct wr_media_report){
        .width = context->width,
        .height = context->height,
        .frame_rate = av_q2d(context->framerate),
    };
    snprintf(report->path, sizeof report->path, "%s", w->target.name);
    snprintf(report->format, sizeof report->format, "%s", w->file->oformat->name);
    snprintf(report->codec, sizeof report->codec, "%s", context->codec->name);
    snprintf(report->pix_fmt, sizeof report->pix_fmt, "%s", av_get_pix_fmt_name(context->pix_fmt));
    wr_describe_color(report->color, sizeof report->color, context->color_range,
                      context->colorspace, context->color_primaries, context->color_trc);
}

static enum wr_status open_all(struct wr_writer *w, const struct wr_source *source,
                               const struct wr_format *format, struct wr_report *report,
                               struct wr_error *error)
{
    const AVOutputFormat *container;
    enum wr_status status = wr_choose_container(&container, &w->options, error);
    if (!status)
        status = wr_target_open(&w->target, &w->options,
                                wr_container_kind(container, w->options.output), error);
    if (!status)
        status = wr_encoder_open(&w->encoder, &w->options, container, source, format, error);
    if (status)
        return status;
    int *map = calloc(source->file->nb_streams, sizeof *map);
    if (!map)
        return wr_fail(error, WR_FAILED, "out of memory");
    status = wr_container_open(&w->file, container, &w->target, &w->encoder, source, &w->options,
                               map, report, error);
    if (!status)
        status = map_streams(w, source, map, error);
    free(map);
    if (!status)
        status = wr_h264_open(&w->h264, w->file->streams[w->video], container,
                              w->encoder.context->time_base, &w->options, error);
    if (!status)
        status = write_header(w, error);
    if (!status)
        tell_dynamic_metadata(&w->options, source);
    if (!status)
        describe_output(w, &report->output);
    return status;
}

enum wr_status wr_writer_open(struct wr_writer **writer, const struct wr_options *options,
                              const struct wr_reader *reader, const struct wr_format *format,
                              struct wr_report *report, struct wr_error *error)
{
    struct wr_writer *w = *writer = calloc(1, sizeof *w);
    if (!w)
        return wr_fail(error, WR_FAILED, "out of memory");
    w->options = *options;
    const enum wr_status status = open_all(w, wr_reader_source(reader), format, report, error);
    if (status)
        wr_writer_close(writer);
    return status;
}

// ---- finishing

static enum wr_status finish_container(struct wr_writer *w, struct wr_error *error)
{
    int result;
    do // a refused packet is gone, but the others still wait to be written
        result = av_interleaved_write_frame(w->file, NULL);
    while (is_refusal(w, result));
    if (result < 0)
        return fail_writing(w, result, error);
    const int64_t written = w->file->streams[w->video]->nb_frames;
    if (written < w->frames)
        return wr_fail(error, WR_FAILED, "%s took only %lld of %lld frames", w->file->oformat->name,
                       (long long)written, (long long)w->frames);
    wr_release_chapters(
        w->file, av_rescale_q(w->end, w->encoder.context->time_base, AV_TIME_BASE_Q), &w->chapters);
    result = av_write_trailer(w->file);
    w->header_written = false;
    if (result >= 0 && w->file->pb) {
        avio_flush(w->file->pb);
        result = w->file->pb->error;
    }
    if (!(w->file->oformat->flags & AVFMT_NOFILE)) {
        const int closed = avio_closep(&w->file->pb);
        result = result < 0 ? result : closed;
    }
    return result < 0 ? fail_writing(w, result, error) : WR_OK;
}

enum wr_status wr_writer_flush(struct wr_writer *w, struct wr_error *error)
{
    const int result = avcodec_send_frame(w->encoder.context, NULL);
    if (result < 0 && result != AVERROR_EOF)
        return wr_fail(error, WR_FAILED, "encoder %s failed: %s", w->encoder.context->codec->name,
                       av_err2str(result));
    const enum wr_status status = drain_encoder(w, error);
    return status ? status : finish_container(w, error);
}

enum wr_status wr_writer_finish(struct wr_writer *w, struct wr_error *error)
{
    return wr_target_finish(&w->target, error);
}

int64_t wr_writer_frames(const struct wr_writer *writer)
{
    return writer->frames;
}

void wr_writer_close(struct wr_writer **writer)
{
    struct wr_writer *w = *writer;
    if (!w)
        return;
    av_bsf_free(&w->h264);
    wr_encoder_close(&w->encoder);
    if (w->file && !(w->file->oformat->flags & AVFMT_NOFILE))
        avio_closep(&w->file->pb);
    if (w->file)
        wr_release_chapters(w->file, INT64_MAX, &w->chapters);
    avformat_free_context(w->file);
    wr_target_close(&w->target);
    av_packet_free(&w->packet);
    free(w->routes);
    free(w->next_dts);
    free(w->pending);
    free(w);
    *writer = NULL;
}
