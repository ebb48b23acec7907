// SPDX-License-Identifier: MIT
// Reads a file: decoded, planar frames of one video stream and the packets of all others, in order.
#include "lib/reader.h"

#include <libavutil/time.h>
#include <stdlib.h>

// When only some frames are read, a stream with no packet near their end is waited for this long:
// what belongs together does not stand further apart in a file.
enum { INTERLEAVING_SECONDS = 10 };

// A source that has nothing yet is asked again after so many microseconds, for a minute.
enum { WAIT = 10000, MOST_WAITS = 6000 };

// ---- copied packets

static bool lies_before(const struct wr_reader *r, const AVPacket *packet, int64_t end)
{
    const AVRational time_base = r->source.file->streams[packet->stream_index]->time_base;
    const int64_t time = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    return time == AV_NOPTS_VALUE ||
           av_compare_ts(time, time_base, end, r->source.video->time_base) < 0;
}

enum wr_status wr_reader_release_held(struct wr_reader *r, struct wr_error *error)
{
    const struct wr_message *next;
    while ((next = wr_messages_first(&r->held))) {
        const bool wanted = (r->decoder_ended && !wr_reader_end_is_known(r)) ||
                            (r->source.first && lies_before(r, next->packet, r->end));
        if (!wanted && !wr_reader_end_is_known(r))
            return WR_OK;
        struct wr_message message;
        wr_messages_get(&r->held, &message);
        if (!wanted) {
            wr_message_drop(&message);
            continue;
        }
        const enum wr_status status = wr_messages_put(&r->ready, &message, error);
        if (status)
            return status;
    }
    return WR_OK;
}

// After a start, a stream begins with its first packet that can stand alone.
static bool begins_with(const struct wr_reader *r, const AVPacket *packet)
{
    if (!r->options.start)
        return true;
    const AVStream *stream = r->source.file->streams[packet->stream_index];
    const bool is_video = stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
    return packet->pts != AV_NOPTS_VALUE && packet->pts >= 0 &&
           (!is_video || packet->flags & AV_PKT_FLAG_KEY);
}

static enum wr_status copy_packet(struct wr_reader *r, AVPacket *packet, struct wr_error *error)
{
    // A stream that turns up late was not there when the output was opened.
    if (packet->stream_index >= r->copy_count)
        return WR_OK;
    enum copy_state *const state = &r->copies[packet->stream_index];
    const AVStream *stream = r->source.file->streams[packet->stream_index];
    const bool cover = wr_is_cover(stream);
    if (*state == NOT_COPIED || *state == PAST_END)
        return WR_OK;
    r->damaged += (packet->flags & AV_PKT_FLAG_CORRUPT) != 0;
    const int64_t offset = wr_reader_offset(r, stream->time_base);
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts -= offset;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= offset;
    if (*state == NOT_BEGUN && !cover && !begins_with(r, packet))
        return WR_OK;
    if (!cover && wr_reader_end_is_known(r) && !lies_before(r, packet, r->end)) {
        *state = PAST_END;
        return WR_OK;
    }
    *state = cover ? NOT_COPIED : COPIED; // a cover comes once
    struct wr_message message = {.packet = av_packet_alloc()};
    if (!message.packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_packet_move_ref(message.packet, packet);
    const bool hold =
        !cover && r->options.frames >= 0 && !wr_reader_end_is_known(r) && !r->decoder_ended;
    return wr_messages_put(hold ? &r->held : &r->ready, &message, error);
}

static void begin_copies(struct wr_reader *r)
{
    for (int i = 0; i < r->copy_count; i++) {
        const AVStream *stream = r->source.file->streams[i];
        const bool copied = i != r->source.video->index && stream->discard < AVDISCARD_ALL &&
                            stream->codecpar->codec_type != AVMEDIA_TYPE_ATTACHMENT;
        r->copies[i] = copied ? NOT_BEGUN : NOT_COPIED;
    }
}

enum wr_status wr_reader_go_back(struct wr_reader *r, struct wr_error *error)
{
    const enum wr_status status = wr_source_go_back(&r->source, error);
    if (status)
        return status;
    avcodec_flush_buffers(r->source.decoder);
    wr_messages_clear(&r->ready);
    wr_messages_clear(&r->held);
    begin_copies(r);
    r->file_ended = r->decoder_ended = r->duplicate_told = false;
    r->read_errors = r->decode_errors = 0;
    r->last_pts = r->end = AV_NOPTS_VALUE;
    r->damaged = 0;
    return WR_OK;
}

// With --frames: true once every copied stream has been read up to the end.
static bool copies_are_complete(const struct wr_reader *r)
{
    for (int i = 0; i < r->copy_count; i++)
        if (r->copies[i] == NOT_BEGUN || r->copies[i] == COPIED)
            return false;
    return true;
}

static void give_up_waiting(struct wr_reader *r, const AVPacket *packet)
{
    const AVRational second = {1, 1};
    const int64_t latest =
        r->end + av_rescale_q(INTERLEAVING_SECONDS, second, r->source.video->time_base);
    if (packet->stream_index < r->copy_count && !lies_before(r, packet, latest))
        r->file_ended = true;
}

// ---- the file

static enum wr_status end_or_damage(struct wr_reader *r, int result, struct wr_error *error)
{
    const AVIOInterruptCB *interrupt = &r->source.file->interrupt_callback;
    if (interrupt->callback && interrupt->callback(interrupt->opaque))
        return wr_fail(error, WR_INTERRUPTED, "interrupted");
    if (result == AVERROR(ENOMEM))
        return wr_fail(error, WR_FAILED, "out of memory while reading %s", r->source.name);
    if (result == AVERROR(EAGAIN)) {
        av_usleep(WAIT);
        return ++r->waits < MOST_WAITS
                   ? WR_OK
                   : wr_fail(error, WR_FAILED, "cannot read %s: nothing comes", r->source.name);
    }
    if (result == AVERROR_EOF) {
        const AVIOContext *pb = r->source.file->pb;
        r->damaged +=
            (pb && pb->error < 0 && pb->error != AVERROR_EOF) || wr_source_is_truncated(&r->source);
        r->file_ended = true;
    } else {
        r->damaged += r->read_errors == 0; // one hole, however many packets lie in it
        r->file_ended = ++r->read_errors > MOST_ERRORS_IN_A_ROW;
    }
    return WR_OK;
}

static enum wr_status take_video(struct wr_reader *r, struct wr_error *error)
{
    switch (wr_source_judge(&r->source, r->packet)) {
    case WR_USE:
        return wr_reader_feed(r, r->packet, error);
    case WR_GO_BACK:
        return wr_reader_go_back(r, error);
    case WR_SKIP:
        break;
    }
    return WR_OK;
}

// Reads one packet, or after the end of the file asks the decoder for what it holds back.
static enum wr_status step(struct wr_reader *r, struct wr_error *error)
{
    if (r->file_ended)
        return wr_reader_feed(r, NULL, error);
    const int result = av_read_frame(r->source.file, r->packet);
    if (result < 0)
        return end_or_damage(r, result, error);
    r->read_errors = r->waits = 0;
    enum wr_status status = WR_OK;
    if (r->packet->stream_index != r->source.video->index)
        status = copy_packet(r, r->packet, error);
    else if (wr_reader_is_decoding(r))
        status = take_video(r, error);
    else
        give_up_waiting(r, r->packet);
    av_packet_unref(r->packet);
    return status;
}

static bool is_finished(const struct wr_reader *r)
{
    return !wr_reader_is_decoding(r) &&
           (r->file_ended || (wr_reader_end_is_known(r) && copies_are_complete(r)));
}

int wr_reader_next(struct wr_reader *r, struct wr_message *message, struct wr_error *error)
{
    *message = (struct wr_message){0};
    while (!wr_messages_get(&r->ready, message)) {
        if (r->failure.status)
            return wr_fail(error, r->failure.status, "%s", r->failure.text);
        if (is_finished(r))
            return -1;
        r->failure.status = step(r, &r->failure);
    }
    return WR_OK;
}

// ---- opening, closing, describing

static enum wr_status prepare(struct wr_reader *r)
{
    const AVFormatContext *file = r->source.file;
    r->packet = av_packet_alloc();
    r->frame = av_frame_alloc();
    r->pending = av_frame_alloc();
    r->copy_count = (int)file->nb_streams;
    r->copies = calloc((size_t)r->copy_count, sizeof *r->copies);
    if (!r->packet || !r->frame || !r->pending || !r->copies)
        return WR_FAILED;
    begin_copies(r);
    return WR_OK;
}

enum wr_status wr_reader_open(struct wr_reader **reader, const struct wr_options *options,
                              int (*interrupted)(void *), void *opaque, struct wr_error *error)
{
    *reader = NULL;
    struct wr_reader *r = calloc(1, sizeof *r);
    if (!r)
        return wr_fail(error, WR_FAILED, "out of memory");
    r->options = *options;
    r->frames_left = options->frames;
    r->last_pts = r->end = AV_NOPTS_VALUE;
    const AVIOInterruptCB interrupt = {interrupted, opaque};
    enum wr_status status = wr_source_open(&r->source, options, &interrupt, error);
    if (!status && prepare(r))
        status = wr_fail(error, WR_FAILED, "out of memory");
    while (!status && !r->source.first && !is_finished(r))
        status = step(r, error);
    if (!status && !r->source.first)
        status = options->start
                     ? wr_fail(error, WR_FAILED, "%s has no frame at or after the start time %s",
                               options->input, options->start)
                     : wr_fail(error, WR_FAILED, "no frame of %s could be decoded", options->input);
    if (status) {
        wr_reader_close(&r);
        return status;
    }
    *reader = r;
    return WR_OK;
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
    // With frame threads FFmpeg may lose a frame's own word of its errors, but not what it says of
    // them.
    if (!reader->damaged && atomic_load(&reader->source.complaints))
        return 1;
    return reader->damaged;
}

int64_t wr_reader_frames_total(const struct wr_reader *reader)
{
    return wr_source_frames(&reader->source, &reader->options);
}

double wr_reader_duration(const struct wr_reader *reader)
{
    return wr_source_duration(&reader->source, &reader->options);
}

void wr_reader_describe(const struct wr_reader *reader, struct wr_media_report *report)
{
    wr_source_describe(&reader->source, report);
}

void wr_reader_close(struct wr_reader **reader)
{
    struct wr_reader *r = *reader;
    if (!r)
        return;
    wr_messages_clear(&r->ready);
    wr_messages_clear(&r->held);
    av_packet_free(&r->packet);
    av_frame_free(&r->frame);
    av_frame_free(&r->pending);
    free(r->copies);
    wr_source_close(&r->source);
    free(r);
    *reader = NULL;
}
