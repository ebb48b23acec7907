// SPDX-License-Identifier: MIT
// Reads a file: decoded, planar frames of one video stream and the packets of all others, in order.
#include <libavutil/pixdesc.h>
#include <stdlib.h>

#include "lib/compat.h"
#include "lib/messages.h"
#include "lib/source.h"

enum { MOST_ERRORS_IN_A_ROW = 1000 };

// When only some frames are read, a stream with no packet near their end is waited for this long:
// what belongs together does not stand further apart in a file.
enum { INTERLEAVING_SECONDS = 10 };

enum copy_state { NOT_COPIED, NOT_BEGUN, COPIED, PAST_END };

struct wr_reader {
    struct wr_source source;
    struct wr_options options;
    struct wr_format format;
    AVPacket *packet; // being read
    AVFrame *frame;   // being decoded

    struct wr_messages ready; // to be delivered next
    struct wr_messages held;  // with --frames: copied packets not known yet to lie before the end
    struct wr_error failure;  // what comes after the messages that are ready

    enum copy_state *copies; // one for each stream of the file
    int copy_count;

    bool file_ended, decoder_ended, duplicate_told;
    int errors_in_a_row;
    int64_t frames_left;   // negative: all
    int64_t last_pts, end; // of the newest frame; AV_NOPTS_VALUE before
    int64_t damaged;
};

// ---- times

static int64_t offset_in(const struct wr_reader *r, AVRational time_base)
{
    return av_rescale_q(r->source.offset, AV_TIME_BASE_Q, time_base);
}

static double seconds(const struct wr_reader *r, int64_t pts)
{
    return (double)pts * av_q2d(r->source.video->time_base);
}

static int64_t nominal_duration(const struct wr_reader *r)
{
    const AVRational rate = r->source.frame_rate.num ? r->source.frame_rate : (AVRational){25, 1};
    const int64_t duration = av_rescale_q(1, av_inv_q(rate), r->source.video->time_base);
    return duration > 0 ? duration : 1;
}

// Gives the frame a time, later than the one before, and a duration, whatever the file says.
static void set_times(struct wr_reader *r, AVFrame *frame)
{
    const int64_t offset = offset_in(r, r->source.video->time_base);
    const int64_t known = wr_frame_duration(frame);
    const int64_t duration = known > 0 ? known : nominal_duration(r);
    const bool first = r->last_pts == AV_NOPTS_VALUE;
    int64_t pts = frame->best_effort_timestamp;
    pts = pts != AV_NOPTS_VALUE ? pts - offset : first ? -offset : r->end;
    if (!first && pts <= r->last_pts) {
        if (!r->duplicate_told)
            wr_log(&r->options, WR_LOG_WARNING,
                   "%s: the frame at %.3f s is not later than the one before it; such frames are "
                   "moved by the least possible",
                   r->source.name, seconds(r, pts));
        r->duplicate_told = true;
        pts = r->last_pts + 1;
    }
    frame->pts = r->last_pts = pts;
    wr_frame_set_duration(frame, duration);
    r->end = pts + duration;
}

// ---- copied packets

// True once the last frame is known and has been decoded.
static bool end_is_known(const struct wr_reader *r)
{
    return r->source.first && r->options.frames >= 0 && r->frames_left == 0;
}

static bool lies_before(const struct wr_reader *r, const AVPacket *packet, int64_t end)
{
    const AVRational time_base = r->source.file->streams[packet->stream_index]->time_base;
    const int64_t time = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    return time == AV_NOPTS_VALUE ||
           av_compare_ts(time, time_base, end, r->source.video->time_base) < 0;
}

// Delivers the held packets that lie before the newest frame's end; drops the others after the
// last.
static enum wr_status release_held(struct wr_reader *r, struct wr_error *error)
{
    const struct wr_message *next;
    while ((next = wr_messages_first(&r->held))) {
        const bool wanted = (r->decoder_ended && !end_is_known(r)) ||
                            (r->source.first && lies_before(r, next->packet, r->end));
        if (!wanted && !end_is_known(r))
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
    const int64_t offset = offset_in(r, stream->time_base);
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts -= offset;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= offset;
    if (*state == NOT_BEGUN && !cover && !begins_with(r, packet))
        return WR_OK;
    if (!cover && end_is_known(r) && !lies_before(r, packet, r->end)) {
        *state = PAST_END;
        return WR_OK;
    }
    *state = cover ? NOT_COPIED : COPIED; // a cover comes once
    struct wr_message message = {.packet = av_packet_alloc()};
    if (!message.packet)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_packet_move_ref(message.packet, packet);
    const bool hold = !cover && r->options.frames >= 0 && !end_is_known(r) && !r->decoder_ended;
    return wr_messages_put(hold ? &r->held : &r->ready, &message, error);
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

// ---- frames

static enum wr_status check_format(const struct wr_reader *r, const AVFrame *frame,
                                   struct wr_error *error)
{
    const AVFrame *first = r->source.first;
    struct wr_format now;
    if (wr_frame_format(frame, &now) && now.width == r->format.width &&
        now.height == r->format.height && now.model == r->format.model &&
        now.depth == r->format.depth && now.alpha == r->format.alpha &&
        now.log2_chroma_w == r->format.log2_chroma_w &&
        now.log2_chroma_h == r->format.log2_chroma_h)
        return WR_OK;
    return wr_fail(error, WR_FAILED,
                   "the picture of %s changes from %dx%d %s to %dx%d %s at %.3f s, which is not "
                   "supported yet",
                   r->source.name, first->width, first->height, av_get_pix_fmt_name(first->format),
                   frame->width, frame->height, av_get_pix_fmt_name(frame->format),
                   seconds(r, frame->pts));
}

// The first frame decides the format of the run; what the container says of it may be wrong.
static enum wr_status begin(struct wr_reader *r, const AVFrame *frame, struct wr_error *error)
{
    if (!wr_frame_format(frame, &r->format)) {
        const char *name = av_get_pix_fmt_name(frame->format);
        return wr_fail(
            error, WR_FAILED,
            "%s has pixel format %s, which is not supported: warpreel takes whole-number "
            "samples, all of one depth from 8 to 16 bits",
            r->source.name, name ? name : "(unknown)");
    }
    r->source.first = av_frame_clone(frame);
    return r->source.first ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

// Makes r->frame ready for delivery, unless it lies before the start or past the end.
static enum wr_status take_frame(struct wr_reader *r, struct wr_error *error)
{
    AVFrame *const frame = r->frame;
    frame->sample_aspect_ratio =
        av_guess_sample_aspect_ratio(r->source.file, r->source.video, frame);
    // VP8 itself knows one matrix only; what the container says overrules it.
    const AVCodecParameters *parameters = r->source.video->codecpar;
    if (parameters->codec_id == AV_CODEC_ID_VP8 && parameters->color_space != AVCOL_SPC_UNSPECIFIED)
        frame->colorspace = parameters->color_space;
    set_times(r, frame);
    if (r->options.start && frame->pts < 0)
        return WR_OK;
    r->damaged += frame->flags & AV_FRAME_FLAG_CORRUPT || frame->decode_error_flags;
    enum wr_status status =
        r->source.first ? check_format(r, frame, error) : begin(r, frame, error);
    if (status)
        return status;
    if (r->frames_left == 0) { // it was wanted for its format only
        r->end = frame->pts;
        return release_held(r, error);
    }
    struct wr_message message = {.frame = av_frame_alloc()};
    if (!message.frame)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_frame_move_ref(message.frame, frame);
    status = wr_frame_unpack(&message.frame, error);
    if (status) {
        wr_message_drop(&message);
        return status;
    }
    if (r->frames_left > 0)
        r->frames_left--;
    status = wr_messages_put(&r->ready, &message, error);
    return status ? status : release_held(r, error);
}

static bool is_decoding(const struct wr_reader *r)
{
    return !r->decoder_ended && (r->frames_left != 0 || !r->source.first);
}

// Takes all frames the decoder has.
static enum wr_status decode(struct wr_reader *r, struct wr_error *error)
{
    while (is_decoding(r)) {
        const int result = avcodec_receive_frame(r->source.decoder, r->frame);
        if (result == AVERROR(EAGAIN))
            return WR_OK;
        if (result == AVERROR(ENOMEM))
            return wr_fail(error, WR_FAILED, "out of memory while decoding %s", r->source.name);
        r->errors_in_a_row = result < 0 ? r->errors_in_a_row + 1 : 0;
        if (result == AVERROR_EOF || r->errors_in_a_row > MOST_ERRORS_IN_A_ROW) {
            r->decoder_ended = true;
        } else if (result < 0) {
            r->damaged++;
        } else {
            const enum wr_status status = take_frame(r, error);
            av_frame_unref(r->frame);
            if (status)
                return status;
        }
    }
    return release_held(r, error);
}

// packet NULL: the end, the decoder gives what it holds back.
static enum wr_status feed_decoder(struct wr_reader *r, const AVPacket *packet,
                                   struct wr_error *error)
{
    const int result = avcodec_send_packet(r->source.decoder, packet);
    if (result == AVERROR(ENOMEM))
        return wr_fail(error, WR_FAILED, "out of memory while decoding %s", r->source.name);
    // What a decoder misses on its way to the start is no damage.
    const bool on_the_way = r->options.start && !r->source.first;
    const bool corrupt = packet && packet->flags & AV_PKT_FLAG_CORRUPT;
    if (!on_the_way)
        r->damaged += corrupt || (result < 0 && result != AVERROR_EOF);
    return decode(r, error);
}

// ---- the file

static enum wr_status end_or_damage(struct wr_reader *r, int result, struct wr_error *error)
{
    const AVIOInterruptCB *interrupt = &r->source.file->interrupt_callback;
    if (interrupt->callback && interrupt->callback(interrupt->opaque))
        return wr_fail(error, WR_INTERRUPTED, "interrupted");
    if (result == AVERROR(ENOMEM))
        return wr_fail(error, WR_FAILED, "out of memory while reading %s", r->source.name);
    if (result == AVERROR_EOF) {
        const AVIOContext *pb = r->source.file->pb;
        r->damaged +=
            (pb && pb->error < 0 && pb->error != AVERROR_EOF) || wr_source_is_truncated(&r->source);
        r->file_ended = true;
    } else if (result != AVERROR(EAGAIN)) {
        r->damaged += r->errors_in_a_row == 0; // one hole, however many packets lie in it
    }
    if (++r->errors_in_a_row > MOST_ERRORS_IN_A_ROW)
        r->file_ended = true;
    if (r->file_ended)
        r->errors_in_a_row = 0;
    return WR_OK;
}

// Reads one packet, or after the end of the file asks the decoder for what it holds back.
static enum wr_status step(struct wr_reader *r, struct wr_error *error)
{
    if (r->file_ended)
        return feed_decoder(r, NULL, error);
    const int result = av_read_frame(r->source.file, r->packet);
    if (result < 0)
        return end_or_damage(r, result, error);
    r->errors_in_a_row = 0;
    enum wr_status status = WR_OK;
    if (r->packet->stream_index != r->source.video->index)
        status = copy_packet(r, r->packet, error);
    else if (is_decoding(r))
        status = feed_decoder(r, r->packet, error);
    else
        give_up_waiting(r, r->packet);
    av_packet_unref(r->packet);
    return status;
}

static bool is_finished(const struct wr_reader *r)
{
    return !is_decoding(r) && (r->file_ended || (end_is_known(r) && copies_are_complete(r)));
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
    r->copy_count = (int)file->nb_streams;
    r->copies = calloc((size_t)r->copy_count, sizeof *r->copies);
    if (!r->packet || !r->frame || !r->copies)
        return WR_FAILED;
    for (int i = 0; i < r->copy_count; i++) {
        const AVStream *stream = file->streams[i];
        if (i != r->source.video->index && stream->discard < AVDISCARD_ALL &&
            stream->codecpar->codec_type != AVMEDIA_TYPE_ATTACHMENT)
            r->copies[i] = NOT_BEGUN;
    }
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
    free(r->copies);
    wr_source_close(&r->source);
    free(r);
    *reader = NULL;
}
