// SPDX-License-Identifier: MIT
// The decoder's half of a reader: frames with times that rise, all of one format, ready for
// delivery.
#include <libavutil/pixdesc.h>

#include "lib/media/compat.h"
#include "lib/input/reader_state.h"

// ---- times

int64_t wr_reader_offset(const struct wr_reader *reader, AVRational time_base)
{
    return av_rescale_q(reader->source.offset, AV_TIME_BASE_Q, time_base);
}

static double seconds(const struct wr_reader *reader, int64_t pts)
{
    return (double)pts * av_q2d(reader->source.video->time_base);
}

static int64_t nominal_duration(const struct wr_reader *reader)
{
    const AVRational rate =
        reader->source.frame_rate.num ? reader->source.frame_rate : (AVRational){25, 1};
    const int64_t duration = av_rescale_q(1, av_inv_q(rate), reader->source.video->time_base);
    return duration > 0 ? duration : 1;
}

// Gives the frame a time, later than the one before, and a duration, whatever the file says.
static void set_times(struct wr_reader *reader, AVFrame *frame)
{
    const int64_t offset = wr_reader_offset(reader, reader->source.video->time_base);
    const int64_t known = wr_frame_duration(frame);
    const int64_t duration = known > 0 ? known : nominal_duration(reader);
    reader->duration_known = known > 0;
    const bool first = reader->last_pts == AV_NOPTS_VALUE;
    int64_t pts = frame->best_effort_timestamp;
    pts = pts != AV_NOPTS_VALUE ? pts - offset : first ? -offset : reader->end;
    if (!first && pts <= reader->last_pts) {
        if (!reader->duplicate_told)
            wr_log(&reader->options, WR_LOG_WARNING,
                   "%s: the frame at %.3f s is not later than the one before it; such frames are "
                   "moved by the least possible",
                   reader->source.name, seconds(reader, pts));
        reader->duplicate_told = true;
        pts = reader->last_pts + 1;
    }
    frame->pts = reader->last_pts = pts;
    wr_frame_set_duration(frame, duration);
    reader->end = pts + duration;
}

// True if what should be the first frame may have been lost on the way to the start.
static bool begins_too_late(const struct wr_reader *reader, const AVFrame *frame)
{
    const int64_t pts = frame->best_effort_timestamp;
    return !reader->source.whole && reader->last_pts == AV_NOPTS_VALUE &&
           (pts == AV_NOPTS_VALUE ||
            pts > wr_reader_offset(reader, reader->source.video->time_base));
}

// ---- frames

static enum wr_status check_format(const struct wr_reader *reader, const AVFrame *frame,
                                   struct wr_error *error)
{
    const AVFrame *first = reader->source.first;
    struct wr_format now;
    if (wr_frame_format(frame, &now) && now.width == reader->format.width &&
        now.height == reader->format.height && now.model == reader->format.model &&
        now.depth == reader->format.depth && now.alpha == reader->format.alpha &&
        now.log2_chroma_w == reader->format.log2_chroma_w &&
        now.log2_chroma_h == reader->format.log2_chroma_h)
        return WR_OK;
    return wr_fail(error, WR_FAILED,
                   "the picture of %s changes from %dx%d %s to %dx%d %s at %.3f s, which is not "
                   "supported yet",
                   reader->source.name, first->width, first->height,
                   av_get_pix_fmt_name(first->format), frame->width, frame->height,
                   av_get_pix_fmt_name(frame->format), seconds(reader, frame->pts));
}

// The first frame decides the format of the run; what the container says of it may be wrong.
static enum wr_status begin(struct wr_reader *reader, const AVFrame *frame, struct wr_error *error)
{
    if (!wr_frame_format(frame, &reader->format)) {
        const char *name = av_get_pix_fmt_name(frame->format);
        return wr_fail(
            error, WR_FAILED,
            "%s has pixel format %s, which is not supported: warpreel takes whole-number "
            "samples, all of one depth from 8 to 16 bits",
            reader->source.name, name ? name : "(unknown)");
    }
    const AVRational rate = reader->source.frame_rate;
    reader->format.time_base = av_q2d(reader->source.video->time_base);
    reader->format.frame_rate = rate.num ? av_q2d(rate) : 0;
    if (reader->options.start) // what was said on the way to the start is no damage
        atomic_store(&reader->source.complaints, 0);
    reader->source.first = av_frame_clone(frame);
    reader->pool = wr_frame_pool_open(&reader->format, WR_ALL_PLANES);
    return reader->source.first && reader->pool ? WR_OK
                                                : wr_fail(error, WR_FAILED, "out of memory");
}

static enum wr_status deliver(struct wr_reader *reader, AVFrame *frame, struct wr_error *error)
{
    struct wr_message message = {.frame = av_frame_alloc()};
    if (!message.frame)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_frame_move_ref(message.frame, frame);
    const enum wr_status status = wr_frame_unpack(&message.frame, reader->pool, error);
    if (status) {
        wr_message_drop(&message);
        return status;
    }
    return wr_messages_put(&reader->ready, &message, error);
}

// Delivers the frame whose duration was not known: it lasts until the next one.
static enum wr_status deliver_pending(struct wr_reader *reader, int64_t next,
                                      struct wr_error *error)
{
    if (!reader->pending->buf[0])
        return WR_OK;
    wr_frame_set_duration(reader->pending, next - reader->pending->pts);
    return deliver(reader, reader->pending, error);
}

// When the last frame ends: with its stream, unless that is a guess or what follows could not be
// read.
static int64_t end_of_last(const struct wr_reader *reader)
{
    const AVStream *video = reader->source.video;
    if (reader->damaged || video->duration <= 0 ||
        reader->source.file->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE)
        return reader->end;
    const int64_t begin = video->start_time == AV_NOPTS_VALUE ? 0 : video->start_time;
    const int64_t end = begin + video->duration - wr_reader_offset(reader, video->time_base);
    return end > reader->last_pts ? end : reader->end;
}

static enum wr_status finish(struct wr_reader *reader, struct wr_error *error)
{
    reader->decoder_ended = true;
    if (reader->pending->buf[0])
        reader->end = end_of_last(reader);
    return deliver_pending(reader, reader->end, error);
}

// Makes reader->frame ready for delivery, unless it lies before the start or past the end.
static enum wr_status take_frame(struct wr_reader *reader, struct wr_error *error)
{
    AVFrame *const frame = reader->frame;
    frame->sample_aspect_ratio =
        av_guess_sample_aspect_ratio(reader->source.file, reader->source.video, frame);
    // VP8 itself knows one matrix only; what the container says overrules it.
    const AVCodecParameters *parameters = reader->source.video->codecpar;
    if (parameters->codec_id == AV_CODEC_ID_VP8 && parameters->color_space != AVCOL_SPC_UNSPECIFIED)
        frame->colorspace = parameters->color_space;
    if (begins_too_late(reader, frame))
        return wr_reader_go_back(reader, error);
    set_times(reader, frame);
    if (reader->options.start && frame->pts < 0)
        return WR_OK;
    reader->damaged += frame->flags & AV_FRAME_FLAG_CORRUPT || frame->decode_error_flags;
    enum wr_status status =
        reader->source.first ? check_format(reader, frame, error) : begin(reader, frame, error);
    if (status)
        return status;
    status = deliver_pending(reader, frame->pts, error);
    if (status)
        return status;
    if (reader->frames_left == 0) { // it was wanted for its format or its time only
        reader->end = frame->pts;
        return wr_reader_release_held(reader, error);
    }
    if (reader->frames_left > 0)
        reader->frames_left--;
    if (reader->duration_known)
        status = deliver(reader, frame, error);
    else
        av_frame_move_ref(reader->pending, frame);
    return status ? status : wr_reader_release_held(reader, error);
}

bool wr_reader_is_decoding(const struct wr_reader *reader)
{
    return !reader->decoder_ended &&
           (reader->frames_left != 0 || !reader->source.first || reader->pending->buf[0]);
}

bool wr_reader_end_is_known(const struct wr_reader *reader)
{
    return reader->source.first && reader->options.frames >= 0 && reader->frames_left == 0 &&
           !reader->pending->buf[0];
}

// Takes all frames the decoder has.
static enum wr_status decode(struct wr_reader *reader, struct wr_error *error)
{
    while (wr_reader_is_decoding(reader)) {
        const int result = avcodec_receive_frame(reader->source.decoder, reader->frame);
        if (result == AVERROR(EAGAIN))
            return WR_OK;
        if (result == AVERROR(ENOMEM))
            return wr_fail(error, WR_FAILED, "out of memory while decoding %s",
                           reader->source.name);
        reader->decode_errors = result < 0 ? reader->decode_errors + 1 : 0;
        if (result == AVERROR_EOF || reader->decode_errors > MOST_ERRORS_IN_A_ROW) {
            if (!reader->source.whole && reader->last_pts == AV_NOPTS_VALUE)
                return wr_reader_go_back(reader, error);
            const enum wr_status status = finish(reader, error);
            if (status)
                return status;
        } else if (result < 0) {
            reader->damaged++;
        } else {
            const enum wr_status status = take_frame(reader, error);
            av_frame_unref(reader->frame);
            if (status)
                return status;
        }
    }
    return wr_reader_release_held(reader, error);
}

enum wr_status wr_reader_feed(struct wr_reader *reader, const AVPacket *packet,
                              struct wr_error *error)
{
    const int result = avcodec_send_packet(reader->source.decoder, packet);
    reader->decode_errors = packet ? 0 : reader->decode_errors;
    if (result == AVERROR(ENOMEM))
        return wr_fail(error, WR_FAILED, "out of memory while decoding %s", reader->source.name);
    // What a decoder misses on its way to the start is no damage.
    const bool on_the_way = reader->options.start && !reader->source.first;
    const bool corrupt = packet && packet->flags & AV_PKT_FLAG_CORRUPT;
    if (!on_the_way)
        reader->damaged += corrupt || (result < 0 && result != AVERROR_EOF);
    return decode(reader, error);
}
