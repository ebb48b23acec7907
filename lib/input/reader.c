// SPDX-License-Identifier: MIT
// Reads a file: decoded, planar frames of one video stream and the packets of all others, in order.
#include "lib/input/reader_state.h"

#include <stdlib.h>

// When only some frames are read, a stream with no packet near their end is waited for this long:
// what belongs together does not stand further apart in a file.
enum { INTERLEAVING_SECONDS = 10 };

// ---- copied packets

static bool lies_before(const struct wr_reader *reader, const AVPacket *packet, int64_t end)
{
    const AVRational time_base = reader->source.file->streams[packet->stream_index]->time_base;
    const int64_t time = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    return time == AV_NOPTS_VALUE ||
           av_compare_ts(time, time_base, end, reader->source.video->time_base) < 0;
}

enum wr_status wr_reader_release_held(struct wr_reader *reader, struct wr_error *error)
{
    const struct wr_message *next;
    while ((next = wr_messages_first(&reader->held))) {
        const bool wanted =
            (reader->decoder_ended && !wr_reader_end_is_known(reader)) ||
            (reader->source.first && lies_before(reader, next->packet, reader->end));
        if (!wanted && !wr_reader_end_is_known(reader))
            return WR_OK;
        struct wr_message message;
        wr_messages_get(&reader->held, &message);
        if (!wanted) {
            wr_message_drop(&message);
            continue;
        }
        const enum wr_status status = wr_messages_put(&reader->ready, &message, error);
        if (status)
            return status;
    }
    return WR_OK;
}

// After a start, a stream begins with its first packet that can stand alone, each line of text too.
static bool begins_with(const struct wr_reader *reader, const AVPacket *packet)
{
    if (!reader->options.start)
        return true;
    const AVStream *stream = reader->source.file->streams[packet->stream_index];
    const bool is_video = stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
    return packet->pts != AV_NOPTS_VALUE && packet->pts >= 0 &&
           (!is_video || packet->flags & AV_PKT_FLAG_KEY);
}

// What is on screen at the start is there from the start on, for the rest of its time.
static void show_from_start(const struct wr_reader *reader, AVPacket *packet)
{
    const int64_t end = packet->pts + packet->duration;
    if (!reader->options.start || packet->pts == AV_NOPTS_VALUE || packet->pts >= 0 || end <= 0)
        return;
    packet->pts = packet->dts = 0;
    packet->duration = end;
}

static enum wr_status copy_packet(struct wr_reader *reader, AVPacket *packet,
                                  struct wr_error *error)
{
    // A stream that turns up late was not there when the output was opened.
    if (packet->stream_index >= reader->copy_count)
        return WR_OK;
    enum copy_state *const state = &reader->copies[packet->stream_index];
    const AVStream *stream = reader->source.file->streams[packet->stream_index];
    const bool cover = wr_is_cover(stream);
    if (*state == NOT_COPIED || *state == PAST_END)
        return WR_OK;
    reader->damaged += (packet->flags & AV_PKT_FLAG_CORRUPT) != 0;
    const int64_t offset = wr_reader_offset(reader, stream->time_base);
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts -= offset;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= offset;
    const bool text = wr_is_text_subtitle(stream);
    if (text)
        show_from_start(reader, packet);
    if ((*state == NOT_BEGUN || text) && !cover && !begins_with(reader, packet))
        return WR_OK;
    if (!cover && wr_reader_end_is_known(reader) && !lies_before(reader, packet, reader->end)) {
        *state = PAST_END;
        return WR_OK;
    }
    *state = cover ? NOT_COPIED : COPIED; // a cover comes once
    struct wr_message message = {.packet = av_packet_alloc()};
    if (!message.packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_packet_move_ref(message.packet, packet);
    const bool hold = !cover && reader->options.frames >= 0 && !wr_reader_end_is_known(reader) &&
                      !reader->decoder_ended;
    return wr_messages_put(hold ? &reader->held : &reader->ready, &message, error);
}

static void begin_copies(struct wr_reader *reader)
{
    for (int i = 0; i < reader->copy_count; i++) {
        const AVStream *stream = reader->source.file->streams[i];
        const bool copied = i != reader->source.video->index && stream->discard < AVDISCARD_ALL &&
                            stream->codecpar->codec_type != AVMEDIA_TYPE_ATTACHMENT;
        reader->copies[i] = copied ? NOT_BEGUN : NOT_COPIED;
    }
    wr_timeline_reset(&reader->timeline);
}

enum wr_status wr_reader_go_back(struct wr_reader *reader, struct wr_error *error)
{
    const enum wr_status status = wr_source_go_back(&reader->source, error);
    if (status)
        return status;
    avcodec_flush_buffers(reader->source.decoder);
    wr_messages_clear(&reader->ready);
    wr_messages_clear(&reader->held);
    begin_copies(reader);
    reader->file_ended = reader->decoder_ended = reader->duplicate_told = false;
    reader->read_errors = reader->decode_errors = 0;
    reader->last_pts = reader->end = AV_NOPTS_VALUE;
    reader->damaged = 0;
    return WR_OK;
}

// With --frames: true once every copied stream has been read up to the end.
static bool copies_are_complete(const struct wr_reader *reader)
{
    for (int i = 0; i < reader->copy_count; i++)
        if (reader->copies[i] == NOT_BEGUN || reader->copies[i] == COPIED)
            return false;
    return true;
}

static void give_up_waiting(struct wr_reader *reader, const AVPacket *packet)
{
    const AVRational second = {1, 1};
    const int64_t latest =
        reader->end + av_rescale_q(INTERLEAVING_SECONDS, second, reader->source.video->time_base);
    if (packet->stream_index < reader->copy_count && !lies_before(reader, packet, latest))
        reader->file_ended = true;
}

// ---- the file

static enum wr_status end_or_damage(struct wr_reader *reader, int result, struct wr_error *error)
{
    if (wr_source_is_cancelled(&reader->source))
        return wr_fail(error, WR_INTERRUPTED, "interrupted");
    if (result == AVERROR(ENOMEM))
        return wr_fail(error, WR_FAILED, "out of memory while reading %s", reader->source.name);
    // Nothing that is read here says so to keep from blocking. A demuxer says it of bytes that it
    // passed over: the next call reads on.
    if (result == AVERROR(EAGAIN))
        return WR_OK;
    if (result == AVERROR_EOF) {
        const AVIOContext *pb = reader->source.file->pb;
        reader->damaged += (pb && pb->error < 0 && pb->error != AVERROR_EOF) ||
                           wr_source_is_truncated(&reader->source);
        reader->file_ended = true;
    } else {
        reader->damaged += reader->read_errors == 0; // one hole, however many packets lie in it
        reader->file_ended = ++reader->read_errors > MOST_ERRORS_IN_A_ROW;
    }
    return WR_OK;
}

static enum wr_status take_video(struct wr_reader *reader, struct wr_error *error)
{
    switch (wr_source_judge(&reader->source, reader->packet)) {
    case WR_USE:
        return wr_reader_feed(reader, reader->packet, error);
    case WR_GO_BACK:
        return wr_reader_go_back(reader, error);
    case WR_SKIP:
        break;
    }
    return WR_OK;
}

// Reads one packet, or after the end of the file asks the decoder for what it holds back.
static enum wr_status step(struct wr_reader *reader, struct wr_error *error)
{
    if (reader->file_ended)
        return wr_reader_feed(reader, NULL, error);
    const int result = av_read_frame(reader->source.file, reader->packet);
    if (result < 0)
        return end_or_damage(reader, result, error);
    reader->read_errors = 0;
    wr_timeline_correct(&reader->timeline, reader->source.file, reader->source.video->time_base,
                        reader->packet);
    enum wr_status status = WR_OK;
    if (reader->packet->stream_index != reader->source.video->index)
        status = copy_packet(reader, reader->packet, error);
    else if (wr_reader_is_decoding(reader))
        status = take_video(reader, error);
    else
        give_up_waiting(reader, reader->packet);
    av_packet_unref(reader->packet);
    return status;
}

static bool is_finished(const struct wr_reader *reader)
{
    return !wr_reader_is_decoding(reader) &&
           (reader->file_ended || (wr_reader_end_is_known(reader) && copies_are_complete(reader)));
}

int wr_reader_next(struct wr_reader *reader, struct wr_message *message, struct wr_error *error)
{
    *message = (struct wr_message){0};
    while (!wr_messages_get(&reader->ready, message)) {
        if (reader->failure.status)
            return wr_fail(error, reader->failure.status, "%s", reader->failure.text);
        if (is_finished(reader))
            return -1;
        reader->failure.status = step(reader, &reader->failure);
    }
    return WR_OK;
}

// ---- opening, closing, describing

static enum wr_status prepare(struct wr_reader *reader)
{
    const AVFormatContext *file = reader->source.file;
    reader->packet = av_packet_alloc();
    reader->frame = av_frame_alloc();
    reader->pending = av_frame_alloc();
    reader->copy_count = (int)file->nb_streams;
    reader->copies = calloc((size_t)reader->copy_count, sizeof *reader->copies);
    if (!reader->packet || !reader->frame || !reader->pending || !reader->copies ||
        !wr_timeline_open(&reader->timeline, file))
        return WR_FAILED;
    begin_copies(reader);
    return WR_OK;
}

static enum wr_status open_all(struct wr_reader *reader, int cancelled, struct wr_error *error)
{
    const struct wr_options *options = &reader->options;
    enum wr_status status = wr_source_open(&reader->source, options, cancelled, error);
    if (!status && prepare(reader))
        status = wr_fail(error, WR_FAILED, "out of memory");
    while (!status && !reader->source.first && !is_finished(reader))
        status = step(reader, error);
    if (!status && !reader->source.first)
        status = options->start
                     ? wr_fail(error, WR_FAILED, "%s has no frame at or after the start time %s",
                               options->input, options->start)
                     : wr_fail(error, WR_FAILED, "no frame of %s could be decoded", options->input);
    if (status)
        return status;
    reader->frames_total = wr_source_frames(&reader->source, options);
    reader->duration = wr_source_duration(&reader->source, options);
    return WR_OK;
}

enum wr_status wr_reader_open(struct wr_reader **reader, const struct wr_options *options,
                              int cancelled, struct wr_error *error)
{
    struct wr_reader *new = *reader = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->options = *options;
    new->frames_left = options->frames;
    new->last_pts = new->end = AV_NOPTS_VALUE;
    const enum wr_status status = open_all(new, cancelled, error);
    if (status)
        wr_reader_close(reader);
    return status;
}

const struct wr_source *wr_reader_source(const struct wr_reader *reader)
{
    return &reader->source;
}

const struct wr_format *wr_reader_format(const struct wr_reader *reader)
{
    return &reader->format;
}

AVRational wr_reader_time_base(const struct wr_reader *reader)
{
    return reader->source.video->time_base;
}

int64_t wr_reader_damaged(const struct wr_reader *reader)
{
    // With frame threads FFmpeg may lose a frame's own word of its errors, and some demuxers pass
    // over damage as if nothing were there, but not without saying so.
    if (!reader->damaged && atomic_load(&reader->source.complaints))
        return 1;
    return reader->damaged;
}

int64_t wr_reader_frames_total(const struct wr_reader *reader)
{
    return reader->frames_total;
}

double wr_reader_duration(const struct wr_reader *reader)
{
    return reader->duration;
}

void wr_reader_describe(const struct wr_reader *reader, struct wr_media_report *report)
{
    wr_source_describe(&reader->source, report);
}

void wr_reader_close(struct wr_reader **reader)
{
    struct wr_reader *old = *reader;
    if (!old)
        return;
    wr_messages_clear(&old->ready);
    wr_messages_clear(&old->held);
    av_packet_free(&old->packet);
    av_frame_free(&old->frame);
    av_frame_free(&old->pending);
    wr_frame_pool_close(&old->pool);
    wr_timeline_close(&old->timeline);
    free(old->copies);
    wr_source_close(&old->source);
    free(old);
    *reader = NULL;
}
