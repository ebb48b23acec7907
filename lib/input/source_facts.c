// SPDX-License-Identifier: MIT
// What is known of an opened input: how long it is, and what its pictures are.
#include "lib/input/source_facts.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <string.h>

#include "lib/input/descriptor.h"
#include "lib/input/promise.h"

static double seconds_of_all(const struct wr_source *source)
{
    const int64_t whole = source->file->duration;
    const AVStream *video = source->video;
    const double seconds = video && video->duration > 0
                               ? (double)video->duration * av_q2d(video->time_base)
                           : whole > 0 ? (double)whole / AV_TIME_BASE
                                       : 0;
    const bool is_beyond = seconds * av_q2d(source->frame_rate) >= WR_BEYOND_FRAMES ||
                           (video && video->nb_frames >= WR_BEYOND_FRAMES);
    return is_beyond ? 0 : seconds;
}

// How long the part that is read is, by its times; 0 if not known.
static double seconds_of_part(const struct wr_source *source)
{
    const int64_t skipped = source->offset - wr_source_beginning(source);
    double duration = seconds_of_all(source) - (double)skipped / AV_TIME_BASE;
    const int64_t end = FFMIN(source->end, source->most);
    if (end != INT64_MAX && (duration <= 0 || duration > (double)end / AV_TIME_BASE))
        duration = (double)end / AV_TIME_BASE;
    return duration > 0 ? duration : 0;
}

int64_t wr_source_frames(const struct wr_source *source)
{
    const double rate = av_q2d(source->frame_rate);
    const double expected = seconds_of_part(source) * rate + 0.5;
    int64_t frames = expected < 1e18 ? (int64_t)expected : 0; // a damaged file may claim anything
    const int64_t counted = source->video ? wr_frames_in_header(source->video) : 0;
    if (!source->start && source->end == INT64_MAX && counted > 0)
        frames = counted;
    const bool all = source->frames < 0 || (frames > 0 && frames < source->frames);
    return all ? frames : source->frames;
}

double wr_source_duration(const struct wr_source *source)
{
    const double all = seconds_of_part(source);
    const double rate = av_q2d(source->frame_rate);
    if (source->frames < 0 || rate <= 0)
        return all;
    const double wanted = (double)source->frames / rate;
    return all > 0 && all < wanted ? all : wanted;
}

bool wr_source_is_of_pictures(const struct wr_source *source)
{
    const char *name = source->file->iformat->name;
    const size_t length = strlen(name), suffix = strlen("_pipe"); // png_pipe, jpeg_pipe ...
    return av_match_name(name, "image2,image2pipe,gif,apng,webp,lavfi") ||
           (length > suffix && !strcmp(name + length - suffix, "_pipe"));
}

// FFmpeg's name of something; none is NULL or "unknown".
static void put_name(char *text, size_t size, const char *name)
{
    snprintf(text, size, "%s", name && strcmp(name, "unknown") ? name : "");
}

void wr_describe_color(struct wr_media_report *report, enum AVColorRange range,
                       enum AVColorSpace matrix, enum AVColorPrimaries primaries,
                       enum AVColorTransferCharacteristic transfer)
{
    put_name(report->range, sizeof report->range, av_color_range_name(range));
    put_name(report->matrix, sizeof report->matrix, av_color_space_name(matrix));
    put_name(report->primaries, sizeof report->primaries, av_color_primaries_name(primaries));
    put_name(report->transfer, sizeof report->transfer, av_color_transfer_name(transfer));
}

// What the file says of pictures that are not decoded.
static void describe_undecoded(const AVCodecParameters *video, struct wr_media_report *report)
{
    report->width = video->width;
    report->height = video->height;
    put_name(report->pix_fmt, sizeof report->pix_fmt, av_get_pix_fmt_name(video->format));
    wr_describe_color(report, video->color_range, video->color_space, video->color_primaries,
                      video->color_trc);
}

static void describe_decoded(const AVFrame *first, struct wr_media_report *report)
{
    report->width = first->width;
    report->height = first->height;
    put_name(report->pix_fmt, sizeof report->pix_fmt, av_get_pix_fmt_name(first->format));
    wr_describe_color(report, first->color_range, first->colorspace, first->color_primaries,
                      first->color_trc);
}

void wr_source_describe(const struct wr_source *source, struct wr_media_report *report)
{
    *report = (struct wr_media_report){
        .frame_rate = av_q2d(source->frame_rate),
        .duration = seconds_of_all(source),
    };
    snprintf(report->path, sizeof report->path, "%s", source->name);
    snprintf(report->format, sizeof report->format, "%s", source->file->iformat->name);
    if (!source->video)
        return;
    snprintf(report->codec, sizeof report->codec, "%s",
             avcodec_get_name(source->video->codecpar->codec_id));
    if (source->first)
        describe_decoded(source->first, report);
    else
        describe_undecoded(source->video->codecpar, report);
}

bool wr_source_is_cut_short(const struct wr_source *source)
{
    const AVIOContext *pb = source->file->pb;
    return (pb && pb->error < 0 && pb->error != AVERROR_EOF) ||
           wr_is_cut_short(source->file, source->descriptor);
}

bool wr_source_lacks_packets(const struct wr_source *source, int64_t packets)
{
    AVStream *video = source->video;
    const struct wr_source_stream *stream = &source->streams[video->index];
    const int64_t begin = video->start_time == AV_NOPTS_VALUE ? 0 : video->start_time;
    const int64_t length = FFMAX(stream->step, 1); // of the last one, which may be as long as any
    return packets < wr_promised_packets(source->file, video) ||
           (packets && stream->last != AV_NOPTS_VALUE &&
            stream->last + length - begin < wr_promised_ticks(source->file, video));
}

void wr_source_follow(struct wr_source *source, struct wr_source_stream *stream,
                      const AVPacket *packet)
{
    enum { NEAR = 3 };
    const bool counts = !source->start || source->first;
    // What was read to probe the file was only logged, and parsers of packets drop the marks.
    const bool may_be = stream->marked || source->joints < source->complaints_probing;
    const bool is_joint = may_be && stream->is_followed && packet->dts != AV_NOPTS_VALUE &&
                          packet->dts < stream->last;
    source->joints += counts && is_joint;
    stream->marked -= stream->marked > 0;
    if (packet->flags & AV_PKT_FLAG_CORRUPT)
        stream->marked = NEAR;
    else if (is_joint)
        stream->marked = 0;
    if (stream->is_followed && packet->dts != AV_NOPTS_VALUE && stream->last != AV_NOPTS_VALUE)
        stream->step = FFMAX(stream->step, packet->dts - stream->last);
    stream->last = packet->dts;
    stream->is_followed = true;
}

void wr_source_tell_late(struct wr_source *source, const AVPacket *packet)
{
    if (packet->stream_index < source->told_streams)
        return;
    const AVStream *stream = source->file->streams[packet->stream_index];
    const enum AVMediaType type = stream->codecpar->codec_type;
    const bool is_known =
        type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_SUBTITLE;
    source->told_streams = packet->stream_index + 1;
    if (is_known && wr_maps_have(&source->maps, source->number, source->file, stream))
        wr_say(&source->log, WR_LOG_LOSS,
               "%s: stream %d (%s, %s) begins after the output and is left out; with the input "
               "options probesize and analyzeduration FFmpeg looks further ahead",
               source->name, stream->index, av_get_media_type_string(type),
               avcodec_get_name(stream->codecpar->codec_id));
}

void wr_source_leap(struct wr_source *source)
{
    for (int n = 0; n < source->stream_count; n++)
        source->streams[n].is_followed = false;
}

int64_t wr_source_damage(const struct wr_source *source)
{
    const int64_t damaged = FFMAX(source->damaged - source->joints, 0);
    // What was logged while probing may have been logged again when it was read.
    const int64_t joints = source->joints + FFMIN(source->joints, source->complaints_probing);
    // With several threads FFmpeg's decoders may forget to mark a damaged frame, and some demuxers
    // pass over damage in silence. But they log it.
    return !damaged && wr_source_complaints(source) > joints ? 1 : damaged;
}
