// SPDX-License-Identifier: MIT
// Cuts as FFmpeg does behind its filters: frames by the first one that stays, packets by the clock.
// Where the shortest stream or a number of frames is to end all, packets wait until a frame has got
// so far.
#include "lib/run/stages/cut_stage.h"

#include <stdlib.h>

#include "lib/input/source.h"
#include "lib/media/compat.h"

enum { LEAD = AV_TIME_BASE / 4 };

// When frames have gone this far beyond the end, no more packets are waited for.
enum { INTERLEAVING_SECONDS = 10 };

static bool is_after(int64_t time, AVRational time_base, int64_t limit)
{
    return limit != INT64_MAX && av_compare_ts(time, time_base, limit, AV_TIME_BASE_Q) >= 0;
}

static bool is_far_after(int64_t time, AVRational time_base, int64_t limit)
{
    const AVRational second = {1, 1};
    return is_after(time - av_rescale_q(INTERLEAVING_SECONDS, second, time_base), time_base, limit);
}

// ---- ending early

static bool is_waited_for(const struct wr_cut_stage *s, int index)
{
    const AVStream *stream = s->source->streams[index].av;
    const enum AVMediaType type = stream->codecpar->codec_type;
    return stream != s->source->video && stream->discard < AVDISCARD_ALL && !wr_is_cover(stream) &&
           (type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_VIDEO) &&
           s->source->streams[index].wanted;
}

// Ends the job once frames and packets have reached the end.
static int end_if_complete(struct wr_cut_stage *s)
{
    if (!s->stage.has_enough)
        return 0;
    for (int i = 0; i < s->source->stream_count; i++)
        if (!s->complete[i] && is_waited_for(s, i))
            return 0;
    wr_cause_stop_before(s->stage.cause, s->stage.in, WR_END);
    return WR_END;
}

static void stop_waiting(struct wr_cut_stage *s)
{
    for (int i = 0; i < s->source->stream_count; i++)
        s->complete[i] = true;
}

// ---- packets that wait

static bool is_reached(const struct wr_cut_stage *s, const AVPacket *packet)
{
    const AVRational time_base = s->source->streams[packet->stream_index].av->time_base;
    const int64_t time = wr_packet_time(packet);
    return time == AV_NOPTS_VALUE || av_compare_ts(time, time_base, s->reached, s->time_base) < 0;
}

static int hold(struct wr_cut_stage *s, struct wr_message *message)
{
    struct wr_error error;
    if (wr_messages_put(&s->held, message, &error)) {
        wr_stage_fail(&s->stage, &error);
        return error.status;
    }
    return 0;
}

// Sends the packets on that the newest frame has reached. Others may stand between them: one input
// is read further than another.
static int release(struct wr_cut_stage *s)
{
    int status = 0;
    for (int left = s->held.count; left > 0 && !status; left--) {
        struct wr_message message;
        wr_messages_get(&s->held, &message);
        if (!is_reached(s, message.packet)) {
            status = hold(s, &message);
            continue;
        }
        status = wr_stage_send(s->stage.out, &message, s->stage.track);
        if (status)
            wr_message_drop(&message);
    }
    return status;
}

// Ends all streams with the newest frame, which is the last one. What is still held lies behind it.
static int end_here(struct wr_cut_stage *s)
{
    struct wr_message message;
    const int64_t end = av_rescale_q(s->reached, s->time_base, AV_TIME_BASE_Q);
    s->stage.has_enough = true;
    s->streams_end = FFMIN(s->streams_end, end);
    while (wr_messages_first(&s->held)) {
        wr_messages_get(&s->held, &message);
        s->complete[message.packet->stream_index] = true;
        wr_message_drop(&message);
    }
    return end_if_complete(s);
}

// ---- frames

static int take(struct wr_stage *stage, const struct wr_message *message)
{
    struct wr_cut_stage *s = (struct wr_cut_stage *)stage;
    AVFrame *frame = message->frame;
    stage->counts.in++;
    frame->pts -= av_rescale_q(s->skip, AV_TIME_BASE_Q, s->time_base);
    const int64_t since = s->first == AV_NOPTS_VALUE ? 0 : frame->pts - s->first;
    s->stage.has_enough |=
        is_after(since, s->time_base, s->duration) ||
        (since && !wr_is_written_within(frame->pts, s->time_base, s->frame_rate, s->duration)) ||
        is_after(frame->pts, s->time_base, s->streams_end);
    if (s->stage.has_enough && (is_far_after(since, s->time_base, s->duration) ||
                                is_far_after(frame->pts, s->time_base, s->streams_end)))
        stop_waiting(s);
    if (frame->pts < 0 || s->stage.has_enough) {
        stage->counts.dropped++;
        av_frame_free(&frame);
        return end_if_complete(s);
    }
    if (s->first == AV_NOPTS_VALUE)
        s->first = frame->pts;
    const int64_t end = frame->pts + wr_frame_duration(frame);
    const struct wr_message kept = {.frame = frame, .index = s->index};
    const int status = wr_stage_send(stage->out, &kept, stage->track);
    if (status) {
        av_frame_free(&frame);
        return status;
    }
    s->index++;
    stage->counts.out++;
    s->reached = FFMAX(s->reached, end);
    const int released = release(s);
    return released || s->index != s->frames ? released : end_here(s);
}

static int end(struct wr_stage *stage)
{
    (void)stage;
    return 0;
}

// ---- packets

// Moves the packet to the new beginning. False if it lies before it; text that is still to be read
// then is shown from there on.
static bool move(const struct wr_cut_stage *s, const AVStream *stream, AVPacket *packet)
{
    const int64_t skip = av_rescale_q(s->skip, AV_TIME_BASE_Q, stream->time_base);
    if (!skip) // the decoder's delay of sound lies before 0
        return true;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts -= skip;
    if (packet->pts == AV_NOPTS_VALUE)
        return packet->dts == AV_NOPTS_VALUE || packet->dts >= 0;
    packet->pts -= skip;
    const int64_t left = packet->pts + packet->duration;
    // Sound that is decoded needs some packets before; the writer leaves them out of what it
    // copies.
    const int64_t lead = stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO
                             ? av_rescale_q(LEAD, AV_TIME_BASE_Q, stream->time_base)
                             : 0;
    if (packet->pts < 0 && left > 0 && wr_is_text_subtitle(stream)) {
        packet->pts = packet->dts = 0;
        packet->duration = left;
    }
    return packet->pts >= -lead;
}

static int take_packet(struct wr_stage *stage, struct wr_message *message)
{
    struct wr_cut_stage *s = (struct wr_cut_stage *)stage;
    AVPacket *packet = message->packet;
    const int number = packet->stream_index;
    const AVStream *stream = s->source->streams[number].av;
    const bool goes_on = s->sound_never_ends && stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    if (message->is_end && s->shortest && !goes_on) {
        s->complete[number] = true;
        s->streams_end = FFMIN(
            s->streams_end, av_rescale_q(packet->pts, stream->time_base, AV_TIME_BASE_Q) - s->skip);
        wr_message_drop(message);
        return end_if_complete(s);
    }
    if (message->is_end && (s->frames >= 0 || s->shortest)) {
        wr_message_drop(message);
        return WR_OK;
    }
    if (!wr_is_cover(stream) && !message->is_end) {
        const bool stays = move(s, stream, packet);
        const int64_t time = wr_packet_time(packet);
        const bool is_filtered =
            s->sound_is_made && stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
        const int64_t most = is_filtered ? INT64_MAX : s->duration;
        s->complete[number] |=
            (is_filtered && atomic_load(s->sound_is_made)) ||
            (time != AV_NOPTS_VALUE && (is_after(time, stream->time_base, most) ||
                                        is_after(time, stream->time_base, s->streams_end)));
        if (!stays || s->complete[number]) {
            wr_message_drop(message);
            return end_if_complete(s);
        }
    }
    const bool may_end = s->shortest || s->frames >= 0;
    if (may_end && !wr_is_cover(stream) && !is_reached(s, packet))
        return hold(s, message);
    const int status = wr_stage_send(stage->out, message, stage->track);
    if (status)
        wr_message_drop(message);
    return status;
}

// ---- opening, closing

static void close_stage(struct wr_stage *stage)
{
    struct wr_cut_stage *s = (struct wr_cut_stage *)stage;
    wr_messages_clear(&s->held);
    free(s->complete);
    free(s);
}

static const struct wr_stage_type type = {
    .kind = "cut",
    .take = take,
    .take_packet = take_packet,
    .end = end,
    .close = close_stage,
};

static enum wr_status read_time(int64_t *time, const char *what, const char *text,
                                struct wr_error *error)
{
    return !text || (wr_parse_time(text, time) && *time >= 0)
               ? WR_OK
               : wr_fail(error, WR_USAGE, "%s \"%s\" is not a time such as 90, 1:30 or 00:01:30.5",
                         what, text);
}

enum wr_status wr_cut_stage_open(struct wr_cut_stage **stage, const char *skip,
                                 const char *duration, const struct wr_stream *in,
                                 const struct wr_source *source, struct wr_error *error)
{
    struct wr_cut_stage *s = *stage = calloc(1, sizeof *s);
    if (!s || !(s->complete = calloc((size_t)source->stream_count, sizeof *s->complete))) {
        free(s);
        *stage = NULL;
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    s->stage.type = &type;
    s->source = source;
    s->duration = s->streams_end = INT64_MAX;
    s->frames = -1;
    s->time_base = in->time_base;
    s->frame_rate = in->frame_rate;
    s->first = AV_NOPTS_VALUE;
    enum wr_status status = read_time(&s->skip, "skip", skip, error);
    if (!status)
        status = read_time(&s->duration, "duration", duration, error);
    if (status) {
        close_stage(&s->stage);
        *stage = NULL;
    }
    return status;
}

void wr_cut_stage_limit(struct wr_cut_stage *stage, int64_t frames)
{
    stage->frames = frames;
    stage->stage.has_enough = !frames;
    stage->streams_end = frames ? INT64_MAX : 0;
}
