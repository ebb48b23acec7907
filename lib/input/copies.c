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
    copies->count = (int)decoder->source->file->nb_streams;
    copies->states = calloc((size_t)copies->count, sizeof *copies->states);
    if (!copies->states)
        return wr_fail(error, WR_FAILED, "out of memory");
    wr_copies_restart(copies);
    return WR_OK;
}

void wr_copies_close(struct wr_copies *copies)
{
    wr_messages_clear(&copies->held);
    free(copies->states);
}

void wr_copies_restart(struct wr_copies *copies)
{
    const struct wr_source *source = copies->decoder->source;
    for (int i = 0; i < copies->count; i++) {
        const AVStream *stream = source->file->streams[i];
        const bool copied = i != source->video->index && stream->discard < AVDISCARD_ALL &&
                            wr_maps_have(&source->maps, source->file, stream) &&
                            stream->codecpar->codec_type != AVMEDIA_TYPE_ATTACHMENT;
        copies->states[i] = copied ? NOT_BEGUN : NOT_COPIED;
    }
    wr_messages_clear(&copies->held);
}

// True if the packet, of any stream, comes before `end` in the time base of the video.
static bool lies_before(const struct wr_source *source, const AVPacket *packet, int64_t end)
{
    const AVRational time_base = source->file->streams[packet->stream_index]->time_base;
    const int64_t time = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    return time == AV_NOPTS_VALUE ||
           av_compare_ts(time, time_base, end, wr_source_time_base(source)) < 0;
}

// True if the packet comes after all that is to be read.
static bool is_past_end(const struct wr_source *source, const AVPacket *packet)
{
    const AVRational time_base = source->file->streams[packet->stream_index]->time_base;
    const int64_t time = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    return source->end != INT64_MAX && time != AV_NOPTS_VALUE &&
           av_compare_ts(time, time_base, source->end, AV_TIME_BASE_Q) >= 0;
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
    const AVStream *stream = source->file->streams[packet->stream_index];
    const int64_t offset = wr_source_offset(source, stream->time_base);
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts -= offset;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= offset;
    const bool is_text = wr_is_text_subtitle(stream);
    if (!source->start || wr_is_cover(stream))
        return true;
    if (is_text)
        show_from_start(packet);
    // Text that begins before the start may still follow, so each of its packets is judged.
    return (state == COPIED && !is_text) || can_begin(stream, packet);
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
    const bool is_cover = wr_is_cover(source->file->streams[packet->stream_index]);
    const bool end_is_known = wr_decoder_end_is_known(decoder);
    if (!is_cover && (is_past_end(source, packet) ||
                      (end_is_known && !lies_before(source, packet, decoder->end)))) {
        *state = PAST_END;
        return WR_OK;
    }
    *state = is_cover ? NOT_COPIED : COPIED; // a cover has one packet
    struct wr_message message = {.packet = av_packet_alloc()};
    if (!message.packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_packet_move_ref(message.packet, packet);
    const bool may_end = source->frames >= 0 || source->on_change == WR_ON_CHANGE_SPLIT;
    const bool hold = !is_cover && may_end && !end_is_known && !decoder->ended;
    return wr_messages_put(hold ? &copies->held : ready, &message, error);
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

bool wr_copies_are_complete(const struct wr_copies *copies)
{
    for (int i = 0; i < copies->count; i++)
        if (copies->states[i] == NOT_BEGUN || copies->states[i] == COPIED)
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
        copies->states[i] = PAST_END;
}
