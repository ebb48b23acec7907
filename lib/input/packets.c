// SPDX-License-Identifier: MIT
// Reads the packets of all inputs, and cuts them as ffmpeg does.
#include "lib/input/packets.h"

#include "lib/input/packets_parts.h"
#include "lib/input/source_facts.h"

// What comes so much before the output's start helps to decode sound.
enum { LEAD = AV_TIME_BASE / 4 };

// How much is read ahead: pictures, and packets of all streams together.
enum { PICTURES_AHEAD = 8, MOST_AHEAD = 64 };

// ---- reading

static struct wr_companion *input_of(struct wr_packets *packets, int n)
{
    return n < 0 ? &packets->main : &packets->companions.items[n];
}

static AVRational time_base_of(const struct wr_packets *packets, const struct wr_companion *input)
{
    return packets->main.source.streams[input->packet->stream_index].av->time_base;
}

// When the input's packet is decoded, in AV_TIME_BASE from the output's start.
static int64_t time_of(const struct wr_packets *packets, const struct wr_companion *input)
{
    const int64_t time = wr_packet_time(input->packet);
    return time == AV_NOPTS_VALUE
               ? INT64_MIN
               : av_rescale_q(time, time_base_of(packets, input), AV_TIME_BASE_Q) +
                     input->laps.added - input->source.offset;
}

// No stream goes on behind the end of an input, which has been read.
static void end_all(struct wr_packets *packets, const struct wr_companion *ended)
{
    const struct wr_source *main = &packets->main.source;
    const int64_t end = ended->laps.ends - ended->source.offset;
    if (end < packets->shortest_end) {
        packets->shortest_end = end;
        packets->shortest_last = INT64_MIN;
        for (int i = 0; i < main->stream_count; i++)
            if (main->streams[i].from == &ended->source)
                packets->shortest_last = FFMAX(packets->shortest_last, packets->streams[i].last);
    }
    for (int n = -1; n < packets->companions.count; n++) {
        struct wr_source *source = &input_of(packets, n)->source;
        source->end = FFMIN(source->end, end);
    }
}

// Has a packet of each input that has not ended; *next is the one with the first of them, NULL at
// the end of all.
static enum wr_status read_inputs(struct wr_packets *packets, struct wr_companion **next,
                                  struct wr_error *error)
{
    const struct wr_source *main = &packets->main.source;
    *next = NULL;
    for (int n = -1; n < packets->companions.count; n++) {
        struct wr_companion *input = input_of(packets, n);
        const bool had_packet = input->has_packet, had_ended = input->ended;
        const enum wr_status status = wr_companion_read(input, main, error);
        if (status)
            return status;
        const bool has_end = input == &packets->main || !packets->sound_never_ends;
        if (input->ended && !had_ended && packets->shortest && has_end)
            end_all(packets, input);
        if (!input->has_packet)
            continue;
        if (input == &packets->main && !had_packet)
            wr_timeline_correct(&packets->timeline, main->file,
                                main->video ? main->video->time_base : AV_TIME_BASE_Q,
                                input->packet);
        if (!*next || time_of(packets, input) < time_of(packets, *next))
            *next = input;
    }
    return WR_OK;
}

static void move(AVPacket *packet, int64_t ticks)
{
    packet->pts -= packet->pts == AV_NOPTS_VALUE ? 0 : ticks;
    packet->dts -= packet->dts == AV_NOPTS_VALUE ? 0 : ticks;
}

// How long the packet's picture or sound lasts, in AV_TIME_BASE.
static int64_t length_of(const AVStream *stream, const AVPacket *packet)
{
    const AVRational rate = stream->avg_frame_rate;
    return packet->duration > 0 ? av_rescale_q(packet->duration, stream->time_base, AV_TIME_BASE_Q)
           : rate.num > 0       ? av_rescale_q(1, av_inv_q(rate), AV_TIME_BASE_Q)
                                : 0;
}

// When the first packet of a stream is decoded that says only when it is shown: so much earlier as
// pictures wait to be put in order.
static int64_t guess_first(const AVStream *stream, const AVPacket *packet)
{
    const AVRational rate = stream->avg_frame_rate;
    const int64_t shown = packet->pts == AV_NOPTS_VALUE
                              ? 0
                              : av_rescale_q(packet->pts, stream->time_base, AV_TIME_BASE_Q);
    return rate.num > 0
               ? shown - av_rescale_q(stream->codecpar->video_delay, av_inv_q(rate), AV_TIME_BASE_Q)
               : shown;
}

// Returns when the packet is decoded, and notes when the next one of its stream should be. Video
// that does not say it, as in Matroska's first packets, gets that time.
static int64_t follow(struct wr_packet_progress *progress, const AVStream *stream, AVPacket *packet)
{
    const bool is_video = stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
    const int64_t time = is_video ? packet->dts : wr_packet_time(packet);
    const int64_t now = time != AV_NOPTS_VALUE
                            ? av_rescale_q(time, stream->time_base, AV_TIME_BASE_Q)
                        : progress->next != AV_NOPTS_VALUE ? progress->next
                                                           : guess_first(stream, packet);
    if (is_video && time == AV_NOPTS_VALUE)
        packet->dts = av_rescale_q(now, AV_TIME_BASE_Q, stream->time_base);
    progress->next = now + length_of(stream, packet);
    return now;
}

// Whether a stream ends before a packet that is decoded at `time`. Where the shortest one ends all,
// ffmpeg goes on with the others up to the first packet that is decoded no earlier than the last
// one of the shortest, and until what has come is as long. For sound that is encoded anew, packets
// are others.
static bool is_at_end(const struct wr_packets *packets, const struct wr_source_stream *stream,
                      const struct wr_packet_progress *progress, int64_t time)
{
    const int64_t end = stream->from->end;
    return end == packets->shortest_end && !packets->encodes_sound
               ? progress->last >= packets->shortest_last && progress->shown >= end
               : time >= end;
}

// Whether the packet is to be written. Its times count from the output's start.
static bool is_wanted(struct wr_packets *packets, AVPacket *packet)
{
    const struct wr_source *main = &packets->main.source;
    const struct wr_source_stream *stream = &main->streams[packet->stream_index];
    struct wr_packet_progress *progress = &packets->streams[packet->stream_index];
    const int64_t time = follow(progress, stream->av, packet);
    if (wr_is_cover(stream->av)) { // it has one packet
        const bool is_first = !progress->begun;
        return progress->begun = is_first, is_first;
    }
    // Sound that is decoded needs some packets before; the writer leaves them out of what it
    // copies.
    const bool is_sound = stream->av->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    if (packets->skips && time < (is_sound ? -LEAD : 0))
        return false;
    if (!progress->begun && !(packet->flags & AV_PKT_FLAG_KEY))
        return false;
    const bool is_filtered = is_sound && packets->filters_sound; // which may change its length
    progress->ended |=
        is_at_end(packets, stream, progress, time) || (time >= stream->from->most && !is_filtered);
    progress->begun = true;
    progress->last = time;
    if (packet->pts != AV_NOPTS_VALUE)
        progress->shown = FFMAX(progress->shown,
                                av_rescale_q(packet->pts, stream->av->time_base, AV_TIME_BASE_Q) +
                                    length_of(stream->av, packet));
    return !progress->ended;
}

// Whether nothing of a stream comes any more: it is cut, or its input has been read.
static bool has_ended(struct wr_packets *packets, int stream)
{
    bool ended = packets->streams[stream].ended;
    for (int n = -1; n < packets->companions.count && !ended; n++) {
        const struct wr_companion *input = input_of(packets, n);
        ended = packets->main.source.streams[stream].from == &input->source && input->ended;
    }
    return ended;
}

static bool have_all_ended(struct wr_packets *packets)
{
    const struct wr_source *main = &packets->main.source;
    bool all = true;
    for (int i = 0; i < main->stream_count && all; i++)
        all = !main->streams[i].wanted || has_ended(packets, i) ||
              main->streams[i].av->codecpar->codec_type == AVMEDIA_TYPE_ATTACHMENT;
    return all;
}

static enum wr_status take(struct wr_packets *packets, struct wr_companion *input,
                           struct wr_message *message, struct wr_error *error)
{
    struct wr_source *source = &input->source;
    AVPacket *packet = input->packet;
    const AVRational time_base = time_base_of(packets, input);
    if (source->live.is_paced && wr_packet_time(packet) != AV_NOPTS_VALUE)
        wr_live_pace(&source->live, (double)wr_packet_time(packet) * av_q2d(time_base),
                     source->cancelled);
    move(packet, wr_source_offset(source, time_base));
    input->has_packet = false;
    source->damaged += (packet->flags & AV_PKT_FLAG_CORRUPT) != 0;
    if (!is_wanted(packets, packet)) {
        av_packet_unref(packet);
        return WR_OK;
    }
    message->packet = av_packet_alloc();
    if (!message->packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    const struct wr_source *main = &packets->main.source;
    if (packets->frames > 0 && main->streams[packet->stream_index].av == main->video)
        packets->frames--;
    av_packet_move_ref(message->packet, packet);
    return WR_OK;
}

// Filters that mix sounds go on without one that has ended: makes a message of it, if there is one.
static enum wr_status tell_end(struct wr_packets *packets, struct wr_message *message,
                               struct wr_error *error)
{
    const struct wr_source *main = &packets->main.source;
    for (int i = 0; i < main->stream_count; i++) {
        struct wr_packet_progress *progress = &packets->streams[i];
        if (!main->streams[i].is_heard || progress->is_told || !has_ended(packets, i))
            continue;
        progress->is_told = message->is_end = true;
        message->packet = av_packet_alloc();
        if (!message->packet)
            return wr_fail(error, WR_FAILED, "out of memory");
        message->packet->stream_index = i;
        return WR_OK;
    }
    return WR_OK;
}

static int read_next(struct wr_packets *packets, struct wr_message *message, struct wr_error *error)
{
    *message = (struct wr_message){0};
    enum wr_status status = WR_OK;
    while (!status && !message->packet) {
        struct wr_companion *next = NULL;
        status = tell_end(packets, message, error);
        if (status || message->packet)
            break;
        if (packets->frames != 0 && !have_all_ended(packets))
            status = read_inputs(packets, &next, error);
        if (!status && !next)
            return WR_END;
        if (!status)
            status = take(packets, next, message, error);
    }
    return status;
}

int wr_packets_next(struct wr_packets *packets, struct wr_message *message, struct wr_error *error)
{
    return wr_messages_get(&packets->ahead, message) ? WR_OK : read_next(packets, message, error);
}

static bool have_all_begun(const struct wr_packets *packets)
{
    const struct wr_source *main = &packets->main.source;
    bool all = true;
    for (int i = 0; i < main->stream_count && all; i++)
        all = !main->streams[i].wanted || packets->streams[i].begun || packets->streams[i].ended;
    return all;
}

enum wr_status wr_packets_look_ahead(struct wr_packets *packets, struct wr_error *error)
{
    const AVStream *video = packets->main.source.video;
    int status = WR_OK;
    for (int pictures = 0, n = 0; !status && pictures < PICTURES_AHEAD && n < MOST_AHEAD; n++) {
        struct wr_message message;
        if (!video && have_all_begun(packets))
            break;
        status = read_next(packets, &message, error);
        if (status)
            break;
        pictures += video && !message.is_end &&
                    packets->main.source.streams[message.packet->stream_index].av == video;
        status = (int)wr_messages_put(&packets->ahead, &message, error);
    }
    return status == WR_END ? WR_OK : (enum wr_status)status;
}

// ---- what is known

struct wr_ahead wr_packets_ahead(const struct wr_packets *packets)
{
    return (struct wr_ahead){{&packets->ahead, NULL}};
}

const struct wr_source *wr_packets_source(const struct wr_packets *packets)
{
    return &packets->main.source;
}

int64_t wr_packets_damaged(const struct wr_packets *packets)
{
    return wr_source_damage(&packets->main.source) + wr_companions_damage(&packets->companions);
}

const char *wr_packets_damaged_input(const struct wr_packets *packets)
{
    return wr_source_damage(&packets->main.source)
               ? packets->main.source.name
               : wr_companions_damaged_input(&packets->companions);
}

const char *wr_packets_stalled(const struct wr_packets *packets)
{
    return packets->main.source.live.has_stalled ? packets->main.source.name
                                                 : wr_companions_stalled(&packets->companions);
}
