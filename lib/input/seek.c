// SPDX-License-Identifier: MIT
// Seeks backwards until decoding from there is sure to give the frame at the start.
#include "lib/input/seek.h"

#include <libavutil/parseutils.h>

#include "lib/input/source_facts.h"

// How far before the limit the first seek goes, and how much later than decoded a picture may be
// shown.
enum { FIRST_MARGIN = AV_TIME_BASE / 4, MOST_REORDERING = AV_TIME_BASE };

// Subtitles that are on screen at the start may come this long before it.
enum { PREROLL = 30 * AV_TIME_BASE };

// Sets the offset to a tick of the video, so that all streams are moved by exactly the same time.
static void set_offset(struct wr_source *source, int64_t offset, enum AVRounding rounding)
{
    const AVRational tick = source->video->time_base;
    const int64_t ticks = av_rescale_q_rnd(offset, AV_TIME_BASE_Q, tick, rounding);
    source->offset = av_rescale_q(ticks, tick, AV_TIME_BASE_Q);
}

// Some inputs must be decoded from the beginning. In a file without times, counting frames is the
// only way to know where one is. GIF and APNG draw each picture over the one before it, even where
// they flag a packet as a key frame. And a part that begins where another ended has to see the same
// steps of the file's clock as that.
static bool can_seek(const struct wr_source *source)
{
    if (source->on_change == WR_ON_CHANGE_SPLIT)
        return false;
    const AVFormatContext *file = source->file;
    const enum AVCodecID codec = source->video->codecpar->codec_id;
    return file->start_time != AV_NOPTS_VALUE && !(file->iformat->flags & AVFMT_NOTIMESTAMPS) &&
           (!file->pb || file->pb->seekable & AVIO_SEEKABLE_NORMAL) && codec != AV_CODEC_ID_GIF &&
           codec != AV_CODEC_ID_APNG;
}

enum wr_status wr_seek_back(struct wr_seek *seek, struct wr_error *error)
{
    struct wr_source *const source = seek->source;
    const bool preroll = seek->preroll && seek->resume != AV_NOPTS_VALUE;
    int64_t time = source->offset - PREROLL;
    if (preroll) {
        seek->preroll = false;
    } else {
        time = seek->limit - seek->margin;
        seek->margin *= 2;
        seek->resume = AV_NOPTS_VALUE;
    }
    seek->found = false;
    wr_source_leap(source);
    const int64_t ticks = av_rescale_q(time, AV_TIME_BASE_Q, source->video->time_base);
    if (time > wr_source_beginning(source) &&
        avformat_seek_file(source->file, source->video->index, INT64_MIN, ticks, ticks, 0) >= 0)
        return WR_OK;
    // With preroll, decoding still begins at the packet that was found, or goes back again.
    seek->found = source->from_beginning = !preroll;
    return wr_source_reopen(source, error);
}

// Containers seek by decoding time, some of them to any packet or only roughly. So each packet is
// looked at. Decoding begins one key frame earlier than the last one before the start: pictures
// that are shown before a key frame may need others from before it, and in some codecs so do
// pictures after it.
enum wr_packet_use wr_seek_judge(struct wr_seek *seek, const AVPacket *packet)
{
    if (seek->found)
        return WR_DECODE;
    if (!(packet->flags & AV_PKT_FLAG_KEY) ||
        (packet->pts == AV_NOPTS_VALUE && packet->dts == AV_NOPTS_VALUE))
        return WR_SKIP;
    const AVRational tick = seek->source->video->time_base;
    const int64_t time = packet->pts != AV_NOPTS_VALUE
                             ? av_rescale_q(packet->pts, tick, AV_TIME_BASE_Q)
                             : av_rescale_q(packet->dts, tick, AV_TIME_BASE_Q) + MOST_REORDERING;
    if (seek->resume != AV_NOPTS_VALUE && time < seek->resume)
        return WR_SKIP;
    if (time > seek->limit)
        return WR_SEEK_BACK;
    if (seek->keys > 0 && --seek->keys > 0) {
        seek->limit = time - 1;
        seek->margin = FIRST_MARGIN;
        return WR_SEEK_BACK;
    }
    if (seek->preroll) {
        seek->resume = time;
        return WR_SEEK_BACK;
    }
    seek->found = true;
    return WR_DECODE;
}

static enum wr_status parse_time(int64_t *time, const char *what, const char *text,
                                 struct wr_error *error)
{
    return av_parse_time(time, text, 1) < 0 || *time < 0
               ? wr_fail(error, WR_USAGE, "%s \"%s\" is not a time such as 90, 1:30 or 00:01:30.5",
                         what, text)
               : WR_OK;
}

// Sets where reading ends, `start` after the file's beginning.
static enum wr_status set_end(struct wr_source *source, int64_t start, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    int64_t time;
    source->end = source->most = INT64_MAX;
    if (source->to) {
        const bool from_start = *source->to == '+';
        status = parse_time(&time, "end", source->to + from_start, error);
        if (!status && !from_start && time <= start)
            status = wr_fail(error, WR_USAGE, "the end %s is not later than the start %s",
                             source->to, source->start ? source->start : "0");
        if (!status)
            source->end = from_start ? time : time - start;
    }
    if (!status && source->duration) {
        status = parse_time(&time, "duration", source->duration, error);
        source->most = time;
        source->end = FFMIN(source->end, time);
    }
    if (!status && source->end <= 0)
        status = wr_fail(error, WR_USAGE, "nothing lies between the start and the end");
    return status;
}

static enum wr_status parse_start(const struct wr_source *source, int64_t *time,
                                  struct wr_error *error)
{
    const bool from_end = *source->start == '-';
    const enum wr_status status = parse_time(time, "start time", source->start + from_end, error);
    const int64_t length = source->file->duration;
    if (status || !from_end)
        return status;
    if (length <= 0)
        return wr_fail(error, WR_FAILED,
                       "the start %s counts from the end, and %s does not say where it ends",
                       source->start, source->name);
    *time = FFMAX(length - *time, 0);
    return WR_OK;
}

enum wr_status wr_read_times(struct wr_source *source, int64_t *start, struct wr_error *error)
{
    *start = 0;
    const enum wr_status status = source->start ? parse_start(source, start, error) : WR_OK;
    return status ? status : set_end(source, *start, error);
}

// Where times are those of decoding, a key frame has an earlier one than it is shown at: ffmpeg
// goes back three frames of 23 in a second.
void wr_seek_packets(const struct wr_source *source, int64_t start)
{
    AVFormatContext *file = source->file;
    int64_t time = wr_source_beginning(source) + start;
    bool reorders = false;
    for (unsigned i = 0; i < file->nb_streams; i++)
        reorders |= file->streams[i]->codecpar->video_delay > 0;
    if (reorders && !(file->iformat->flags & AVFMT_SEEK_TO_PTS))
        time -= 3 * AV_TIME_BASE / 23;
    if (start > 0)
        avformat_seek_file(file, -1, INT64_MIN, time, time, 0);
}

enum wr_status wr_seek_start(struct wr_seek *seek, struct wr_source *source, struct wr_error *error)
{
    const int64_t beginning = wr_source_beginning(source);
    source->from_beginning = true;
    *seek = (struct wr_seek){.source = source, .found = true, .resume = AV_NOPTS_VALUE};
    set_offset(source, beginning, AV_ROUND_DOWN);
    int64_t time;
    const enum wr_status status = wr_read_times(source, &time, error);
    if (status)
        return status;
    if (source->later)
        set_offset(source, beginning - source->later, AV_ROUND_DOWN);
    if (time == 0)
        return WR_OK;
    // No file is that long, and sums of times must not overflow.
    set_offset(source, beginning + FFMIN(time, INT64_MAX / 4), AV_ROUND_UP);
    seek->limit = source->offset;
    seek->margin = FIRST_MARGIN;
    seek->keys = 2;
    if (!can_seek(source) || seek->limit - seek->margin <= beginning)
        return WR_OK;
    source->from_beginning = false;
    for (unsigned i = 0; i < source->file->nb_streams; i++)
        seek->preroll |= wr_is_text_subtitle(source->file->streams[i]);
    return wr_seek_back(seek, error);
}
