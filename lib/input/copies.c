// SPDX-License-Identifier: MIT
// Picks the packets of copied streams that lie between the start and the end of the video.
#include "lib/input/copies.h"

#include <stdlib.h>

// When the video has gone this far beyond the end, streams without a packet near it are no longer
// waited for: packets that belong together do not stand further apart in a file.
enum { INTERLEAVING_SECONDS = 10 };

// Sound that is decoded begins so much before the start: decoders need some packets to get going.
// The writer leaves these packets out where sound is copied.
enum { LEAD_MILLISECONDS = 250 };

enum wr_copy_state { NOT_COPIED, NOT_BEGUN, COPIED, PAST_END };

enum wr_status wr_copies_open(struct wr_copies *copies, const struct wr_decoder *decoder,
                              struct wr_error *error)
{
    copies->decoder = decoder;
    copies->count = decoder->source->stream_count;
    copies->states = calloc((size_t)copies->count, sizeof *copies->states);
    copies->ends = calloc((size_t)copies->count, sizeof *copies->ends);
    if (!copies->states || !copies->ends)
        return wr_fail(error, WR_FAILED, "out of memory");
    wr_copies_restart(copies);
    return WR_OK;
}

void wr_copies_close(struct wr_copies *copies)
{
    wr_messages_clear(&copies->held);
    free(copies->states);
    free(copies->ends);
}

void wr_copies_restart(struct wr_copies *copies)
{
    const struct wr_source *source = copies->decoder->source;
    for (int i = 0; i < copies->count; i++) {
        const AVStream *stream = source->streams[i].av;
        const bool copied = stream != source->video && stream->discard < AVDISCARD_ALL &&
                            source->streams[i].wanted &&
                            stream->codecpar->codec_type != AVMEDIA_TYPE_ATTACHMENT;
        copies->states[i] = copied ? NOT_BEGUN : NOT_COPIED;
        copies->ends[i] = 0;
    }
    wr_messages_clear(&copies->held);
}

// True if the packet, of any stream, comes before `end` in the time base of the video.
static bool lies_before(const struct wr_source *source, const AVPacket *packet, int64_t end)
{
    const AVRational time_base = source->streams[packet->stream_index].av->time_base;
    const int64_t time = wr_packet_time(packet);
    return time == AV_NOPTS_VALUE ||
           av_compare_ts(time, time_base, end, wr_source_time_base(source)) < 0;
}

// True if the packet comes after all that is to be read.
static bool is_past_end(const struct wr_source *source, const AVPacket *packet)
{
    const AVRational time_base = source->streams[packet->stream_index].av->time_base;
    const int64_t time = wr_packet_time(packet);
    const int64_t end = source->streams[packet->stream_index].from->end;
    return end != INT64_MAX && time != AV_NOPTS_VALUE &&
           av_compare_ts(time, time_base, end, AV_TIME_BASE_Q) >= 0;
}

// After a start, a copied video begins with a key frame, sound a little before the start, and any
// other stream with the first packet that is not before the start.
static bool can_begin(const AVStream *stream, const AVPacket *packet)
{
    const enum AVMediaType type = stream->codecpar->codec_type;
    const int64_t lead = type == AVMEDIA_TYPE_AUDIO ? LEAD_MILLISECONDS : 0;
    const AVRational millisecond = {1, 1000};
    return packet->pts != AV_NOPTS_VALUE &&
           av_compare_ts(packet->pts, stream->time_base, -lead, millisecond) >= 0 &&
           (type != AVMEDIA_TYPE_VIDEO || packet->flags & AV_PKT_FLAG_KEY);
}

// A subtitle that is on screen at the start is shown from the start on, for the rest of its time.
static void show_from_start(AVPacket *packet)
{
    const int64_t end = packet->pts + packet->duration;
    if (packet->pts == AV_NOPTS_VALUE || packet->pts >= 0 || end <= 0)
        return;
    packet->pts = packet->dts = 0;
    packet->duration = end;
}

// Makes the packet's times count from the start. False if it lies before the start.
static bool move_to_start(const struct wr_source *source, enum wr_copy_state state,
                          AVPacket *packet)
{
    const AVStream *stream = source->streams[packet->stream_index].av;
    const struct wr_source *from = source->streams[packet->stream_index].from;
    const int64_t offset = wr_source_offset(from, stream->time_base);
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts -= offset;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= offset;
    const bool is_text = wr_is_text_subtitle(stream);
    if (!from->start || wr_is_cover(stream))
        return true;
    if (is_text)
        show_from_start(packet);
    // Text that begins before the start may still follow, so each of its packets is judged.
    return (state == COPIED && !is_text) || can_begin(stream, packet);
}

// Whether the end of the video may come before that of the file, and ends all streams.
static bool may_end(const struct wr_source *source)
{
    return source->frames >= 0 || source->on_change == WR_ON_CHANGE_SPLIT;
}

enum wr_status wr_copies_take(struct wr_copies *copies, AVPacket *packet, struct wr_messages *ready,
                              struct wr_error *error)
{
    // A stream that turns up late was not there when the output was opened.
    if (packet->stream_index >= copies->count)
        return WR_OK;
    const struct wr_decoder *decoder = copies->decoder;
    struct wr_source *const source = decoder->source;
    enum wr_copy_state *const state = &copies->states[packet->stream_index];
    if (*state == NOT_COPIED || *state == PAST_END)
        return WR_OK;
    source->damaged += (packet->flags & AV_PKT_FLAG_CORRUPT) != 0;
    if (!move_to_start(source, *state, packet))
        return WR_OK;
    const bool is_cover = wr_is_cover(source->streams[packet->stream_index].av);
    const bool is_beside = source->streams[packet->stream_index].from != source;
    // Where the first file's part ends says nothing of the others, but the last frame does.
    const bool ends_with_video = !is_beside || may_end(source);
    const bool end_is_known = ends_with_video && wr_decoder_end_is_known(decoder);
    if (!is_cover && (is_past_end(source, packet) ||
                      (end_is_known && !lies_before(source, packet, decoder->end)))) {
        *state = PAST_END;
        return WR_OK;
    }
    *state = is_cover ? NOT_COPIED : COPIED; // a cover has one packet
    if (packet->pts != AV_NOPTS_VALUE)
        copies->ends[packet->stream_index] =
            FFMAX(copies->ends[packet->stream_index], packet->pts + packet->duration);
    struct wr_message message = {.packet = av_packet_alloc()};
    if (!message.packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_packet_move_ref(message.packet, packet);
    const bool hold = !is_cover && may_end(source) && !end_is_known && !decoder->ended;
    return wr_messages_put(hold ? &copies->held : ready, &message, error);
}

static enum wr_status tell_end(const struct wr_copies *copies, int stream,
                               struct wr_messages *ready, struct wr_error *error)
{
    struct wr_message message = {.packet = av_packet_alloc(), .is_end = true};
    if (!message.packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    message.packet->stream_index = stream;
    message.packet->pts = message.packet->dts = copies->ends[stream];
    return wr_messages_put(ready, &message, error);
}

enum wr_status wr_copies_end(struct wr_copies *copies, const struct wr_source *from, bool tell_ends,
                             struct wr_messages *ready, struct wr_error *error)
{
    const struct wr_source *source = copies->decoder->source;
    enum wr_status status = WR_OK;
    for (int i = 0; i < copies->count && !status; i++) {
        const enum AVMediaType type = source->streams[i].av->codecpar->codec_type;
        if (source->streams[i].from != from || copies->states[i] == NOT_COPIED)
            continue;
        copies->states[i] = PAST_END;
        if (tell_ends && (type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_VIDEO))
            status = tell_end(copies, i, ready, error);
    }
    return status;
}

enum wr_status wr_copies_release(struct wr_copies *copies, struct wr_messages *ready,
                                 struct wr_error *error)
{
    const struct wr_decoder *decoder = copies->decoder;
    const bool end_is_known = wr_decoder_end_is_known(decoder);
    const bool all_are_wanted = decoder->ended && !end_is_known; // fewer frames than were wanted
    const struct wr_message *next;
    while ((next = wr_messages_first(&copies->held))) {
        const bool wanted =
            all_are_wanted ||
            (decoder->source->first && lies_before(decoder->source, next->packet, decoder->end));
        if (!wanted && !end_is_known)
            return WR_OK;
        struct wr_message message;
        wr_messages_get(&copies->held, &message);
        const enum wr_status status = wanted ? wr_messages_put(ready, &message, error) : WR_OK;
        if (status)
            return status;
        if (!wanted)
            wr_message_drop(&message);
    }
    return WR_OK;
}

bool wr_copies_are_complete(const struct wr_copies *copies, const struct wr_source *from)
{
    const struct wr_source *source = copies->decoder->source;
    for (int i = 0; i < copies->count; i++)
        if (source->streams[i].from == from &&
            (copies->states[i] == NOT_BEGUN || copies->states[i] == COPIED))
            return false;
    return true;
}

void wr_copies_stop_waiting(struct wr_copies *copies, const AVPacket *packet)
{
    const struct wr_decoder *decoder = copies->decoder;
    const AVRational second = {1, 1};
    const int64_t latest = decoder->end + av_rescale_q(INTERLEAVING_SECONDS, second,
                                                       wr_source_time_base(decoder->source));
    if (lies_before(decoder->source, packet, latest))
        return;
    for (int i = 0; i < copies->count; i++)
        if (decoder->source->streams[i].from == decoder->source)
            copies->states[i] = PAST_END;
}
