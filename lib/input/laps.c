// SPDX-License-Identifier: MIT
// Reads a file again from its beginning, and continues its times.
#include "lib/input/laps.h"

#include "lib/input/source_facts.h"

struct wr_laps wr_laps_of(int64_t repeats)
{
    return (struct wr_laps){.left = repeats, .begins = INT64_MAX};
}

// How long the packet is shown or heard, in ticks of its stream.
static int64_t duration_of(const AVStream *stream, const AVPacket *packet)
{
    const bool has_rate =
        stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && stream->avg_frame_rate.num > 0;
    return packet->duration > 0 ? packet->duration
           : has_rate ? av_rescale_q(1, av_inv_q(stream->avg_frame_rate), stream->time_base)
                      : 0;
}

void wr_laps_place(struct wr_laps *laps, const AVStream *stream, AVPacket *packet)
{
    const AVRational tick = stream->time_base;
    const int64_t added = av_rescale_q(laps->added, AV_TIME_BASE_Q, tick);
    const int64_t time = packet->pts == AV_NOPTS_VALUE ? packet->dts : packet->pts;
    if (time != AV_NOPTS_VALUE) {
        const int64_t end = time + added + duration_of(stream, packet);
        if (!laps->added)
            laps->begins = FFMIN(laps->begins, av_rescale_q(time, tick, AV_TIME_BASE_Q));
        laps->ends = FFMAX(laps->ends, av_rescale_q(end, tick, AV_TIME_BASE_Q));
    }
    packet->pts += packet->pts == AV_NOPTS_VALUE ? 0 : added;
    packet->dts += packet->dts == AV_NOPTS_VALUE ? 0 : added;
}

static bool go_to(const struct wr_source *source, int64_t beginning)
{
    // In streams of broadcasts times lead to a place near by.
    const bool by_bytes = source->file->iformat->flags & AVFMT_TS_DISCONT;
    return avformat_seek_file(source->file, -1, INT64_MIN, by_bytes ? 0 : beginning,
                              by_bytes ? 0 : beginning, by_bytes ? AVSEEK_FLAG_BYTE : 0) >= 0;
}

enum wr_status wr_laps_begin_again(struct wr_laps *laps, struct wr_source *source,
                                   struct wr_error *error)
{
    const int64_t beginning = wr_source_beginning(source);
    const int64_t length = laps->ends - laps->added - FFMIN(laps->begins, beginning);
    if (length <= 0 || !go_to(source, beginning))
        return wr_fail(error, WR_FAILED, "%s cannot be read again from its beginning%s",
                       source->name, source->video ? ": the filter loop repeats pictures" : "");
    wr_source_leap(source);
    laps->left -= laps->left > 0;
    laps->added += length;
    return WR_OK;
}
