// SPDX-License-Identifier: MIT
// Reads a file packet by packet, has the video decoded and the other streams copied, and puts what
// comes of it into one row.
#include "lib/input/reader.h"

#include "lib/input/promise.h"
#include "lib/input/reader_parts.h"
#include "lib/input/source_facts.h"
#include "lib/media/compat.h"

// ---- packets and frames

// Reading goes on from further back in the file, as if nothing had been read yet.
static enum wr_status go_back(struct wr_reader *reader, struct wr_error *error)
{
    const enum wr_status status = wr_seek_back(&reader->seek, error);
    if (status)
        return status;
    wr_decoder_restart(&reader->decoder);
    wr_copies_restart(&reader->copies);
    wr_timeline_reset(&reader->timeline);
    wr_messages_clear(&reader->ready);
    reader->file_ended = false;
    reader->read_errors = 0;
    reader->packets = 0;
    reader->source.damaged = 0;
    return WR_OK;
}

// Decodes a packet and makes ready what comes out; NULL after the last packet.
static enum wr_status decode(struct wr_reader *reader, const AVPacket *packet,
                             struct wr_error *error)
{
    struct wr_decoder *const decoder = &reader->decoder;
    AVFrame *frame = NULL;
    enum wr_status status = wr_decoder_send(decoder, packet, error);
    do {
        if (!status)
            status = wr_decoder_receive(decoder, &frame, error);
        if (!status && frame)
            status = wr_skip_put(&reader->skip, frame, &reader->frames, &reader->ready, error);
        if (!status)
            status = wr_copies_release(&reader->copies, &reader->ready, error);
    } while (!status && frame);
    return !status && decoder->missed_start ? go_back(reader, error) : status;
}

static enum wr_status take_video(struct wr_reader *reader, struct wr_error *error)
{
    struct wr_decoder *decoder = &reader->decoder;
    if (wr_skip_passes(&reader->skip, decoder, reader->packets - 1, reader->frames))
        return WR_OK;
    const enum wr_packet_use use = wr_seek_judge(&reader->seek, reader->packet);
    return use == WR_DECODE      ? decode(reader, reader->packet, error)
           : use == WR_SEEK_BACK ? go_back(reader, error)
                                 : WR_OK;
}

// At the end of the file: whether it promised more than it had.
static bool is_incomplete(const struct wr_reader *reader)
{
    const struct wr_source *source = &reader->source;
    if (wr_source_is_cut_short(source))
        return true;
    const bool had_all = source->from_beginning && !source->cut;
    return had_all && wr_source_lacks_packets(source, reader->packets);
}

static enum wr_status end_or_damage(struct wr_reader *reader, int result, struct wr_error *error)
{
    struct wr_source *const source = &reader->source;
    if (wr_source_is_cancelled(source))
        return wr_fail(error, WR_INTERRUPTED, "interrupted");
    if (source->live.has_stalled) {
        reader->file_ended = true;
        return WR_OK;
    }
    if (wr_source_is_out_of_memory(result))
        return wr_fail(error, WR_FAILED, "out of memory while reading %s", source->name);
    // The file itself is read without this result. A demuxer gives it when it has skipped bytes,
    // and the next call continues behind them.
    if (result == AVERROR(EAGAIN))
        return WR_OK;
    // Some gaps libavformat only finds when it gets there. They have been told of.
    if (result != AVERROR_EOF && source->sequence.later) {
        atomic_fetch_sub(&source->complaints, 1);
        reader->file_ended = true;
        return WR_OK;
    }
    if (result == AVERROR_EOF && reader->laps.left && wr_decoder_is_active(&reader->decoder))
        return wr_laps_begin_again(&reader->laps, source, error); // the decoder goes on
    if (result == AVERROR_EOF) {
        source->damaged += is_incomplete(reader);
        reader->file_ended = true;
    } else {
        source->damaged += reader->read_errors == 0; // errors in a row are one damage
        reader->file_ended = ++reader->read_errors > WR_MOST_ERRORS_IN_A_ROW;
    }
    return WR_OK;
}

static enum wr_status step_in_file(struct wr_reader *reader, struct wr_error *error)
{
    if (reader->file_ended) {
        if (reader->skip.is_passing) // up to the end
            reader->frames = reader->skip.count;
        return decode(reader, NULL, error);
    }
    const AVStream *video = reader->source.video;
    AVPacket *const packet = reader->packet;
    wr_live_wait(&reader->source.live);
    const int result = wr_read_packet(reader->source.file, packet);
    if (result < 0)
        return end_or_damage(reader, result, error);
    if (reader->source.is_interrupted) // in the middle of this packet, perhaps
        return wr_fail(error, WR_INTERRUPTED, "interrupted");
    reader->read_errors = 0;
    reader->packets += packet->stream_index == video->index;
    wr_source_tell_late(&reader->source, packet);
    if (packet->stream_index < reader->source.stream_count)
        wr_source_follow(&reader->source, &reader->source.streams[packet->stream_index], packet);
    wr_laps_place(&reader->laps, reader->source.file->streams[packet->stream_index], packet);
    wr_timeline_correct(&reader->timeline, reader->source.file, video->time_base, packet);
    enum wr_status status = WR_OK;
    if (packet->stream_index == video->index && packet->dts != AV_NOPTS_VALUE)
        wr_live_pace(&reader->source.live, (double)packet->dts * av_q2d(video->time_base),
                     reader->source.cancelled);
    if (packet->stream_index != video->index)
        status = wr_copies_take(&reader->copies, packet, &reader->ready, error);
    else if (reader->only_first && reader->source.first)
        av_packet_unref(packet);
    else if (wr_decoder_is_active(&reader->decoder))
        status = take_video(reader, error);
    else
        wr_copies_stop_waiting(&reader->copies, packet);
    av_packet_unref(packet);
    return status;
}

bool wr_reader_file_has_ended(const struct wr_reader *reader)
{
    const struct wr_decoder *decoder = &reader->decoder;
    return !wr_decoder_is_active(decoder) &&
           (reader->file_ended || (wr_decoder_end_is_known(decoder) &&
                                   wr_copies_are_complete(&reader->copies, &reader->source)));
}

static bool is_finished(const struct wr_reader *reader)
{
    return wr_reader_file_has_ended(reader) &&
           (reader->shortest || wr_companions_ended(&reader->companions));
}

// Reads what other files have up to one second behind the newest frame, so that it is known before
// the next frame where they end; without frames, the rest of them.
static enum wr_status read_companions(struct wr_reader *reader, struct wr_error *error)
{
    const int64_t reached = reader->decoder.end;
    const int64_t until =
        wr_reader_file_has_ended(reader) ? INT64_MAX
        : reached == AV_NOPTS_VALUE
            ? 0
            : av_rescale_q(reached, wr_source_time_base(&reader->source), AV_TIME_BASE_Q) +
                  AV_TIME_BASE;
    return wr_companions_read(&reader->companions, until, reader->tells_ends, &reader->copies,
                              &reader->ready, error);
}

enum wr_status wr_reader_step(struct wr_reader *reader, struct wr_error *error)
{
    const bool had_ended = reader->file_ended;
    enum wr_status status = wr_reader_file_has_ended(reader) ? WR_OK : step_in_file(reader, error);
    if (!status && reader->file_ended && !had_ended)
        status = wr_copies_end(&reader->copies, &reader->source, reader->tells_ends, &reader->ready,
                               error);
    return !status && reader->source.first ? read_companions(reader, error) : status;
}

int wr_reader_next(struct wr_reader *reader, struct wr_message *message, struct wr_error *error)
{
    *message = (struct wr_message){0};
    while (!wr_messages_get(&reader->ready, message)) {
        if (reader->failure.status)
            return wr_fail(error, reader->failure.status, "%s", reader->failure.text);
        if (is_finished(reader))
            return WR_END;
        reader->failure.status = wr_reader_step(reader, &reader->failure);
    }
    return WR_OK;
}

// ---- what is known of it

const char *wr_reader_stalled(const struct wr_reader *reader)
{
    return reader->source.live.has_stalled ? reader->source.name
                                           : wr_companions_stalled(&reader->companions);
}

bool wr_reader_is_live(const struct wr_reader *reader)
{
    return wr_source_is_live(&reader->source);
}

const struct wr_source *wr_reader_source(const struct wr_reader *reader)
{
    return &reader->source;
}

const struct wr_format *wr_reader_format(const struct wr_reader *reader)
{
    return &reader->decoder.judge.format;
}

AVRational wr_reader_time_base(const struct wr_reader *reader)
{
    return wr_source_time_base(&reader->source);
}

struct wr_stream wr_reader_stream(const struct wr_reader *reader)
{
    const struct wr_source *source = &reader->source;
    struct wr_stream stream = {
        .format = *wr_reader_format(reader),
        .time_base = wr_reader_time_base(reader),
        .frame_rate = source->frame_rate,
        .like = source->first,
        .matrix = source->has_turn ? source->turn : NULL,
        .is_of_pictures = wr_source_is_of_pictures(source),
    };
    wr_stream_crop(source->video, stream.crop);
    return stream;
}

struct wr_ahead wr_reader_ahead(const struct wr_reader *reader)
{
    return (struct wr_ahead){{&reader->ready, &reader->copies.held}};
}

int64_t wr_reader_damaged(const struct wr_reader *reader)
{
    return wr_source_damage(&reader->source) + wr_companions_damage(&reader->companions);
}

const char *wr_reader_damaged_input(const struct wr_reader *reader)
{
    return wr_source_damage(&reader->source) ? reader->source.name
                                             : wr_companions_damaged_input(&reader->companions);
}

void wr_reader_use_memory(struct wr_reader *reader, struct wr_host_memory *memory)
{
    atomic_store(&reader->decoder.surfaces.memory, memory);
}

int64_t wr_reader_frames(const struct wr_reader *reader)
{
    return reader->frames;
}

int64_t wr_reader_frames_total(const struct wr_reader *reader)
{
    return reader->frames_total;
}

double wr_reader_duration(const struct wr_reader *reader)
{
    return reader->duration;
}

double wr_reader_changed_at(const struct wr_reader *reader)
{
    const struct wr_source *source = &reader->source;
    const double before = (double)(source->offset - wr_source_beginning(source)) / AV_TIME_BASE;
    return source->changed_at == AV_NOPTS_VALUE
               ? 0
               : before + (double)source->changed_at * av_q2d(wr_source_time_base(source));
}

void wr_reader_describe(const struct wr_reader *reader, struct wr_media_report *report)
{
    wr_source_describe(&reader->source, report);
}
