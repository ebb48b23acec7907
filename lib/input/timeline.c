// SPDX-License-Identifier: MIT
// Finds the steps of a file's clock in each stream by itself: where two parts meet, some packets of
// the first may come after packets of the second.
#include "lib/input/timeline.h"

#include <libavutil/mathematics.h>
#include <stdlib.h>

#include "lib/media/message.h"

// Up to here it is no step but packets out of order, or a pause.
enum { BACKWARDS = AV_TIME_BASE / 10, FORWARDS = 10 * AV_TIME_BASE };

bool wr_timeline_open(struct wr_timeline *timeline, const AVFormatContext *file)
{
    timeline->count = (int)file->nb_streams;
    timeline->clocks = calloc((size_t)timeline->count, sizeof *timeline->clocks);
    wr_timeline_reset(timeline);
    return timeline->clocks;
}

void wr_timeline_close(struct wr_timeline *timeline)
{
    free(timeline->clocks);
    timeline->clocks = NULL;
}

void wr_timeline_reset(struct wr_timeline *timeline)
{
    for (int i = 0; i < timeline->count && timeline->clocks; i++)
        timeline->clocks[i] = (struct wr_stream_clock){0};
    timeline->shift = 0;
    timeline->end = INT64_MIN;
}

// True if a packet at `time`, shifted by `shift`, continues the stream.
static bool follows(const struct wr_stream_clock *clock, int64_t time, int64_t shift)
{
    const int64_t step = shift - clock->shift;
    return !clock->begun ||
           (time + step >= clock->newest - BACKWARDS && time + step <= clock->next + FORWARDS);
}

static int64_t whole_ticks(int64_t time, AVRational tick)
{
    return av_rescale_q(av_rescale_q_rnd(time, AV_TIME_BASE_Q, tick, AV_ROUND_UP), tick,
                        AV_TIME_BASE_Q);
}

static void follow_clock(struct wr_timeline *timeline, struct wr_stream_clock *clock,
                         AVRational tick, AVRational time_base, const AVPacket *packet)
{
    const int64_t dts = wr_packet_time(packet);
    const int64_t pts = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    if (dts == AV_NOPTS_VALUE)
        return;
    const int64_t decoded = av_rescale_q(dts, time_base, AV_TIME_BASE_Q);
    const int64_t shown = av_rescale_q(pts, time_base, AV_TIME_BASE_Q);
    const int64_t duration = av_rescale_q(packet->duration, time_base, AV_TIME_BASE_Q);
    if (!clock->begun)
        clock->shift = timeline->shift;
    if (!follows(clock, decoded, clock->shift)) {
        if (!follows(clock, decoded, timeline->shift))
            timeline->shift = whole_ticks(timeline->end - shown, tick);
        clock->shift = timeline->shift;
    }
    clock->begun = true;
    clock->newest = decoded;
    clock->next = decoded + duration;
    timeline->end = FFMAX(timeline->end, shown + duration + clock->shift);
}

void wr_timeline_correct(struct wr_timeline *timeline, const AVFormatContext *file, AVRational tick,
                         AVPacket *packet)
{
    if (!(file->iformat->flags & AVFMT_TS_DISCONT) || packet->stream_index >= timeline->count)
        return;
    const AVStream *stream = file->streams[packet->stream_index];
    struct wr_stream_clock *clock = &timeline->clocks[packet->stream_index];
    const enum AVMediaType type = stream->codecpar->codec_type;
    // Packets of other streams come too seldom to tell a step from a pause.
    if (type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO)
        follow_clock(timeline, clock, tick, stream->time_base, packet);
    else
        clock->shift = timeline->shift;
    const int64_t shift = av_rescale_q(clock->shift, AV_TIME_BASE_Q, stream->time_base);
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts += shift;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts += shift;
}
