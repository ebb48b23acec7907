// SPDX-License-Identifier: MIT
// Decodes frames, gives them times and durations, and marks those that differ from the first.
#include "lib/input/decode.h"

#include <libavutil/macros.h>
#include <libavutil/pixdesc.h>
#include <stdlib.h>
#include <string.h>

#include "lib/input/decoder_context.h"
#include "lib/input/orientation.h"
#include "lib/media/compat.h"
#include "lib/media/frame.h"
#include "lib/media/frame_pool.h"
#include "lib/media/repack.h"
#include "lib/media/stream.h"

// ---- opening, closing

enum wr_status wr_decoder_open(struct wr_decoder *decoder, struct wr_source *source, int threads,
                               const struct wr_log *log, struct wr_error *error)
{
    *decoder = (struct wr_decoder){
        .source = source,
        .log = *log,
        .judge = {.source = source, .log = *log},
        .received = av_frame_alloc(),
        .frames_left = source->frames,
        .orientation = -1,
        .pts = AV_NOPTS_VALUE,
        .resume = AV_NOPTS_VALUE,
        .end = AV_NOPTS_VALUE,
    };
    decoder->opaque =
        (struct wr_decoder_opaque){&source->complaints, &decoder->patched, &decoder->surfaces};
    wr_surfaces_open(&decoder->surfaces);
    if (!decoder->received)
        return wr_fail(error, WR_FAILED, "out of memory");
    return wr_decoder_context_open(&decoder->context, source, threads, &decoder->opaque, error);
}

void wr_decoder_close(struct wr_decoder *decoder)
{
    avcodec_free_context(&decoder->context);
    av_frame_free(&decoder->received);
    av_frame_free(&decoder->pending);
    wr_frame_pool_close(&decoder->pool);
    wr_surfaces_close(&decoder->surfaces);
}

void wr_decoder_restart(struct wr_decoder *decoder)
{
    avcodec_flush_buffers(decoder->context);
    decoder->pts = decoder->end = AV_NOPTS_VALUE;
    decoder->errors = 0;
    decoder->ended = decoder->missed_start = decoder->warned = false;
}

void wr_decoder_resume(struct wr_decoder *decoder, int64_t pts)
{
    wr_decoder_restart(decoder);
    av_frame_free(&decoder->pending);
    decoder->resume = pts;
}

bool wr_decoder_is_active(const struct wr_decoder *decoder)
{
    return !decoder->ended &&
           (decoder->frames_left != 0 || !decoder->source->first || decoder->pending);
}

bool wr_decoder_end_is_known(const struct wr_decoder *decoder)
{
    return decoder->source->first && decoder->frames_left == 0 && !decoder->pending;
}

// ---- times

static double seconds(const struct wr_decoder *decoder, int64_t pts)
{
    return (double)pts * av_q2d(wr_source_time_base(decoder->source));
}

static int64_t nominal_duration(const struct wr_source *source)
{
    const AVRational rate = source->frame_rate.num ? source->frame_rate : (AVRational){25, 1};
    const int64_t duration = av_rescale_q(1, av_inv_q(rate), source->video->time_base);
    return duration > 0 ? duration : 1;
}

// Gives the frame a time, always later than that of the frame before. Its best-effort time is the
// same, and stays so when filters change the other. Its duration stays 0 if the file does not tell
// it; decoder->end is an estimate then.
static void set_times(struct wr_decoder *decoder, AVFrame *frame)
{
    const AVRational time_base = decoder->source->video->time_base;
    const int64_t offset = wr_source_offset(decoder->source, time_base);
    const bool is_first = decoder->pts == AV_NOPTS_VALUE;
    int64_t pts = frame->best_effort_timestamp;
    int64_t duration = wr_frame_duration(frame);
    // In a stream without times a packet of one field lasts half as long as its frame.
    if (pts == AV_NOPTS_VALUE)
        duration = FFMAX(duration, nominal_duration(decoder->source));
    pts = pts != AV_NOPTS_VALUE ? pts - offset : is_first ? -offset : decoder->end;
    if (!is_first && pts <= decoder->pts) {
        if (!decoder->warned)
            wr_say(&decoder->log, WR_LOG_WARNING,
                   "%s: the frame at %.3f s is not later than the one before it; such frames are "
                   "moved by the least possible",
                   decoder->source->name, seconds(decoder, pts));
        decoder->warned = true;
        pts = decoder->pts + 1;
    }
    frame->time_base = time_base;
    frame->pts = frame->best_effort_timestamp = decoder->pts = pts;
    wr_frame_set_duration(frame, duration > 0 ? duration : 0);
    decoder->end = pts + (duration > 0 ? duration : nominal_duration(decoder->source));
}

// Counts the frame instead of asking when it is shown.
static void count_frame(struct wr_decoder *decoder, AVFrame *frame)
{
    frame->time_base = wr_source_time_base(decoder->source);
    frame->pts = frame->best_effort_timestamp = decoder->pts = decoder->counted++;
    wr_frame_set_duration(frame, 1);
    decoder->end = frame->pts + 1;
}

// As in FFmpeg, the part that is read ends so long after its first frame.
static bool is_past_end(const struct wr_decoder *decoder, const AVFrame *frame)
{
    const struct wr_source *source = decoder->source;
    const bool is_first = frame->pts == decoder->first_pts;
    return (source->end != INT64_MAX &&
            av_compare_ts(frame->pts - decoder->first_pts, frame->time_base, source->end,
                          AV_TIME_BASE_Q) >= 0) ||
           (!is_first &&
            !wr_is_written_within(frame->pts, frame->time_base, source->frame_rate, source->most));
}

// When the last frame ends: with its stream. Where the stream's duration is a guess, or not all of
// the stream could be read, the estimate stays.
static int64_t end_of_last(const struct wr_decoder *decoder)
{
    const struct wr_source *source = decoder->source;
    const AVStream *video = source->video;
    if (source->damaged || video->duration <= 0 || source->forced_rate.num ||
        source->file->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE)
        return decoder->end;
    const int64_t begin = video->start_time == AV_NOPTS_VALUE ? 0 : video->start_time;
    const int64_t end = begin + video->duration - wr_source_offset(source, video->time_base);
    return end > decoder->pts ? end : decoder->end;
}

// ---- frames

// The orientation by EXIF where the decoder gives no more than its number, as FFmpeg's of WebP
// before version 8 does, or nothing at all.
static bool find_orientation(const struct wr_decoder *decoder, const AVFrame *frame)
{
    const AVDictionaryEntry *tag = av_dict_get(frame->metadata, "Orientation", NULL, 0);
    return wr_turn_of_orientation(tag ? atoi(tag->value) : decoder->orientation,
                                  decoder->source->turn);
}

// Where the frame says how it is to be turned, that counts, else what the container says.
static void find_turn(const struct wr_decoder *decoder, const AVFrame *frame)
{
    struct wr_source *const source = decoder->source;
    const AVFrameSideData *data = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    size_t size = data ? data->size : 0;
    const uint8_t *matrix =
        data ? data->data : wr_stream_side_data(source->video, AV_PKT_DATA_DISPLAYMATRIX, &size);
    source->has_turn = matrix && size >= sizeof source->turn;
    if (source->has_turn)
        memcpy(source->turn, matrix, sizeof source->turn);
    else
        source->has_turn = find_orientation(decoder, frame);
}

// Corrects what decoders get wrong about a frame.
static void set_properties(const struct wr_decoder *decoder, AVFrame *frame)
{
    const struct wr_source *source = decoder->source;
    const AVCodecParameters *parameters = source->video->codecpar;
    if (!source->first)
        find_turn(decoder, frame);
    av_frame_remove_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX); // from here on the stream's
    frame->sample_aspect_ratio = av_guess_sample_aspect_ratio(source->file, source->video, frame);
    // VP8 itself has one matrix only; the container may name another.
    if (parameters->codec_id == AV_CODEC_ID_VP8 && parameters->color_space != AVCOL_SPC_UNSPECIFIED)
        frame->colorspace = parameters->color_space;
}

// True if this first frame lies after the start, and the packets before it have not been read.
static bool comes_too_late(const struct wr_decoder *decoder, const AVFrame *frame)
{
    const struct wr_source *source = decoder->source;
    const int64_t pts = frame->best_effort_timestamp;
    return !source->from_beginning && decoder->pts == AV_NOPTS_VALUE &&
           (pts == AV_NOPTS_VALUE || pts > wr_source_offset(source, source->video->time_base));
}

// The pool is for frames of one format in one memory; another one is opened where either changes.
static enum wr_status unpack(struct wr_decoder *decoder, AVFrame **frame, struct wr_error *error)
{
    const struct wr_format *own = wr_frame_own_format(*frame);
    const struct wr_format *format = own ? own : &decoder->judge.format;
    struct wr_host_memory *memory = atomic_load(&decoder->surfaces.memory);
    if (decoder->pool &&
        (!wr_frame_pool_is_for(decoder->pool, format) || decoder->pool_memory != memory))
        wr_frame_pool_close(&decoder->pool);
    decoder->pool_memory = memory;
    if (!decoder->pool && !(decoder->pool = wr_frame_pool_open(format, WR_ALL_PLANES, memory)))
        return wr_fail(error, WR_FAILED, "out of memory");
    return wr_frame_unpack(frame, decoder->pool, error);
}

// When the decoder lets go of a frame depends on threads. So nobody writes into it: some filters of
// FFmpeg's make other pictures where they may.
static enum wr_status hand_over(struct wr_decoder *decoder, AVFrame **frame, struct wr_error *error)
{
    *frame = decoder->pending;
    decoder->pending = NULL;
    enum wr_status status = unpack(decoder, frame, error);
    if (!status && !wr_frame_set_read_only(*frame))
        status = wr_fail(error, WR_FAILED, "out of memory");
    return status;
}

// Makes the received frame the pending one, unless it lies before the start or after the end. The
// frame that was pending lasts until this one.
static enum wr_status take_received(struct wr_decoder *decoder, AVFrame **frame,
                                    struct wr_error *error)
{
    AVFrame *const received = decoder->received;
    struct wr_source *const source = decoder->source;
    set_properties(decoder, received);
    decoder->missed_start = comes_too_late(decoder, received);
    if (decoder->missed_start)
        return WR_OK;
    const bool counts = source->forced_rate.num;
    if (!counts || !source->first)
        set_times(decoder, received);
    if ((source->start && received->pts < 0) || received->pts < decoder->resume)
        return WR_OK;
    if (counts)
        count_frame(decoder, received);
    if (!source->first)
        decoder->first_pts = received->pts;
    // With several threads decoders may forget to set decode_error_flags. So these are not counted.
    if (received->decode_error_flags)
        atomic_fetch_add(&source->complaints, 1);
    source->damaged +=
        received->flags & AV_FRAME_FLAG_CORRUPT || wr_patched_has(&decoder->patched, received);
    enum wr_status status = WR_OK;
    if (!source->first)
        status = wr_judge_first_frame(&decoder->judge, received, error);
    else if (decoder->frames_left != 0) // otherwise only its time is wanted
        status = wr_judge_frame(&decoder->judge, received, error);
    if (decoder->judge.ends_here) // what comes is the next part's; its time ends this one
        decoder->frames_left = 0;
    if (!status && decoder->pending) {
        wr_frame_set_duration(decoder->pending, received->pts - decoder->pending->pts);
        status = hand_over(decoder, frame, error);
    }
    if (status)
        return status;
    if (is_past_end(decoder, received))
        decoder->frames_left = 0;
    if (decoder->frames_left == 0) { // only its format or its time was wanted
        decoder->end = received->pts;
        return WR_OK;
    }
    decoder->frames_left -= decoder->frames_left > 0;
    decoder->pending = received;
    decoder->received = av_frame_alloc();
    return decoder->received ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

// There are no more frames: the pending one ends with its stream.
static void finish(struct wr_decoder *decoder)
{
    decoder->missed_start = !decoder->source->from_beginning && decoder->pts == AV_NOPTS_VALUE;
    if (decoder->missed_start)
        return;
    decoder->ended = true;
    if (!decoder->pending)
        return;
    decoder->end = end_of_last(decoder);
    wr_frame_set_duration(decoder->pending, decoder->end - decoder->pending->pts);
}

enum wr_status wr_decoder_receive(struct wr_decoder *decoder, AVFrame **frame,
                                  struct wr_error *error)
{
    *frame = NULL;
    enum wr_status status = WR_OK;
    while (!status && !*frame && !decoder->missed_start) {
        if (decoder->pending && wr_frame_duration(decoder->pending) > 0) {
            status = hand_over(decoder, frame, error);
            break;
        }
        if (!wr_decoder_is_active(decoder))
            return WR_OK;
        const int result = avcodec_receive_frame(decoder->context, decoder->received);
        if (result == AVERROR(EAGAIN))
            return WR_OK;
        if (wr_source_is_out_of_memory(result))
            return wr_fail(error, WR_FAILED, "out of memory while decoding %s",
                           decoder->source->name);
        decoder->errors = result < 0 ? decoder->errors + 1 : 0;
        if (result == AVERROR_EOF || decoder->errors > WR_MOST_ERRORS_IN_A_ROW)
            finish(decoder);
        else if (result < 0)
            decoder->source->damaged++;
        else
            status = take_received(decoder, frame, error);
        av_frame_unref(decoder->received);
    }
    if (status)
        av_frame_free(frame);
    return status;
}

enum wr_status wr_decoder_send(struct wr_decoder *decoder, const AVPacket *packet,
                               struct wr_error *error)
{
    struct wr_source *const source = decoder->source;
    if (packet && !packet->size) // as between the rounds of a GIF; to decoders it means the end
        return WR_OK;
    if (packet && decoder->orientation < 0)
        decoder->orientation = wr_orientation_of_packet(decoder->context->codec_id, packet);
    const int result = avcodec_send_packet(decoder->context, packet);
    if (packet)
        decoder->errors = 0;
    if (wr_source_is_out_of_memory(result))
        return wr_fail(error, WR_FAILED, "out of memory while decoding %s", source->name);
    // Before the start, packets may build on frames that were not read: that is no damage.
    const bool before_start = source->start && !source->first;
    const bool corrupt = packet && packet->flags & AV_PKT_FLAG_CORRUPT;
    if (!before_start)
        source->damaged += corrupt || (result < 0 && result != AVERROR_EOF);
    return WR_OK;
}
