// SPDX-License-Identifier: MIT
// Reads the packets of all inputs, and cuts them as ffmpeg does.
#include "lib/input/packets.h"

#include <stdlib.h>

#include "lib/base/queue.h"
#include "lib/input/seek.h"
#include "lib/input/source_facts.h"
#include "lib/input/timeline.h"

// What comes so much before the output's start helps to decode sound.
enum { LEAD = AV_TIME_BASE / 4 };

// What is known of a stream while its packets come.
struct progress {
    bool begun, ended;
    bool is_told; // that it has ended
    int64_t
        next; // when its next packet should be decoded, in AV_TIME_BASE; AV_NOPTS_VALUE at first
};

struct wr_packets {
    struct wr_companion main;
    struct wr_companions companions; // the other inputs
    struct wr_timeline timeline;     // of main
    struct progress *streams;        // of all inputs
    bool skips;                      // what comes before the output's start is left out
    bool shortest;
    bool filters_sound; // behind the reader
    int64_t frames;     // of the video still to come, -1 for all
};

// ---- opening, closing

// Sets where main's times begin and end, and goes there.
static enum wr_status find_start(struct wr_packets *packets, struct wr_error *error)
{
    struct wr_source *source = &packets->main.source;
    int64_t start;
    const enum wr_status status = wr_read_times(source, &start, error);
    if (status)
        return status;
    source->offset = wr_source_beginning(source) + start - source->later;
    wr_seek_packets(source, start);
    if (start) // complaints about what comes before are no damage
        atomic_store(&source->complaints, 0);
    return WR_OK;
}

static enum wr_status parse(const char *text, int64_t *time, struct wr_error *error)
{
    return text && (!wr_parse_time(text, time) || *time < 0)
               ? wr_fail(error, WR_USAGE, "\"%s\" is not a time such as 90, 1:30 or 00:01:30.5",
                         text)
               : WR_OK;
}

// Sets where the output begins and ends, in the times of all inputs.
static enum wr_status cut_output(struct wr_packets *packets,
                                 const struct wr_reader_options *options, struct wr_error *error)
{
    int64_t time = 0, most = INT64_MAX;
    enum wr_status status = parse(options->skip, &time, error);
    if (!status)
        status = parse(options->duration, &most, error);
    if (status)
        return status;
    packets->skips = time > 0;
    packets->main.source.cut |= options->skip || options->duration;
    for (int n = -1; n < packets->companions.count; n++) {
        struct wr_source *source =
            n < 0 ? &packets->main.source : &packets->companions.items[n].source;
        source->offset += time;
        source->skips = packets->skips;
        if (packets->skips && !source->start)
            source->start = options->skip; // sound that is decoded is cut to the sample
        source->end -= source->end == INT64_MAX ? 0 : time;
        source->most = most;
    }
    return WR_OK;
}

static enum wr_status open_parts(struct wr_packets *packets,
                                 const struct wr_reader_options *options, struct wr_error *error)
{
    struct wr_source *source = &packets->main.source;
    enum wr_status status = wr_source_open(source, error);
    if (!status)
        status = wr_companions_open(&packets->companions, source, options->companions,
                                    options->companion_count, error);
    if (!status)
        status = find_start(packets, error);
    if (!status)
        status = cut_output(packets, options, error);
    if (status)
        return status;
    packets->main.packet = av_packet_alloc();
    packets->streams = calloc((size_t)source->stream_count, sizeof *packets->streams);
    if (!packets->main.packet || !packets->streams ||
        !wr_timeline_open(&packets->timeline, source->file))
        return wr_fail(error, WR_FAILED, "out of memory");
    bool any = false;
    packets->main.ended = true;
    for (int i = 0; i < source->stream_count; i++) {
        const AVStream *stream = source->streams[i].av;
        source->streams[i].wanted &= stream->discard < AVDISCARD_ALL;
        packets->streams[i].next = AV_NOPTS_VALUE;
        any |= source->streams[i].wanted;
        packets->main.ended &= source->streams[i].from != source || !source->streams[i].wanted;
    }
    return any ? WR_OK : wr_fail(error, WR_USAGE, "%s: no stream is left to write", source->name);
}

enum wr_status wr_packets_open(struct wr_packets **packets, const struct wr_reader_options *options,
                               struct wr_error *error)
{
    struct wr_packets *new = *packets = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->main = (struct wr_companion){
        .loops = options->loops,
        .source = {
            .copies = true,
            .name = options->input,
            .number = options->number,
            .format = options->format,
            .options = options->options,
            .framerate = options->framerate,
            .start = options->start,
            .to = options->to,
            .later = options->later,
            .frames = options->frames,
            .maps = options->maps,
            .cancelled = options->cancelled,
            .live = {.timeout = options->timeout, .is_paced = options->is_paced},
        }};
    new->shortest = options->shortest;
    new->filters_sound = options->filters_sound;
    new->frames = options->frames;
    const enum wr_status status = open_parts(new, options, error);
    if (status)
        wr_packets_close(packets);
    return status;
}

void wr_packets_close(struct wr_packets **packets)
{
    struct wr_packets *old = *packets;
    if (!old)
        return;
    wr_timeline_close(&old->timeline);
    wr_companions_close(&old->companions);
    av_packet_free(&old->main.packet);
    wr_source_close(&old->main.source);
    free(old->streams);
    free(old);
    *packets = NULL;
}

// ---- reading

static struct wr_companion *input_of(struct wr_packets *packets, int n)
{
    return n < 0 ? &packets->main : &packets->companions.items[n];
}

static AVRational time_base_of(const struct wr_packets *packets, const struct wr_companion *input)
{
    return packets->main.source.streams[input->first + input->packet->stream_index].av->time_base;
}

// When the input's packet is decoded, in AV_TIME_BASE from the output's start.
static int64_t time_of(const struct wr_packets *packets, const struct wr_companion *input)
{
    const int64_t time = wr_packet_time(input->packet);
    return time == AV_NOPTS_VALUE
               ? INT64_MIN
               : av_rescale_q(time, time_base_of(packets, input), AV_TIME_BASE_Q) + input->lap -
                     input->source.offset;
}

// No stream goes on behind `end`, in AV_TIME_BASE from the output's start.
static void end_all(struct wr_packets *packets, int64_t end)
{
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
        if (input->ended && !had_ended && packets->shortest)
            end_all(packets, input->furthest - input->source.offset);
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
static int64_t follow(struct progress *progress, const AVStream *stream, AVPacket *packet)
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

// Whether the packet is to be written. Its times count from the output's start.
static bool is_wanted(struct wr_packets *packets, AVPacket *packet)
{
    const struct wr_source *main = &packets->main.source;
    const struct wr_source_stream *stream = &main->streams[packet->stream_index];
    struct progress *progress = &packets->streams[packet->stream_index];
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
    progress->ended |= time >= stream->from->end || (time >= stream->from->most && !is_filtered);
    progress->begun = true;
    return !progress->ended;
}

static bool have_all_ended(const struct wr_packets *packets)
{
    const struct wr_source *main = &packets->main.source;
    bool all = true;
    for (int i = 0; i < main->stream_count && all; i++)
        all = !main->streams[i].wanted || packets->streams[i].ended ||
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
    if (packet->pts != AV_NOPTS_VALUE && !input->lap)
        input->lead = FFMAX(input->lead, wr_source_beginning(source) -
                                             av_rescale_q(packet->pts, time_base, AV_TIME_BASE_Q));
    wr_companion_place(input, time_base);
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

static bool has_ended(struct wr_packets *packets, int stream)
{
    bool ended = packets->streams[stream].ended;
    for (int n = -1; n < packets->companions.count && !ended; n++) {
        const struct wr_companion *input = input_of(packets, n);
        ended = packets->main.source.streams[stream].from == &input->source && input->ended;
    }
    return ended;
}

// Filters that mix sounds go on without one that has ended: makes a message of it, if there is one.
static enum wr_status tell_end(struct wr_packets *packets, struct wr_message *message,
                               struct wr_error *error)
{
    const struct wr_source *main = &packets->main.source;
    for (int i = 0; i < main->stream_count; i++) {
        struct progress *progress = &packets->streams[i];
        if (!main->streams[i].heard || progress->is_told || !has_ended(packets, i))
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

int wr_packets_next(struct wr_packets *packets, struct wr_message *message, struct wr_error *error)
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

// ---- what is known

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
