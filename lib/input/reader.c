// SPDX-License-Identifier: MIT
// Reads a file packet by packet, has the video decoded and the other streams copied, and puts what
// comes of it into one row.
#include "lib/input/reader.h"

#include <libavutil/avstring.h>
#include <stdlib.h>

#include "lib/input/companions.h"
#include "lib/input/copies.h"
#include "lib/input/decode.h"
#include "lib/input/descriptor.h"
#include "lib/input/messages.h"
#include "lib/input/promise.h"
#include "lib/input/seek.h"
#include "lib/input/source.h"
#include "lib/input/timeline.h"
#include "lib/media/compat.h"

struct wr_reader {
    struct wr_source source;
    struct wr_seek seek;
    struct wr_skip skip;
    struct wr_decoder decoder;
    struct wr_copies copies;
    struct wr_companions companions;
    bool shortest, tells_ends;
    struct wr_timeline timeline;
    AVPacket *packet;         // being read
    struct wr_messages ready; // to be delivered next
    struct wr_error failure;  // to be reported when nothing is ready any more
    bool only_first;
    bool file_ended;
    int read_errors;      // in a row
    int64_t packets;      // of the video, since the beginning or the last seek
    int64_t frames;       // so far; the index of the next one
    int64_t frames_total; // expected, 0 if not known
    double duration;      // expected, in seconds, 0 if not known
};

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
    const AVIOContext *pb = source->file->pb;
    struct wr_kept_bytes head = {0};
    if (source->descriptor)
        head.bytes = wr_descriptor_head(source->descriptor, &head.count);
    if ((pb && pb->error < 0 && pb->error != AVERROR_EOF) || wr_is_cut_short(source->file, &head))
        return true;
    const bool had_all = source->from_beginning && !source->cut;
    return had_all && reader->packets < wr_promised_packets(source->file, source->video);
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
    const int result = av_read_frame(reader->source.file, packet);
    if (result < 0)
        return end_or_damage(reader, result, error);
    reader->read_errors = 0;
    reader->packets += packet->stream_index == video->index;
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

static bool is_file_finished(const struct wr_reader *reader)
{
    const struct wr_decoder *decoder = &reader->decoder;
    return !wr_decoder_is_active(decoder) &&
           (reader->file_ended || (wr_decoder_end_is_known(decoder) &&
                                   wr_copies_are_complete(&reader->copies, &reader->source)));
}

static bool is_finished(const struct wr_reader *reader)
{
    return is_file_finished(reader) &&
           (reader->shortest || wr_companions_ended(&reader->companions));
}

// Reads what other files have up to one second behind the newest frame, so that it is known before
// the next frame where they end; without frames, the rest of them.
static enum wr_status read_companions(struct wr_reader *reader, struct wr_error *error)
{
    const int64_t reached = reader->decoder.end;
    const int64_t until =
        is_file_finished(reader) ? INT64_MAX
        : reached == AV_NOPTS_VALUE
            ? 0
            : av_rescale_q(reached, wr_source_time_base(&reader->source), AV_TIME_BASE_Q) +
                  AV_TIME_BASE;
    return wr_companions_read(&reader->companions, until, reader->tells_ends, &reader->copies,
                              &reader->ready, error);
}

// Reads one packet; after the end of the file asks the decoder for its last frames. Until the first
// frame is known, reading may go back.
static enum wr_status step(struct wr_reader *reader, struct wr_error *error)
{
    const bool had_ended = reader->file_ended;
    enum wr_status status = is_file_finished(reader) ? WR_OK : step_in_file(reader, error);
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
        reader->failure.status = step(reader, &reader->failure);
    }
    return WR_OK;
}

// ---- opening, closing, describing

static void tell_choice(const struct wr_source *source, const struct wr_log *log)
{
    const AVStream *video = source->video;
    if (source->video_count > 1)
        wr_say(log, WR_LOG_WARNING,
               "%s has %d videos: stream %d (%dx%d) is filtered, as ffmpeg would choose",
               source->name, source->video_count, video->index, video->codecpar->width,
               video->codecpar->height);
}

static enum wr_status open_parts(struct wr_reader *reader, const struct wr_reader_options *options,
                                 struct wr_error *error)
{
    struct wr_source *const source = &reader->source;
    struct wr_decoder *const decoder = &reader->decoder;
    enum wr_status status = wr_source_open(source, error);
    if (!status && source->sequence.later)
        wr_say(&options->log, WR_LOG_WARNING,
               "%s: there is no picture %d, so the %d picture%s behind it %s not read",
               source->name, source->sequence.gap, source->sequence.later,
               source->sequence.later == 1 ? "" : "s", source->sequence.later == 1 ? "is" : "are");
    if (!status)
        tell_choice(source, &options->log);
    if (!status)
        status = wr_companions_open(&reader->companions, source, options->companions,
                                    options->companion_count, error);
    if (!status)
        status = wr_decoder_open(decoder, source, options->threads, &options->log, error);
    if (!status)
        status = wr_seek_start(&reader->seek, source, error);
    if (!status)
        status = wr_skip_open(&reader->skip, &options->share, source, error);
    if (!status)
        status = wr_copies_open(&reader->copies, decoder, error);
    if (!status) {
        reader->packet = av_packet_alloc();
        if (!wr_timeline_open(&reader->timeline, source->file) || !reader->packet)
            status = wr_fail(error, WR_FAILED, "out of memory");
    }
    return status;
}

// Without seeking, what an MP4 file's index says comes too late, if it stands behind the samples.
static bool has_late_index(const struct wr_source *source)
{
    const AVIOContext *pb = source->file->pb;
    return av_match_name("mp4", source->file->iformat->name) && pb &&
           !(pb->seekable & AVIO_SEEKABLE_NORMAL);
}

static enum wr_status read_first_frame(struct wr_reader *reader, struct wr_error *error)
{
    const struct wr_source *source = &reader->source;
    enum wr_status status = WR_OK;
    while (!status && !source->first && !is_file_finished(reader))
        status = step(reader, error);
    if (status || source->first)
        return status;
    if (source->live.has_stalled)
        return wr_fail(error, WR_FAILED, "cannot read %s: nothing came for %g s", source->name,
                       source->live.timeout);
    if (has_late_index(source))
        return wr_fail(error, WR_FAILED,
                       "the index of this MP4 is at its end, so it cannot be read from a pipe; use "
                       "a file: warpreel ... < in.mp4");
    return source->start
               ? wr_fail(error, WR_FAILED, "%s has no frame at or after the start time %s",
                         source->name, source->start)
               : wr_fail(error, WR_FAILED, "no frame of %s could be decoded", source->name);
}

enum wr_status wr_reader_open(struct wr_reader **reader, const struct wr_reader_options *options,
                              struct wr_error *error)
{
    struct wr_reader *new = *reader = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->only_first = options->only_first;
    new->shortest = options->shortest;
    // Filters that mix sounds go on without one that has ended. Where packets are held until the
    // last frame is known, their ends come with that of the output.
    new->tells_ends = options->shortest || (options->maps.sound && options->frames < 0 &&
                                            options->on_change != WR_ON_CHANGE_SPLIT);
    new->source.name = options->input;
    new->source.number = options->number;
    new->source.format = options->format;
    new->source.options = options->options;
    new->source.framerate = options->framerate;
    new->source.start = options->start;
    new->source.to = options->to;
    new->source.duration = options->duration;
    new->source.frames = options->frames;
    new->source.on_change = options->on_change;
    new->source.maps = options->maps;
    new->source.cancelled = options->cancelled;
    new->source.live = (struct wr_live){.timeout = options->timeout, .is_paced = options->is_paced};
    enum wr_status status = open_parts(new, options, error);
    if (options->lacks_video)
        *options->lacks_video = new->source.lacks_video;
    if (!status)
        status = read_first_frame(new, error);
    if (status) {
        wr_reader_close(reader);
        return status;
    }
    new->frames_total = wr_source_frames(&new->source);
    new->duration = wr_source_duration(&new->source);
    return WR_OK;
}

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

const AVPacket *wr_reader_first_packet(const struct wr_reader *reader, int stream)
{
    const AVPacket *ready = wr_messages_first_packet(&reader->ready, stream);
    return ready ? ready : wr_messages_first_packet(&reader->copies.held, stream);
}

int64_t wr_reader_damaged(const struct wr_reader *reader)
{
    // With several threads FFmpeg's decoders may forget to mark a damaged frame, and some demuxers
    // pass over damage in silence. But they log it.
    const struct wr_source *source = &reader->source;
    int64_t damaged = !source->damaged && wr_source_complaints(source) ? 1 : source->damaged;
    for (int n = 0; n < reader->companions.count; n++)
        damaged += reader->companions.items[n].source.damaged;
    return damaged;
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

void wr_reader_close(struct wr_reader **reader)
{
    struct wr_reader *old = *reader;
    if (!old)
        return;
    wr_messages_clear(&old->ready);
    av_packet_free(&old->packet);
    wr_timeline_close(&old->timeline);
    wr_copies_close(&old->copies);
    wr_companions_close(&old->companions);
    wr_decoder_close(&old->decoder);
    wr_skip_close(&old->skip);
    wr_source_close(&old->source);
    free(old);
    *reader = NULL;
}
