// SPDX-License-Identifier: MIT
// Opens an input, finds out what it is, picks the video stream.
#include "lib/input/source.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/input/descriptor.h"

// Marks a local file as such: libavformat would take the "a" of "a:b.mp4" for a protocol.
static char *input_url(const char *name, bool is_file)
{
    return !strcmp(name, "-") ? av_strdup("pipe:0")
           : is_file          ? av_asprintf("file:%s", name)
                              : av_strdup(name);
}

bool wr_source_is_cancelled(const struct wr_source *source)
{
    struct pollfd cancelled = {source->cancelled, POLLIN, 0};
    return poll(&cancelled, 1, 0) > 0;
}

static int is_cancelled(void *source)
{
    return wr_source_is_cancelled(source);
}

// Opens what libavformat cannot open itself; when called again, goes back to where it stood then.
static enum wr_status open_descriptor(struct wr_source *source, struct wr_error *error)
{
    if (!source->descriptor)
        return wr_descriptor_open(&source->descriptor, source->name, source->cancelled, error);
    const int64_t position = avio_seek(wr_descriptor_context(source->descriptor), 0, SEEK_SET);
    return position < 0 ? wr_fail(error, WR_FAILED, "cannot read %s again: %s", source->name,
                                  av_err2str((int)position))
                        : WR_OK;
}

static enum wr_status open_file(struct wr_source *source, struct wr_error *error)
{
    struct stat status;
    const bool is_file = !stat(source->name, &status);
    if (is_file && S_ISDIR(status.st_mode))
        return wr_fail(error, WR_FAILED, "cannot read %s: it is a directory", source->name);
    if (is_file && S_ISREG(status.st_mode) && status.st_size == 0)
        return wr_fail(error, WR_FAILED, "cannot read %s: the file is empty", source->name);
    const enum wr_status opened = open_descriptor(source, error);
    if (opened)
        return opened;
    source->file = avformat_alloc_context();
    char *url = input_url(source->name, is_file);
    if (!source->file || !url) {
        av_free(url);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    source->file->interrupt_callback = (AVIOInterruptCB){is_cancelled, source};
    if (source->descriptor)
        source->file->pb = wr_descriptor_context(source->descriptor);
    int result = avformat_open_input(&source->file, url, NULL, NULL);
    av_free(url);
    if (result == AVERROR_INVALIDDATA && !wr_source_is_cancelled(source))
        return wr_fail(error, WR_FAILED,
                       "cannot read %s: not a media file that FFmpeg knows, or too damaged",
                       source->name);
    // Fails for raw formats without a header, which do not say what their stream is.
    if (result >= 0)
        result = avformat_find_stream_info(source->file, NULL);
    if (wr_source_is_cancelled(source))
        return wr_fail(error, WR_INTERRUPTED, "interrupted");
    if (result < 0)
        return wr_fail(error, WR_FAILED, "cannot read %s: %s", source->name, av_err2str(result));
    source->file->opaque = &source->complaints; // not before: probing loses nothing
    return WR_OK;
}

static int64_t rank(const AVStream *stream)
{
    const int64_t pixels = (int64_t)stream->codecpar->width * stream->codecpar->height;
    return stream->disposition & AV_DISPOSITION_DEFAULT ? pixels + (INT64_C(1) << 62) : pixels;
}

// libavformat's choice. It may be a cover, if that is larger than the video; then the best of the
// others is taken.
static int best_video(const AVFormatContext *file)
{
    int best = av_find_best_stream((AVFormatContext *)file, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    if (best < 0 || !wr_is_cover(file->streams[best]))
        return best;
    best = -1;
    for (int i = 0; i < (int)file->nb_streams; i++) {
        const AVStream *stream = file->streams[i];
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !wr_is_cover(stream) &&
            (best < 0 || rank(stream) > rank(file->streams[best])))
            best = i;
    }
    return best;
}

static enum wr_status find_video(struct wr_source *source, struct wr_error *error)
{
    const int index = best_video(source->file);
    if (index < 0)
        return wr_fail(error, WR_FAILED, "%s has no video stream", source->name);
    source->video = source->file->streams[index];
    if (wr_is_text_art(source->video))
        return wr_fail(error, WR_FAILED, "%s is a text file, not a video", source->name);
    source->frame_rate = av_guess_frame_rate(source->file, source->video, NULL);
    if (source->frame_rate.num <= 0 || source->frame_rate.den <= 0)
        source->frame_rate = (AVRational){0, 1};
    return WR_OK;
}

enum wr_status wr_source_reopen(struct wr_source *source, struct wr_error *error)
{
    const unsigned count = source->file->nb_streams;
    avformat_close_input(&source->file);
    source->video = NULL;
    enum wr_status status = open_file(source, error);
    if (!status)
        status = find_video(source, error);
    if (!status && source->file->nb_streams != count)
        status = wr_fail(error, WR_FAILED, "cannot read %s: it has changed", source->name);
    return status;
}

enum wr_status wr_source_open(struct wr_source *source, struct wr_error *error)
{
    source->cut = source->start || source->frames >= 0;
    const enum wr_status status = open_file(source, error);
    return status ? status : find_video(source, error);
}

void wr_source_close(struct wr_source *source)
{
    av_frame_free(&source->first);
    avformat_close_input(&source->file);
    wr_descriptor_close(&source->descriptor);
}

int64_t wr_source_beginning(const struct wr_source *source)
{
    const int64_t time = source->file->start_time;
    return time == AV_NOPTS_VALUE ? 0 : time;
}

int64_t wr_source_offset(const struct wr_source *source, AVRational time_base)
{
    return av_rescale_q(source->offset, AV_TIME_BASE_Q, time_base);
}

// ---- what it holds

static double seconds_of_all(const struct wr_source *source)
{
    const int64_t whole = source->file->duration;
    const AVStream *video = source->video;
    return video->duration > 0 ? (double)video->duration * av_q2d(video->time_base)
           : whole > 0         ? (double)whole / AV_TIME_BASE
                               : 0;
}

static double seconds_from_start(const struct wr_source *source)
{
    const int64_t skipped = source->offset - wr_source_beginning(source);
    const double duration = seconds_of_all(source) - (double)skipped / AV_TIME_BASE;
    return duration > 0 ? duration : 0;
}

int64_t wr_source_frames(const struct wr_source *source)
{
    const double rate = av_q2d(source->frame_rate);
    const double expected = seconds_from_start(source) * rate + 0.5;
    int64_t frames = expected < 1e18 ? (int64_t)expected : 0; // a damaged file may claim anything
    if (!source->start && source->video->nb_frames > 0)
        frames = source->video->nb_frames;
    const bool all = source->frames < 0 || (frames > 0 && frames < source->frames);
    return all ? frames : source->frames;
}

double wr_source_duration(const struct wr_source *source)
{
    const double all = seconds_from_start(source);
    const double rate = av_q2d(source->frame_rate);
    if (source->frames < 0 || rate <= 0)
        return all;
    const double wanted = (double)source->frames / rate;
    return all > 0 && all < wanted ? all : wanted;
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

void wr_source_describe(const struct wr_source *source, struct wr_media_report *report)
{
    const AVFrame *first = source->first;
    *report = (struct wr_media_report){
        .width = first->width,
        .height = first->height,
        .frame_rate = av_q2d(source->frame_rate),
        .duration = seconds_of_all(source),
    };
    snprintf(report->path, sizeof report->path, "%s", source->name);
    snprintf(report->format, sizeof report->format, "%s", source->file->iformat->name);
    snprintf(report->codec, sizeof report->codec, "%s",
             avcodec_get_name(source->video->codecpar->codec_id));
    put_name(report->pix_fmt, sizeof report->pix_fmt, av_get_pix_fmt_name(first->format));
    wr_describe_color(report, first->color_range, first->colorspace, first->color_primaries,
                      first->color_trc);
}

// ---- truncation

// Reads one EBML number; the leading zeros of the first byte tell its length. -1 means "unknown".
static int64_t read_ebml_number(AVIOContext *pb, bool keep_marker)
{
    const int first = avio_r8(pb);
    int length = 1;
    while (length <= 8 && !(first & (0x100 >> length)))
        length++;
    if (length > 8)
        return -1;
    uint64_t value = keep_marker ? first : first & ((0x100 >> length) - 1);
    for (int i = 1; i < length; i++)
        value = value << 8 | avio_r8(pb);
    const uint64_t unknown = (UINT64_C(1) << 7 * length) - 1;
    return !keep_marker && value == unknown ? -1 : (int64_t)value;
}

// libavformat ends a truncated Matroska file as if it were whole, but the Segment says how long it
// should be.
bool wr_source_is_truncated(const struct wr_source *source)
{
    AVIOContext *pb = source->file->pb;
    if (!pb || !(pb->seekable & AVIO_SEEKABLE_NORMAL) ||
        strncmp(source->file->iformat->name, "matroska", 8))
        return false;
    const int64_t size = avio_size(pb);
    if (size <= 0 || avio_seek(pb, 0, SEEK_SET) < 0)
        return false;
    read_ebml_number(pb, true);
    const int64_t header = read_ebml_number(pb, false);
    if (header < 0 || avio_skip(pb, header) < 0 || read_ebml_number(pb, true) != 0x18538067)
        return false;
    const int64_t segment = read_ebml_number(pb, false);
    return segment >= 0 && avio_tell(pb) + segment > size;
}
