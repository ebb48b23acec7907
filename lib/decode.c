// SPDX-License-Identifier: MIT
// The decoder's half of a reader: frames with times that rise, all of one format, ready for
// delivery.
#include <libavutil/pixdesc.h>

#include "lib/compat.h"
#include "lib/reader.h"

// ---- times

int64_t wr_reader_offset(const struct wr_reader *r, AVRational time_base)
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
    const int64_t offset = wr_reader_offset(r, r->source.video->time_base);
    const int64_t known = wr_frame_duration(frame);
    const int64_t duration = known > 0 ? known : nominal_duration(r);
    r->duration_known = known > 0;
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

// True if what should be the first frame may have been lost on the way to the start.
static bool begins_too_late(const struct wr_reader *r, const AVFrame *frame)
{
    const int64_t pts = frame->best_effort_timestamp;
    return !r->source.whole && r->last_pts == AV_NOPTS_VALUE &&
           (pts == AV_NOPTS_VALUE || pts > wr_reader_offset(r, r->source.video->time_base));
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
    if (r->options.start) // what was said on the way to the start is no damage
        atomic_store(&r->source.complaints, 0);
    r->source.first = av_frame_clone(frame);
    return r->source.first ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

static enum wr_status deliver(struct wr_reader *r, AVFrame *frame, struct wr_error *error)
{
    struct wr_message message = {.frame = av_frame_alloc()};
    if (!message.frame)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_frame_move_ref(message.frame, frame);
    const enum wr_status status = wr_frame_unpack(&message.frame, error);
    if (status) {
        wr_message_drop(&message);
        return status;
    }
    return wr_messages_put(&r->ready, &message, error);
}

// Delivers the frame whose duration was not known: it lasts until the next one.
static enum wr_status deliver_pending(struct wr_reader *r, int64_t next, struct wr_error *error)
{
    if (!r->pending->buf[0])
        return WR_OK;
    wr_frame_set_duration(r->pending, next - r->pending->pts);
    return deliver(r, r->pending, error);
}

// When the last frame ends: with its stream, unless that is a guess or what follows could not be
// read.
static int64_t end_of_last(const struct wr_reader *r)
{
    const AVStream *video = r->source.video;
    if (r->damaged || video->duration <= 0 ||
        r->source.file->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE)
        return r->end;
    const int64_t begin = video->start_time == AV_NOPTS_VALUE ? 0 : video->start_time;
    const int64_t end = begin + video->duration - wr_reader_offset(r, video->time_base);
    return end > r->last_pts ? end : r->end;
}

static enum wr_status finish(struct wr_reader *r, struct wr_error *error)
{
    r->decoder_ended = true;
    if (r->pending->buf[0])
        r->end = end_of_last(r);
    return deliver_pending(r, r->end, error);
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
    if (begins_too_late(r, frame))
        return wr_reader_go_back(r, error);
    set_times(r, frame);
    if (r->options.start && frame->pts < 0)
        return WR_OK;
    r->damaged += frame->flags & AV_FRAME_FLAG_CORRUPT || frame->decode_error_flags;
    enum wr_status status =
        r->source.first ? check_format(r, frame, error) : begin(r, frame, error);
    if (status)
        return status;
    status = deliver_pending(r, frame->pts, error);
    if (status)
        return status;
    if (r->frames_left == 0) { // it was wanted for its format or its time only
        r->end = frame->pts;
        return wr_reader_release_held(r, error);
    }
    if (r->frames_left > 0)
        r->frames_left--;
    if (r->duration_known)
        status = deliver(r, frame, error);
    else
        av_frame_move_ref(r->pending, frame);
    return status ? status : wr_reader_release_held(r, error);
}

bool wr_reader_is_decoding(const struct wr_reader *r)
{
    return !r->decoder_ended && (r->frames_left != 0 || !r->source.first || r->pending->buf[0]);
}

bool wr_reader_end_is_known(const struct wr_reader *r)
{
    return r->source.first && r->options.frames >= 0 && r->frames_left == 0 && !r->pending->buf[0];
}

// Takes all frames the decoder has.
static enum wr_status decode(struct wr_reader *r, struct wr_error *error)
{
    while (wr_reader_is_decoding(r)) {
        const int result = avcodec_receive_frame(r->source.decoder, r->frame);
        if (result == AVERROR(EAGAIN))
            return WR_OK;
        if (result == AVERROR(ENOMEM))
            return wr_fail(error, WR_FAILED, "out of memory while decoding %s", r->source.name);
        r->decode_errors = result < 0 ? r->decode_errors + 1 : 0;
        if (result == AVERROR_EOF || r->decode_errors > MOST_ERRORS_IN_A_ROW) {
            if (!r->source.whole && r->last_pts == AV_NOPTS_VALUE)
                return wr_reader_go_back(r, error);
            const enum wr_status status = finish(r, error);
            if (status)
                return status;
        } else if (result < 0) {
            r->damaged++;
        } else {
            const enum wr_status status = take_frame(r, error);
            av_frame_unref(r->frame);
            if (status)
                return status;
        }
    }
    return wr_reader_release_held(r, error);
}

enum wr_status wr_reader_feed(struct wr_reader *r, const AVPacket *packet, struct wr_error *error)
{
    const int result = avcodec_send_packet(r->source.decoder, packet);
    r->decode_errors = packet ? 0 : r->decode_errors;
    if (result == AVERROR(ENOMEM))
        return wr_fail(error, WR_FAILED, "out of memory while decoding %s", r->source.name);
    // What a decoder misses on its way to the start is no damage.
    const bool on_the_way = r->options.start && !r->source.first;
    const bool corrupt = packet && packet->flags & AV_PKT_FLAG_CORRUPT;
    if (!on_the_way)
        r->damaged += corrupt || (result < 0 && result != AVERROR_EOF);
    return decode(r, error);
}
