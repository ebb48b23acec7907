// SPDX-License-Identifier: MIT
// Encodes blank pictures and muxes them, with the beginning of the other streams, into memory.
#include "lib/output/trial.h"

#include <stdlib.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/output/chapters.h"
#include "lib/output/container.h"
#include "lib/output/copy.h"
#include "lib/output/encoder.h"
#include "lib/output/h264.h"

static const struct wr_log nowhere = {NULL, NULL};

// ---- pictures

// A picture in a palette comes to the encoder as it is.
static AVFrame *make_paletted(const struct wr_format *format)
{
    AVFrame *frame = av_frame_alloc();
    if (!frame)
        return NULL;
    frame->format = AV_PIX_FMT_PAL8;
    frame->width = format->width;
    frame->height = format->height;
    if (av_frame_get_buffer(frame, 0) < 0)
        av_frame_free(&frame);
    return frame;
}

static AVFrame *make_planes(const struct wr_format *format)
{
    struct wr_frame_pool *pool = wr_frame_pool_open(format, WR_ALL_PLANES);
    AVFrame *frame = pool ? wr_frame_pool_get(pool) : NULL;
    wr_frame_pool_close(&pool);
    return frame;
}

// A picture of zeros at `pts`, in the frames' time base.
static AVFrame *make_blank(const struct wr_output_plan *plan, int64_t pts, int64_t duration)
{
    const struct wr_format *format = &plan->stream.format;
    AVFrame *frame = plan->pix_fmt == AV_PIX_FMT_PAL8 ? make_paletted(format) : make_planes(format);
    for (int i = 0; frame && i < AV_NUM_DATA_POINTERS && frame->buf[i]; i++)
        memset(frame->buf[i]->data, 0, frame->buf[i]->size);
    if (frame && av_frame_copy_props(frame, plan->stream.like) < 0)
        av_frame_free(&frame);
    if (frame) {
        frame->pts = pts;
        wr_frame_set_duration(frame, duration);
    }
    return frame;
}

static int write_pictures(struct wr_trial *trial, const struct wr_encoder *encoder,
                          AVBSFContext *h264, int output)
{
    AVPacket *packet = av_packet_alloc();
    const AVStream *stream = trial->file->streams[output];
    struct wr_trial_stream *written = &trial->streams[output];
    int result = packet ? 0 : AVERROR(ENOMEM);
    while (result >= 0 && (result = avcodec_receive_packet(encoder->context, packet)) >= 0) {
        if (h264)
            result = wr_h264_apply(h264, packet);
        packet->stream_index = output;
        av_packet_rescale_ts(packet, encoder->context->time_base, stream->time_base);
        const int64_t time = av_rescale_q(packet->pts, stream->time_base, AV_TIME_BASE_Q);
        written->first = written->written ? FFMIN(written->first, time) : time;
        written->written = true;
        trial->pictures += packet->size > 0;
        if (result >= 0)
            result = av_interleaved_write_frame(trial->file, packet);
    }
    av_packet_free(&packet);
    return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : result;
}

static int encode_pictures(struct wr_trial *trial, struct wr_encoder *encoder, AVBSFContext *h264,
                           int output)
{
    const struct wr_output_plan *plan = encoder->plan;
    const AVRational rate = encoder->context->framerate, ticks = plan->stream.time_base;
    const int64_t duration = FFMAX(av_rescale_q(1, av_inv_q(rate), ticks), 1);
    int result = 0;
    for (int i = 0; i < WR_TRIAL_FRAMES && result >= 0; i++) {
        const int64_t pts = i * duration + i * duration / 2;
        trial->times[i] = av_rescale_q(pts, ticks, AV_TIME_BASE_Q);
        AVFrame *frame = make_blank(plan, pts, duration);
        if (!frame)
            return AVERROR(ENOMEM);
        result = wr_encoder_send(encoder, &nowhere, &frame, NULL) ? AVERROR(EINVAL) : 0;
        av_frame_free(&frame);
        if (result >= 0)
            result = write_pictures(trial, encoder, h264, output);
    }
    if (result >= 0)
        result = avcodec_send_frame(encoder->context, NULL);
    return result < 0 ? result : write_pictures(trial, encoder, h264, output);
}

// ---- other streams

// Writes a packet whose times are in time_base, and leaves it empty. A muxer may refuse what is not
// the source's own; of the stream nothing is known then.
static void write_packet(struct wr_trial *trial, const struct wr_stream_route *route,
                         AVPacket *packet, AVRational time_base)
{
    const AVStream *stream = trial->file->streams[route->output];
    struct wr_trial_stream *written = &trial->streams[route->output];
    if (packet->pts == AV_NOPTS_VALUE)
        packet->pts = packet->dts;
    if (packet->dts == AV_NOPTS_VALUE)
        packet->dts = packet->pts;
    if (packet->pts != AV_NOPTS_VALUE && !(route->from_zero && packet->pts < 0)) {
        const int64_t time = av_rescale_q(packet->pts, time_base, AV_TIME_BASE_Q);
        av_packet_rescale_ts(packet, time_base, stream->time_base);
        wr_route_shift(route, stream->time_base, packet);
        packet->stream_index = route->output;
        packet->flags &= ~AV_PKT_FLAG_DISCARD;
        const bool taken = av_interleaved_write_frame(trial->file, packet) >= 0;
        if (taken && !written->written)
            written->first = time;
        written->written |= taken;
    }
    av_packet_unref(packet);
}

// Writes sound that is long enough: muxers may wait for a whole picture's, and readers may leave
// out what only leads up to the beginning.
static void write_repeatedly(struct wr_trial *trial, const struct wr_stream_route *route,
                             const AVPacket *packet, AVRational time_base)
{
    const int64_t enough = av_rescale_q(100, (AVRational){1, 1000}, time_base) +
                           (packet->pts < 0 && packet->pts != AV_NOPTS_VALUE ? -packet->pts : 0);
    const int most = packet->duration > 0 ? (int)FFMIN(enough / packet->duration, 100) : 0;
    for (int i = 0; i <= most; i++) {
        AVPacket *copy = av_packet_clone(packet);
        if (copy && copy->pts != AV_NOPTS_VALUE)
            copy->pts += i * packet->duration;
        if (copy && copy->dts != AV_NOPTS_VALUE)
            copy->dts += i * packet->duration;
        if (copy)
            write_packet(trial, route, copy, time_base);
        av_packet_free(&copy);
    }
}

// Where a stream begins that no packet has been read of yet, in time_base.
static int64_t start_of(const struct wr_selection *selection, int index, AVRational time_base)
{
    const AVStream *stream = selection->source->file->streams[index];
    const int64_t offset = wr_source_offset(selection->source, stream->time_base);
    const int64_t start = stream->start_time == AV_NOPTS_VALUE ? 0 : stream->start_time - offset;
    return av_rescale_q(FFMAX(start, 0), stream->time_base, time_base);
}

// Opens an encoder like one that is in use.
static AVCodecContext *open_like(const AVCodecContext *encoder)
{
    AVCodecContext *new = avcodec_alloc_context3(encoder->codec);
    if (!new)
        return NULL;
    new->time_base = encoder->time_base;
    new->sample_fmt = encoder->sample_fmt;
    new->sample_rate = encoder->sample_rate;
    new->bit_rate = encoder->bit_rate;
    new->flags = encoder->flags;
    new->strict_std_compliance = encoder->strict_std_compliance;
    if (av_channel_layout_copy(&new->ch_layout, &encoder->ch_layout) < 0 ||
        avcodec_open2(new, encoder->codec, NULL) < 0)
        avcodec_free_context(&new);
    return new;
}

static AVFrame *make_silence(const AVCodecContext *encoder, int64_t start)
{
    AVFrame *frame = av_frame_alloc();
    if (!frame)
        return NULL;
    frame->format = encoder->sample_fmt;
    frame->sample_rate = encoder->sample_rate;
    frame->nb_samples = encoder->frame_size ? encoder->frame_size : encoder->sample_rate / 10;
    frame->pts = start;
    if (av_channel_layout_copy(&frame->ch_layout, &encoder->ch_layout) < 0 ||
        av_frame_get_buffer(frame, 0) < 0)
        av_frame_free(&frame);
    else
        av_samples_set_silence(frame->extended_data, 0, frame->nb_samples,
                               encoder->ch_layout.nb_channels, encoder->sample_fmt);
    return frame;
}

// Writes silence as the route's converter will encode it, from `start` on.
static void write_silence(struct wr_trial *trial, const struct wr_stream_route *route,
                          int64_t start)
{
    AVCodecContext *encoder = open_like(route->converter->encoder);
    AVFrame *frame = encoder ? make_silence(encoder, start) : NULL;
    AVPacket *packet = av_packet_alloc();
    const int64_t end = start + (encoder ? encoder->sample_rate / 5 : 0);
    while (frame && packet && frame->pts < end && avcodec_send_frame(encoder, frame) >= 0) {
        frame->pts += frame->nb_samples;
        if (frame->pts >= end)
            avcodec_send_frame(encoder, NULL);
        while (avcodec_receive_packet(encoder, packet) >= 0)
            write_packet(trial, route, packet, encoder->time_base);
    }
    av_packet_free(&packet);
    av_frame_free(&frame);
    avcodec_free_context(&encoder);
}

// Makes a packet that stands for the first one of a stream: a text, or zeros.
static AVPacket *make_stand_in(enum AVCodecID codec, int64_t start, int64_t duration)
{
    static const struct {
        enum AVCodecID codec;
        const char *data;
        int size;
    } texts[] = {{AV_CODEC_ID_MOV_TEXT, "\0\1x", 3},
                 {AV_CODEC_ID_ASS, "0,0,Default,,0,0,0,,x", 21},
                 {AV_CODEC_ID_SUBRIP, "x", 1},
                 {AV_CODEC_ID_WEBVTT, "x", 1},
                 {AV_CODEC_ID_TEXT, "x", 1}};
    static const char zeros[64];
    size_t n = 0;
    while (n < sizeof texts / sizeof *texts && texts[n].codec != codec)
        n++;
    const bool is_text = n < sizeof texts / sizeof *texts;
    const int size = is_text ? texts[n].size : (int)sizeof zeros;
    AVPacket *packet = av_packet_alloc();
    if (!packet || av_new_packet(packet, size) < 0) {
        av_packet_free(&packet);
        return NULL;
    }
    memcpy(packet->data, is_text ? texts[n].data : zeros, (size_t)size);
    packet->pts = packet->dts = start;
    packet->duration = duration;
    packet->flags |= AV_PKT_FLAG_KEY;
    return packet;
}

static void write_first(struct wr_trial *trial, const struct wr_selection *selection, int index,
                        const AVPacket *first)
{
    const struct wr_stream_route *route = &selection->routes[index];
    const AVStream *stream = trial->file->streams[route->output];
    const AVCodecContext *encoder = route->converter ? route->converter->encoder : NULL;
    const enum AVMediaType type = stream->codecpar->codec_type;
    const AVRational time_base = encoder ? encoder->time_base : route->time_base;
    const int64_t start = first && first->pts != AV_NOPTS_VALUE
                              ? av_rescale_q(FFMAX(first->pts, 0), route->time_base, time_base)
                              : start_of(selection, index, time_base);
    if (encoder && type == AVMEDIA_TYPE_AUDIO) {
        write_silence(trial, route, route->converter->fill ? 0 : start);
        return;
    }
    const bool leads_up = first && route->from_zero && first->pts < 0; // and is left out
    const bool is_own = first && !encoder && !leads_up;
    const bool is_wanted = is_own || type == AVMEDIA_TYPE_SUBTITLE ||
                           (type == AVMEDIA_TYPE_AUDIO && trial->with_stand_ins);
    const int64_t twentieth = av_rescale_q(50, (AVRational){1, 1000}, time_base);
    AVPacket *packet = !is_wanted ? NULL
                       : is_own   ? av_packet_clone(first)
                                  : make_stand_in(stream->codecpar->codec_id, start, twentieth);
    trial->streams[route->output].has_content = is_own || (packet && type == AVMEDIA_TYPE_SUBTITLE);
    if (packet && type == AVMEDIA_TYPE_AUDIO)
        write_repeatedly(trial, route, packet, time_base);
    else if (packet)
        write_packet(trial, route, packet, time_base);
    av_packet_free(&packet);
}

static void write_others(struct wr_trial *trial, const struct wr_selection *selection,
                         const struct wr_reader *reader)
{
    for (int i = 0; i < (int)selection->source->file->nb_streams; i++) {
        const struct wr_stream_route *route = &selection->routes[i];
        const bool is_video = i == selection->source->video->index;
        if (route->chosen && !route->in_header && !is_video)
            write_first(trial, selection, i, wr_reader_first_packet(reader, i));
    }
}

// ---- the file

static int write_header(struct wr_trial *trial, const struct wr_selection *selection)
{
    AVFormatContext *file = trial->file;
    int result = avio_open_dyn_buf(&file->pb);
    if (result < 0)
        return result;
    AVDictionary *options =
        wr_container_options(file, selection->target, selection->options->muxer_options);
    if (selection->target->is_stream)
        file->pb->seekable = 0;
    else // moving the index to the front would open the file again
        av_dict_set(&options, "movflags", NULL, 0);
    result = avformat_write_header(file, &options);
    av_dict_free(&options);
    return result;
}

static int make(struct wr_trial *trial, struct wr_encoder *encoder,
                const struct wr_selection *selection, const struct wr_reader *reader)
{
    struct wr_selection trial_selection = *selection;
    const struct wr_source *source = selection->source;
    trial_selection.encoder = encoder->context;
    int result = wr_container_create(&trial->file, selection->plan->holder, &trial_selection);
    if (result >= 0)
        result = wr_copy_file_data(trial->file, source, selection->options, selection->routes);
    if (result >= 0)
        result = wr_chapters_copy(trial->file, source, selection->options, selection->target);
    if (result < 0)
        return result;
    const int video = selection->routes[source->video->index].output;
    AVBSFContext *h264 = NULL;
    trial->streams = calloc(trial->file->nb_streams, sizeof *trial->streams);
    if (!trial->streams || wr_h264_open(&h264, trial->file->streams[video], selection->plan,
                                        encoder->context->time_base, NULL))
        return AVERROR(ENOMEM);
    result = write_header(trial, selection);
    if (result >= 0)
        write_others(trial, selection, reader);
    if (result >= 0)
        result = encode_pictures(trial, encoder, h264, video);
    if (result >= 0)
        result = av_interleaved_write_frame(trial->file, NULL);
    if (result >= 0)
        result = av_write_trailer(trial->file);
    av_bsf_free(&h264);
    return result;
}

// Closing a buffer in memory writes at its current position.
static void take_data(struct wr_trial *trial)
{
    AVIOContext *pb = trial->file ? trial->file->pb : NULL;
    if (!pb)
        return;
    avio_seek(pb, avio_size(pb), SEEK_SET);
    trial->size = avio_close_dyn_buf(pb, &trial->data);
    trial->file->pb = NULL;
}

static int try_to_make(struct wr_trial *trial, bool with_stand_ins,
                       const struct wr_selection *selection, const struct wr_reader *reader)
{
    *trial = (struct wr_trial){.with_stand_ins = with_stand_ins};
    struct wr_encoder encoder;
    struct wr_writer_options options = *selection->options;
    options.log = nowhere;
    int result = AVERROR(EINVAL);
    if (!wr_encoder_open(&encoder, selection->plan, &options, selection->source, NULL))
        result = make(trial, &encoder, selection, reader);
    take_data(trial);
    wr_encoder_close(&encoder);
    return result;
}

int wr_trial_make(struct wr_trial *trial, const struct wr_selection *selection,
                  const struct wr_reader *reader)
{
    const int result = try_to_make(trial, true, selection, reader);
    if (result >= 0)
        return result;
    wr_trial_close(trial); // some muxers look into packets
    return try_to_make(trial, false, selection, reader);
}

void wr_trial_close(struct wr_trial *trial)
{
    av_freep(&trial->data);
    avformat_free_context(trial->file);
    free(trial->streams);
    *trial = (struct wr_trial){0};
}
