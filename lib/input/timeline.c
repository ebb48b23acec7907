// SPDX-License-Identifier: MIT
// Finds steps of a file's clock by each stream's own packets, since those of one part may come
// after the first ones of the next.
#include "lib/input/timeline.h"

#include <libavutil/mathematics.h>
#include <stdlib.h>

// Steps that are none: disorder in the file, and pauses.
enum { BACKWARDS = AV_TIME_BASE / 10, FORWARDS = 10 * AV_TIME_BASE };

bool wr_timeline_open(struct wr_timeline *timeline, const AVFormatContext *file)
{
    timeline->count = (int)file->nb_streams;
    timeline->tracks = calloc((size_t)timeline->count, sizeof *timeline->tracks);
    wr_timeline_reset(timeline);
    return timeline->tracks;
}

void wr_timeline_close(struct wr_timeline *timeline)
{
    free(timeline->tracks);
    timeline->tracks = NULL;
}

void wr_timeline_reset(struct wr_timeline *timeline)
{
    for (int i = 0; i < timeline->count && timeline->tracks; i++)
        timeline->tracks[i] = (struct wr_track){0};
    timeline->shift = 0;
    timeline->end = INT64_MIN;
}

// True if the packet at `time`, moved by shift, follows on the stream's packets before it.
static bool follows(const struct wr_track *track, int64_t time, int64_t shift)
{
    const int64_t step = shift - track->shift;
    return !track->begun ||
           (time + step >= track->newest - BACKWARDS && time + step <= track->next + FORWARDS);
}

static int64_t whole_ticks(int64_t time, AVRational tick)
{
    return av_rescale_q(av_rescale_q_rnd(time, AV_TIME_BASE_Q, tick, AV_ROUND_UP), tick,
                        AV_TIME_BASE_Q);
}

static void follow_clock(struct wr_timeline *timeline, struct wr_track *track, AVRational tick,
                         AVRational time_base, const AVPacket *packet)
{
    const int64_t dts = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
    const int64_t pts = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    if (dts == AV_NOPTS_VALUE)
        return;
    const int64_t decoded = av_rescale_q(dts, time_base, AV_TIME_BASE_Q);
    const int64_t shown = av_rescale_q(pts, time_base, AV_TIME_BASE_Q);
    const int64_t duration = av_rescale_q(packet->duration, time_base, AV_TIME_BASE_Q);
    if (!track->begun)
        track->shift = timeline->shift;
    if (!follows(track, decoded, track->shift)) {
        if (!follows(track, decoded, timeline->shift))
            timeline->shift = whole_ticks(timeline->end - shown, tick);
        track->shift = timeline->shift;
    }
    track->begun = true;
    track->newest = decoded;
    track->next = decoded + duration;
    timeline->end = FFMAX(timeline->end, shown + duration + track->shift);
}

void wr_timeline_correct(struct wr_timeline *timeline, const AVFormatContext *file, AVRational tick,
                         AVPacket *packet)
{
    if (!(file->iformat->flags & AVFMT_TS_DISCONT) || packet->stream_index >= timeline->count)
        return;
    const AVStream *stream = file->streams[packet->stream_index];
    struct wr_track *track = &timeline->tracks[packet->stream_index];
    const enum AVMediaType type = stream->codecpar->codec_type;
    // The others come too seldom to tell a step from a pause.
    if (type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO)
        follow_clock(timeline, track, tick, stream->time_base, packet);
    else
        track->shift = timeline->shift;
    const int64_t shift = av_rescale_q(track->shift, AV_TIME_BASE_Q, stream->time_base);
    if (packet->pts != AV_NOPTS_VALUE)
        packet->pts += shift;
    if (packet->dts != AV_NOPTS_VALUE)
        packet->dts += shift;
}
