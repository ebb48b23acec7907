// SPDX-License-Identifier: MIT
// Finds where to begin to decode for a start within the file.
#include <libavutil/parseutils.h>

#include "lib/input/source.h"

// How far before the start a seek goes at first, and by how much a picture is shown later than
// decoded.
enum { FIRST_MARGIN = AV_TIME_BASE / 4, MOST_REORDERING = AV_TIME_BASE };

// Subtitles that are on screen at the start are looked for so far before it.
enum { PREROLL = 30 * AV_TIME_BASE };

// Moves the offset to a tick of the video, so that all streams are moved by exactly the same.
static void set_offset(struct wr_source *source, int64_t offset, enum AVRounding rounding)
{
    const AVRational tick = source->video->time_base;
    const int64_t ticks = av_rescale_q_rnd(offset, AV_TIME_BASE_Q, tick, rounding);
    source->offset = av_rescale_q(ticks, tick, AV_TIME_BASE_Q);
}

int64_t wr_source_beginning(const struct wr_source *source)
{
    const int64_t time = source->file->start_time;
    return time == AV_NOPTS_VALUE ? 0 : time;
}

// Without times in the file only the count of frames from the beginning tells where we are, and
// these animations are drawn over what was there, whatever their packets' flags say.
static bool can_seek(const struct wr_source *source)
{
    const AVFormatContext *file = source->file;
    const enum AVCodecID codec = source->video->codecpar->codec_id;
    return file->start_time != AV_NOPTS_VALUE && !(file->iformat->flags & AVFMT_NOTIMESTAMPS) &&
           (!file->pb || file->pb->seekable & AVIO_SEEKABLE_NORMAL) && codec != AV_CODEC_ID_GIF &&
           codec != AV_CODEC_ID_APNG;
}

enum wr_status wr_source_go_back(struct wr_source *source, struct wr_error *error)
{
    const bool preroll = source->preroll && source->resume != AV_NOPTS_VALUE;
    int64_t time = source->offset - PREROLL;
    if (preroll) {
        source->preroll = false;
    } else {
        time = source->limit - source->margin;
        source->margin *= 2;
        source->resume = AV_NOPTS_VALUE;
    }
    source->begun = false;
    if (time <= wr_source_beginning(source)) {
        const enum wr_status status = wr_source_reopen(source, error);
        if (preroll) // decoding begins where it was found to, or goes back again
            source->whole = source->begun = false;
        return status;
    }
    const int64_t ticks = av_rescale_q(time, AV_TIME_BASE_Q, source->video->time_base);
    const int result =
        avformat_seek_file(source->file, source->video->index, INT64_MIN, ticks, ticks, 0);
    return result < 0 ? wr_source_reopen(source, error) : WR_OK;
}

// Containers seek by decoding time, to any packet or only roughly, so that what is found has to be
// looked at. The key frame before the last one is wanted: pictures that are shown before a key
// frame may need what was there before it, and not every key frame is one that all later ones do
// without.
enum wr_use wr_source_judge(struct wr_source *source, const AVPacket *packet)
{
    if (source->begun)
        return WR_USE;
    if (!(packet->flags & AV_PKT_FLAG_KEY) ||
        (packet->pts == AV_NOPTS_VALUE && packet->dts == AV_NOPTS_VALUE))
        return WR_SKIP;
    const AVRational tick = source->video->time_base;
    const int64_t time = packet->pts != AV_NOPTS_VALUE
                             ? av_rescale_q(packet->pts, tick, AV_TIME_BASE_Q)
                             : av_rescale_q(packet->dts, tick, AV_TIME_BASE_Q) + MOST_REORDERING;
    if (source->resume != AV_NOPTS_VALUE && time < source->resume)
        return WR_SKIP;
    if (time > source->limit)
        return WR_GO_BACK;
    if (source->keys > 0 && --source->keys > 0) {
        source->limit = time - 1;
        source->margin = FIRST_MARGIN;
        return WR_GO_BACK;
    }
    if (source->preroll) {
        source->resume = time;
        return WR_GO_BACK;
    }
    source->begun = true;
    return WR_USE;
}

enum wr_status wr_source_seek(struct wr_source *source, const char *start, struct wr_error *error)
{
    const int64_t begin = wr_source_beginning(source);
    source->whole = source->begun = true;
    source->resume = AV_NOPTS_VALUE;
    set_offset(source, begin, AV_ROUND_DOWN);
    if (!start)
        return WR_OK;
    int64_t time = 0;
    if (av_parse_time(&time, start, 1) < 0 || time < 0)
        return wr_fail(error, WR_USAGE,
                       "start time \"%s\" is not a time such as 90, 1:30 or 00:01:30.5", start);
    if (time == 0)
        return WR_OK;
    set_offset(source, begin + time, AV_ROUND_UP);
    source->limit = source->offset;
    source->margin = FIRST_MARGIN;
    source->keys = 2;
    if (!can_seek(source) || source->limit - source->margin <= begin)
        return WR_OK;
    source->whole = false;
    for (unsigned i = 0; i < source->file->nb_streams; i++)
        source->preroll |= wr_is_text_subtitle(source->file->streams[i]);
    return wr_source_go_back(source, error);
}
