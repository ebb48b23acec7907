// SPDX-License-Identifier: MIT
// Opens an input, finds out what it is, picks the video stream.
#include "lib/input/source.h"

#include <libavutil/avstring.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/input/descriptor.h"
#include "lib/input/input_words.h"
#include "lib/input/pictures.h"
#include "lib/input/plays.h"

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

int wr_source_complaints(const struct wr_source *source)
{
    return source->is_interrupted ? source->complaints_before : atomic_load(&source->complaints);
}

// Also asked while libavformat waits for a network, which may stall; files do not. A demuxer takes
// a read that is interrupted for an error of the file.
static int is_cancelled(void *opaque)
{
    struct wr_source *const source = opaque;
    const AVIOContext *pb = source->file ? source->file->pb : NULL;
    const bool is_cancelled = wr_source_is_cancelled(source);
    if (is_cancelled && !source->is_interrupted) {
        source->is_interrupted = true;
        source->complaints_before = atomic_load(&source->complaints);
    }
    return is_cancelled ||
           (strstr(source->name, "://") && wr_live_check(&source->live, pb ? pb->pos : 0));
}

bool wr_source_is_live(const struct wr_source *source)
{
    const AVIOContext *pb = source->file->pb;
    const bool can_seek = pb && pb->seekable & AVIO_SEEKABLE_NORMAL;
    return source->live.is_paced ||
           (!can_seek && (source->descriptor || strstr(source->name, "://")));
}

// Opens what libavformat cannot open itself; when called again, goes back to where it stood then.
static enum wr_status open_descriptor(struct wr_source *source, struct wr_error *error)
{
    if (!source->descriptor)
        return wr_descriptor_open(&source->descriptor, source->name, source->cancelled,
                                  &source->live, error);
    const int64_t position = avio_seek(wr_descriptor_context(source->descriptor), 0, SEEK_SET);
    return position < 0 ? wr_fail(error, WR_FAILED, "cannot read %s again: %s", source->name,
                                  av_err2str((int)position))
                        : WR_OK;
}

// ---- what is asked for

static enum wr_status read_framerate(struct wr_source *source, struct wr_error *error)
{
    const enum wr_status status =
        wr_input_read_rate(&source->forced_rate, source->framerate, error);
    if (source->framerate)
        source->frame_rate = source->forced_rate;
    av_dict_set(&source->decoder_options, "framerate", NULL, 0); // if the demuxer has left it
    return status;
}

// ---- the file

static void scale_rate(AVRational *rate, AVRational factor)
{
    *rate = rate->num > 0 ? av_div_q(*rate, factor) : *rate;
}

// Longer ticks make all times of a file longer.
static void scale_times(AVFormatContext *file, double scale)
{
    enum { FINENESS = 100000 };
    if (!scale || scale == 1)
        return;
    const AVRational factor = av_d2q(scale, FINENESS);
    for (unsigned i = 0; i < file->nb_streams; i++) {
        AVStream *stream = file->streams[i];
        stream->time_base = av_mul_q(stream->time_base, factor);
        scale_rate(&stream->avg_frame_rate, factor);
        scale_rate(&stream->r_frame_rate, factor);
    }
    if (file->start_time != AV_NOPTS_VALUE)
        file->start_time = av_rescale(file->start_time, factor.num, factor.den);
    if (file->duration != AV_NOPTS_VALUE)
        file->duration = av_rescale(file->duration, factor.num, factor.den);
}

// Refuses a folder and an empty file. *is_file: there is something of that name.
static enum wr_status check_file(const struct wr_source *source, bool *is_file,
                                 struct wr_error *error)
{
    struct stat entry;
    *is_file = !stat(source->name, &entry);
    if (*is_file && S_ISDIR(entry.st_mode))
        return wr_fail(error, WR_FAILED, "cannot read %s: it is a directory", source->name);
    if (*is_file && S_ISREG(entry.st_mode) && entry.st_size == 0)
        return wr_fail(error, WR_FAILED, "cannot read %s: the file is empty", source->name);
    return WR_OK;
}

// Finds out what the file is to be opened with: its format, if that is known, and its options.
static enum wr_status read_words(struct wr_source *source, bool is_file,
                                 const AVInputFormat **format, struct wr_error *error)
{
    const struct wr_input_words words = {source->format, source->options, source->framerate};
    enum wr_status status = wr_input_find_format(format, words.format, error);
    if (!status)
        status = open_descriptor(source, error);
    av_dict_free(&source->decoder_options);
    if (!status)
        status = wr_input_read_options(&source->decoder_options, &words, error);
    if (!status && !is_file && !*format)
        status = wr_pictures_options(source->name, &source->sequence, format,
                                     &source->decoder_options, error);
    return status;
}

enum wr_status wr_source_open_file(struct wr_source *source, struct wr_error *error)
{
    bool is_file;
    const AVInputFormat *format;
    enum wr_status status = check_file(source, &is_file, error);
    if (!status)
        status = read_words(source, is_file, &format, error);
    if (status)
        return status;
    source->file = avformat_alloc_context();
    char *url = input_url(source->name, is_file);
    if (!source->file || !url) {
        av_free(url);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    source->file->interrupt_callback = (AVIOInterruptCB){is_cancelled, source};
    source->file->opaque = &source->complaints;
    if (source->descriptor)
        source->file->pb = wr_descriptor_context(source->descriptor);
    wr_live_wait(&source->live);
    int result = avformat_open_input(&source->file, url, format, &source->decoder_options);
    av_free(url);
    if (result < 0 && source->live.has_stalled)
        return wr_fail(error, WR_FAILED, "cannot read %s: nothing came for %g s", source->name,
                       source->live.timeout);
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
    scale_times(source->file, source->scale);
    source->told_streams = (int)source->file->nb_streams;
    source->plays = wr_read_plays(source->file);
    if (source->sequence.first) // probing went as far as the number that is missing
        atomic_store(&source->complaints, 0);
    source->complaints_probing = atomic_load(&source->complaints);
    return WR_OK;
}

// A stream that its file marks as the default weighs more than the others of that file.
static int64_t default_weight(const AVStream *stream)
{
    return stream->disposition & AV_DISPOSITION_DEFAULT ? 5000000 : 0;
}

// How ffmpeg weighs streams: by pixels; one that had a packet while the file was probed goes before
// any that had none, and a default one counts for more. A cover stands for the file: it is taken
// for a video where pictures are asked for and there is nothing else, or never.
static int64_t rank(const AVStream *stream, bool takes_covers)
{
    enum { HAS_PACKETS = 100000000 };
    const AVCodecParameters *parameters = stream->codecpar;
    if (parameters->codec_type != AVMEDIA_TYPE_VIDEO)
        return -1;
    if (wr_is_cover(stream))
        return takes_covers ? 0 : -1;
    return (int64_t)parameters->width * parameters->height +
           (stream->event_flags & AVSTREAM_EVENT_FLAG_NEW_PACKETS ? HAS_PACKETS : 0) +
           default_weight(stream);
}

// The video that weighs most, the first of several that weigh the same; -1 if there is none.
// Streams that a map takes away do not count. *count: how many videos there are to choose from.
// maps NULL: no maps.
static int best_video(AVFormatContext *file, const struct wr_maps *maps, int input, int *count)
{
    const bool takes_covers = maps && maps->takes_covers;
    int best = -1;
    *count = 0;
    for (int i = 0; i < (int)file->nb_streams; i++) {
        if (maps && wr_maps_take_away(maps, input, file, file->streams[i]))
            continue;
        const int64_t weight = rank(file->streams[i], takes_covers);
        *count += weight >= 0;
        if (weight >= 0 && (best < 0 || weight > rank(file->streams[best], takes_covers)))
            best = i;
    }
    return best;
}

int64_t wr_file_video_weight(AVFormatContext *file)
{
    int count;
    const int best = best_video(file, NULL, 0, &count);
    if (best < 0 || wr_is_text_art(file->streams[best]))
        return -1;
    const AVStream *stream = file->streams[best];
    return rank(stream, false) - default_weight(stream);
}

// The first video that FFmpeg's word means; WR_NO_STREAM for none.
static int find_named(AVFormatContext *file, const char *specifier)
{
    for (unsigned i = 0; i < file->nb_streams; i++)
        if (file->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
            avformat_match_stream_specifier(file, file->streams[i], specifier) > 0)
            return (int)i;
    return WR_NO_STREAM;
}

static enum wr_status find_video(struct wr_source *source, struct wr_error *error)
{
    enum wr_status status =
        wr_maps_check_file(&source->maps, source->number, source->file, source->name, error);
    if (status)
        return status;
    const int mapped = wr_maps_video(&source->maps, source->number, source->file);
    const bool is_named = source->named_video && mapped != WR_NO_STREAM;
    const int named = is_named ? find_named(source->file, source->named_video) : mapped;
    const int index = named == WR_NO_STREAM ? -1
                      : named >= 0          ? named
                                   : best_video(source->file, &source->maps, source->number,
                                                &source->video_count);
    source->lacks_video = index < 0;
    source->frame_rate = (AVRational){0, 1};
    if (source->lacks_video && source->copies)
        return WR_OK;
    if (named == WR_NO_STREAM && is_named)
        return wr_fail(error, WR_USAGE, "%s has no video \"%s\"", source->name,
                       source->named_video);
    if (named == WR_NO_STREAM)
        return wr_fail(error, WR_USAGE, "no video stream is asked for, and there is one to filter");
    if (index < 0)
        return wr_fail(error, WR_FAILED, "%s has no video stream", source->name);
    source->video = source->file->streams[index];
    if (wr_is_text_art(source->video))
        return wr_fail(error, WR_FAILED, "%s is a text file, not a video", source->name);
    source->frame_rate = av_guess_frame_rate(source->file, source->video, NULL);
    if (source->frame_rate.num <= 0 || source->frame_rate.den <= 0)
        source->frame_rate = (AVRational){0, 1};
    return read_framerate(source, error);
}

enum wr_status wr_source_reopen(struct wr_source *source, struct wr_error *error)
{
    const unsigned count = source->file->nb_streams;
    avformat_close_input(&source->file);
    source->video = NULL;
    enum wr_status status = wr_source_open_file(source, error);
    if (!status)
        status = find_video(source, error);
    if (!status && source->file->nb_streams != count)
        status = wr_fail(error, WR_FAILED, "cannot read %s: it has changed", source->name);
    for (unsigned i = 0; i < count && !status && source->streams; i++)
        source->streams[i].av = source->file->streams[i];
    return status;
}

enum wr_status wr_source_open(struct wr_source *source, struct wr_error *error)
{
    source->changed_at = AV_NOPTS_VALUE;
    source->cut = source->start || source->to || source->duration || source->frames >= 0;
    const enum wr_status status = wr_source_open_file(source, error);
    return status ? status : find_video(source, error);
}

void wr_source_close(struct wr_source *source)
{
    av_frame_free(&source->first);
    avformat_close_input(&source->file);
    av_dict_free(&source->decoder_options);
    wr_descriptor_close(&source->descriptor);
    free(source->streams);
    free(source->order);
}

int64_t wr_source_beginning(const struct wr_source *source)
{
    const int64_t time = source->file->start_time;
    return source->from_zero || time == AV_NOPTS_VALUE ? 0 : time;
}

AVRational wr_source_time_base(const struct wr_source *source)
{
    return source->forced_rate.num ? av_inv_q(source->forced_rate) : source->video->time_base;
}

int64_t wr_source_offset(const struct wr_source *source, AVRational time_base)
{
    return av_rescale_q(source->offset, AV_TIME_BASE_Q, time_base);
}

bool wr_source_is_out_of_memory(int result)
{
    enum { LITTLE = 1 << 20 };
    void *memory = result == AVERROR(ENOMEM) ? av_malloc(LITTLE) : NULL;
    const bool is_short = result == AVERROR(ENOMEM) && !memory;
    av_free(memory);
    return is_short;
}
