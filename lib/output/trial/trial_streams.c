// SPDX-License-Identifier: MIT
// Writes the beginning of all streams that are copied or sound into a trial of the output.
#include "lib/output/trial/trial_streams.h"

#include <stdlib.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/output/muxer.h"

enum { MOST_PACKETS = 100 }; // of a stream of sound

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
    if (packet->pts != AV_NOPTS_VALUE && !wr_route_leads_up(route, packet)) {
        const int64_t lead = av_rescale_q(trial->lead, AV_TIME_BASE_Q, time_base);
        packet->pts += lead;
        packet->dts += lead;
        const int64_t time = av_rescale_q(packet->pts, time_base, AV_TIME_BASE_Q);
        av_packet_rescale_ts(packet, time_base, stream->time_base);
        wr_route_shift(route, stream->time_base, packet);
        packet->stream_index = route->output;
        packet->flags &= ~AV_PKT_FLAG_DISCARD;
        wr_muxer_repair_times(trial->file->oformat, &written->next_dts, packet);
        wr_decoding_send(&written->decoding, packet);
        const bool taken = wr_trial_write(trial, packet) >= 0;
        if (taken)
            written->first = written->written ? FFMIN(written->first, time) : time;
        written->written |= taken;
    }
    av_packet_unref(packet);
}

// Writes a packet again and again, each time as much later as it lasts, until `enough` is written,
// in time_base.
static void write_repeatedly(struct wr_trial *trial, const struct wr_stream_route *route,
                             const AVPacket *packet, int64_t enough, AVRational time_base)
{
    const int most = packet->duration > 0 ? (int)FFMIN(enough / packet->duration, MOST_PACKETS) : 0;
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

// Sound has to be long enough: muxers may wait for a whole picture's, and readers may leave out
// what only leads up to the beginning.
static int64_t enough_sound(const AVPacket *first, AVRational time_base)
{
    return av_rescale_q(100, (AVRational){1, 1000}, time_base) +
           (first->pts < 0 && first->pts != AV_NOPTS_VALUE ? -first->pts : 0);
}

// Writes the packets of sound that have been read, and if these are too few, the last one again.
static void write_own_sound(struct wr_trial *trial, const struct wr_stream_route *route, int stream,
                            const struct wr_ahead *ahead)
{
    const AVPacket *next = wr_ahead_packet(ahead, stream, 0), *packet = NULL;
    int64_t missing = enough_sound(next, route->time_base);
    for (int n = 1; next && n < MOST_PACKETS; n++) {
        packet = next;
        next = wr_ahead_packet(ahead, stream, n);
        missing -= packet->duration;
        AVPacket *copy = next ? av_packet_clone(packet) : NULL;
        if (copy)
            write_packet(trial, route, copy, route->time_base);
        av_packet_free(&copy);
    }
    write_repeatedly(trial, route, packet, FFMAX(missing, 0), route->time_base);
}

// Where a stream begins that no packet has been read of yet, in time_base.
static int64_t start_of(const struct wr_selection *selection, int index, AVRational time_base)
{
    const AVStream *stream = selection->source->streams[index].av;
    const struct wr_source *from = selection->source->streams[index].from;
    const int64_t offset = wr_source_offset(from, stream->time_base);
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

// Opens an encoder that makes packets like those of sound that is copied, as far as muxers look
// into them. NULL where FFmpeg has none.
static AVCodecContext *open_like_copied(const AVCodecParameters *copied)
{
    const AVCodec *codec = avcodec_find_encoder(copied->codec_id);
    const enum AVSampleFormat *formats = codec ? wr_encoder_sample_fmts(codec) : NULL;
    const bool fits = formats && copied->sample_rate > 0;
    AVCodecContext *new = fits ? avcodec_alloc_context3(codec) : NULL;
    if (!new)
        return NULL;
    new->time_base = (AVRational){1, copied->sample_rate};
    new->sample_fmt = *formats;
    new->sample_rate = copied->sample_rate;
    new->bit_rate = copied->bit_rate;
    new->flags = copied->extradata_size ? AV_CODEC_FLAG_GLOBAL_HEADER : 0;
    new->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    if (av_channel_layout_copy(&new->ch_layout, &copied->ch_layout) < 0 ||
        avcodec_open2(new, codec, NULL) < 0)
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

// Writes silence through the encoder, from `start` on in its time base.
static void write_silence(struct wr_trial *trial, const struct wr_stream_route *route,
                          AVCodecContext *encoder, int64_t start)
{
    AVFrame *frame = make_silence(encoder, start);
    AVPacket *packet = av_packet_alloc();
    const int64_t end = start + encoder->sample_rate / 5;
    while (frame && packet && frame->pts < end && avcodec_send_frame(encoder, frame) >= 0) {
        frame->pts += frame->nb_samples;
        if (frame->pts >= end)
            avcodec_send_frame(encoder, NULL);
        while (avcodec_receive_packet(encoder, packet) >= 0)
            write_packet(trial, route, packet, encoder->time_base);
    }
    av_packet_free(&packet);
    av_frame_free(&frame);
}

// Makes a packet that stands for the first one of a stream, of a twentieth of a second: a text, or
// zeros.
static AVPacket *make_stand_in(enum AVCodecID codec, int64_t start, AVRational time_base)
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
    packet->duration = av_rescale_q(50, (AVRational){1, 1000}, time_base);
    packet->flags |= AV_PKT_FLAG_KEY;
    return packet;
}

// Where a stream begins, in time_base; `first` is its first packet, if one has been read.
static int64_t beginning(const struct wr_selection *selection, int index, const AVPacket *first,
                         AVRational time_base)
{
    const bool has_time = first && first->pts != AV_NOPTS_VALUE;
    return has_time
               ? av_rescale_q(FFMAX(first->pts, 0), selection->routes[index].time_base, time_base)
               : start_of(selection, index, time_base);
}

// Sound, of which no packet is used: as the route's converter will encode it, or as it is copied.
static void write_sound(struct wr_trial *trial, const struct wr_selection *selection, int index,
                        const AVPacket *first)
{
    const struct wr_stream_route *route = &selection->routes[index];
    const AVCodecParameters *parameters = trial->file->streams[route->output]->codecpar;
    const struct wr_converter *converter = route->converter;
    AVCodecContext *encoder =
        converter ? open_like(converter->encoder) : open_like_copied(parameters);
    if (encoder) {
        const bool from_zero = converter && converter->fill;
        const int64_t start =
            from_zero ? 0 : beginning(selection, index, first, encoder->time_base);
        // A stream that is copied begins with what leads up to its sound; an encoder puts that
        // before what it is given.
        write_silence(trial, route, encoder, start + (converter ? 0 : encoder->initial_padding));
        avcodec_free_context(&encoder);
    } else if (!converter && trial->with_stand_ins) {
        AVPacket *packet =
            make_stand_in(parameters->codec_id,
                          beginning(selection, index, first, route->time_base), route->time_base);
        if (packet)
            write_repeatedly(trial, route, packet, enough_sound(packet, route->time_base),
                             route->time_base);
        av_packet_free(&packet);
    }
}

static void write_first(struct wr_trial *trial, const struct wr_selection *selection, int index,
                        const struct wr_ahead *ahead)
{
    const int stream = selection->source->streams[index].takes;
    const AVPacket *first = wr_ahead_packet(ahead, stream, 0);
    const struct wr_stream_route *route = &selection->routes[index];
    const AVCodecParameters *parameters = trial->file->streams[route->output]->codecpar;
    const bool is_sound = parameters->codec_type == AVMEDIA_TYPE_AUDIO;
    const bool is_text = parameters->codec_type == AVMEDIA_TYPE_SUBTITLE;
    const bool is_own = first && !route->converter && !wr_route_leads_up(route, first);
    const AVRational time_base =
        route->converter ? route->converter->encoder->time_base : route->time_base;
    trial->streams[route->output].has_content = is_own || is_text;
    if (is_sound && !is_own) {
        write_sound(trial, selection, index, first);
        return;
    }
    if (is_sound) {
        write_own_sound(trial, route, stream, ahead);
        return;
    }
    AVPacket *packet = is_own ? av_packet_clone(first)
                       : is_text
                           ? make_stand_in(parameters->codec_id,
                                           beginning(selection, index, first, time_base), time_base)
                           : NULL;
    if (packet)
        write_packet(trial, route, packet, time_base);
    av_packet_free(&packet);
}

// How long before time 0 the earliest of the first pictures is, where they are copied.
static int64_t find_lead(const struct wr_selection *selection, const struct wr_ahead *ahead)
{
    const int video = selection->source->video->index;
    const AVRational time_base = selection->routes[video].time_base;
    int64_t earliest = 0;
    const AVPacket *packet;
    for (int n = 0; n < WR_TRIAL_FRAMES && (packet = wr_ahead_packet(ahead, video, n)); n++)
        if (packet->pts != AV_NOPTS_VALUE)
            earliest = FFMIN(earliest, packet->pts);
    return -av_rescale_q(earliest, time_base, AV_TIME_BASE_Q);
}

void wr_trial_write_others(struct wr_trial *trial, const struct wr_selection *selection,
                           const struct wr_ahead *ahead)
{
    if (trial->is_copied && trial->video >= 0)
        trial->lead = find_lead(selection, ahead);
    for (int i = 0; i < selection->source->stream_count; i++) {
        const struct wr_stream_route *route = &selection->routes[i];
        const bool is_video = selection->source->streams[i].av == selection->source->video;
        if (route->chosen && !route->in_header && !is_video)
            write_first(trial, selection, i, ahead);
    }
}

void wr_trial_write_copies(struct wr_trial *trial, const struct wr_selection *selection,
                           const struct wr_ahead *ahead)
{
    const int video = selection->source->video->index;
    const struct wr_stream_route *route = &selection->routes[video];
    const int most = trial->is_still ? 1 : WR_TRIAL_FRAMES;
    const AVPacket *packet;
    trial->streams[route->output].has_content = true;
    while (trial->count < most && (packet = wr_ahead_packet(ahead, video, trial->count))) {
        const bool is_told = packet->pts != AV_NOPTS_VALUE;
        const int64_t time = is_told ? packet->pts : packet->dts;
        AVPacket *copy = av_packet_clone(packet);
        if (!copy)
            return;
        trial->has_no_times |= !is_told && selection->source->video->codecpar->video_delay;
        wr_trial_note_shown(trial->times, &trial->count,
                            av_rescale_q(time, route->time_base, AV_TIME_BASE_Q) + trial->lead);
        trial->pictures += packet->size > 0;
        write_packet(trial, route, copy, route->time_base);
        av_packet_free(&copy);
    }
    memcpy(trial->rounded, trial->times, sizeof trial->rounded);
}
