// SPDX-License-Identifier: MIT
// Opens an input: finds out what it is, picks the video stream and its decoder.
#include "lib/input/source.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/input/descriptor.h"

void wr_log(const struct wr_options *options, enum wr_log_level level, const char *format, ...)
{
    if (!options->log)
        return;
    char sentence[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    options->log(options->opaque, level, sentence);
}

// A local file is named as such: libavformat would take "a:b.mp4" for a protocol.
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

// The first time opens what may stall; later times go back to where it stood then.
static enum wr_status open_input(struct wr_source *source, struct wr_error *error)
{
    if (!source->input)
        return wr_input_open(&source->input, source->name, source->cancelled, error);
    const int64_t position = avio_seek(wr_input_context(source->input), 0, SEEK_SET);
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
    const enum wr_status opened = open_input(source, error);
    if (opened)
        return opened;
    source->file = avformat_alloc_context();
    char *url = input_url(source->name, is_file);
    if (!source->file || !url) {
        av_free(url);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    source->file->interrupt_callback = (AVIOInterruptCB){is_cancelled, source};
    source->file->pb = source->input ? wr_input_context(source->input) : NULL;
    int result = avformat_open_input(&source->file, url, NULL, NULL);
    av_free(url);
    if (result == AVERROR_INVALIDDATA && !wr_source_is_cancelled(source))
        return wr_fail(error, WR_FAILED,
                       "cannot read %s: not a media file that FFmpeg knows, or too damaged",
                       source->name);
    // Raw formats without a header cannot say what their stream is; then nothing can be probed.
    if (result >= 0)
        result = avformat_find_stream_info(source->file, NULL);
    if (wr_source_is_cancelled(source))
        return wr_fail(error, WR_INTERRUPTED, "interrupted");
    if (result < 0)
        return wr_fail(error, WR_FAILED, "cannot read %s: %s", source->name, av_err2str(result));
    source->file->opaque = &source->complaints; // from here on: what is said before is of no loss
    return WR_OK;
}

// Pictures made of letters: libavformat takes any .txt for ANSI art.
static bool is_text(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_ANSI || codec == AV_CODEC_ID_BINTEXT || codec == AV_CODEC_ID_XBIN ||
           codec == AV_CODEC_ID_IDF;
}

static int64_t rank(const AVStream *stream)
{
    const int64_t pixels = (int64_t)stream->codecpar->width * stream->codecpar->height;
    return stream->disposition & AV_DISPOSITION_DEFAULT ? pixels + (INT64_C(1) << 62) : pixels;
}

// libavformat's choice unless that is a cover, which may be larger than the video.
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
    if (is_text(source->video->codecpar->codec_id))
        return wr_fail(error, WR_FAILED, "%s is a text file, not a video", source->name);
    source->frame_rate = av_guess_frame_rate(source->file, source->video, NULL);
    if (source->frame_rate.num <= 0 || source->frame_rate.den <= 0)
        source->frame_rate = (AVRational){0, 1};
    return WR_OK;
}

struct decoder_opening {
    AVCodecContext *decoder;
    const AVCodec *codec;
    int result;
};

// The decoder's threads, made here, inherit the niceness of this thread, which Linux keeps for each
// of them: they take the time that encoding leaves, between its parallel stretches, rather than as
// much as it takes.
static void *open_nice(void *argument)
{
    struct decoder_opening *opening = argument;
    (void)!nice(5);
    opening->result = avcodec_open2(opening->decoder, opening->codec, NULL);
    return NULL;
}

static int open_in_thread(AVCodecContext *decoder, const AVCodec *codec)
{
    struct decoder_opening opening = {decoder, codec, 0};
    pthread_t thread;
    const int failure = pthread_create(&thread, NULL, open_nice, &opening);
    if (failure)
        return AVERROR(failure);
    pthread_join(thread, NULL);
    return opening.result;
}

static int open_decoder(struct wr_source *source, const AVCodec *codec, int threads)
{
    source->decoder = avcodec_alloc_context3(codec);
    if (!source->decoder)
        return AVERROR(ENOMEM);
    int result = avcodec_parameters_to_context(source->decoder, source->video->codecpar);
    if (result < 0)
        return result;
    source->decoder->pkt_timebase = source->video->time_base;
    source->decoder->framerate = source->frame_rate;
    source->decoder->thread_count = threads;
    source->decoder->thread_type = FF_THREAD_FRAME | FF_THREAD_SLICE;
    source->decoder->opaque = &source->complaints;
    return open_in_thread(source->decoder, codec);
}

// FFmpeg's own VP8 and VP9 decoders drop the alpha plane; libvpx keeps it.
static const AVCodec *alpha_decoder(const AVStream *video)
{
    const AVDictionaryEntry *tag = av_dict_get(video->metadata, "alpha_mode", NULL, 0);
    if (!tag || strcmp(tag->value, "1"))
        return NULL;
    return video->codecpar->codec_id == AV_CODEC_ID_VP9 ? avcodec_find_decoder_by_name("libvpx-vp9")
           : video->codecpar->codec_id == AV_CODEC_ID_VP8 ? avcodec_find_decoder_by_name("libvpx")
                                                          : NULL;
}

static enum wr_status choose_decoder(struct wr_source *source, const struct wr_options *options,
                                     struct wr_error *error)
{
    const AVCodec *choices[] = {alpha_decoder(source->video),
                                avcodec_find_decoder(source->video->codecpar->codec_id)};
    int result = AVERROR_DECODER_NOT_FOUND;
    for (int i = 0; i < 2; i++) {
        if (!choices[i])
            continue;
        avcodec_free_context(&source->decoder);
        result = open_decoder(source, choices[i], options->threads);
        if (result >= 0)
            return WR_OK;
    }
    return wr_fail(error, WR_FAILED, "cannot decode %s, the video codec of %s: %s",
                   avcodec_get_name(source->video->codecpar->codec_id), source->name,
                   av_err2str(result));
}

enum wr_status wr_source_reopen(struct wr_source *source, struct wr_error *error)
{
    const unsigned count = source->file->nb_streams;
    avformat_close_input(&source->file);
    source->video = NULL;
    source->whole = source->begun = true;
    enum wr_status status = open_file(source, error);
    if (!status)
        status = find_video(source, error);
    if (!status && source->file->nb_streams != count)
        status = wr_fail(error, WR_FAILED, "cannot read %s: it has changed", source->name);
    return status;
}

enum wr_status wr_source_open(struct wr_source *source, const struct wr_options *options,
                              int cancelled, struct wr_error *error)
{
    source->name = options->input;
    source->cancelled = cancelled;
    source->cut = options->start || options->frames >= 0;
    enum wr_status status = open_file(source, error);
    if (!status)
        status = find_video(source, error);
    if (!status)
        status = choose_decoder(source, options, error);
    if (!status)
        status = wr_source_seek(source, options->start, error);
    return status;
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

int64_t wr_source_frames(const struct wr_source *source, const struct wr_options *options)
{
    const double rate = av_q2d(source->frame_rate);
    const double expected = seconds_from_start(source) * rate + 0.5;
    int64_t frames = expected < 1e18 ? (int64_t)expected : 0; // a damaged file may claim anything
    if (!options->start && source->video->nb_frames > 0)
        frames = source->video->nb_frames;
    return options->frames < 0        ? frames
           : frames < 1               ? options->frames
           : frames < options->frames ? frames
                                      : options->frames;
}

double wr_source_duration(const struct wr_source *source, const struct wr_options *options)
{
    const double all = seconds_from_start(source);
    const double rate = av_q2d(source->frame_rate);
    if (options->frames < 0 || rate <= 0)
        return all;
    const double wanted = (double)options->frames / rate;
    return all > 0 && all < wanted ? all : wanted;
}

static const char *or_unknown(const char *name)
{
    return name ? name : "unknown";
}

void wr_describe_color(char *text, size_t size, enum AVColorRange range, enum AVColorSpace matrix,
                       enum AVColorPrimaries primaries, enum AVColorTransferCharacteristic transfer)
{
    snprintf(text, size, "%s, %s/%s/%s", or_unknown(av_color_range_name(range)),
             or_unknown(av_color_space_name(matrix)),
             or_unknown(av_color_primaries_name(primaries)),
             or_unknown(av_color_transfer_name(transfer)));
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
    snprintf(report->pix_fmt, sizeof report->pix_fmt, "%s",
             or_unknown(av_get_pix_fmt_name(first->format)));
    wr_describe_color(report->color, sizeof report->color, first->color_range, first->colorspace,
                      first->color_primaries, first->color_trc);
}

void wr_source_close(struct wr_source *source)
{
    av_frame_free(&source->first);
    avcodec_free_context(&source->decoder);
    avformat_close_input(&source->file);
    wr_input_close(&source->input);
}

// ---- truncation

// One EBML number: its length is told by the leading zeros of the first byte. -1 for "unknown".
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

// libavformat ends a cut Matroska file as if it were whole, but the Segment says how long it is.
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
