// SPDX-License-Identifier: MIT
// Chooses FFmpeg's decoder for a video, and opens it.
#include "lib/input/decoder_context.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "lib/media/compat.h"

// FFmpeg never takes more by itself. Each is a decoder of its own that has to be opened, so that
// with hundreds of them opening takes seconds. The decoder's option "threads" can still ask for
// more.
enum { MOST_THREADS = 16 };

struct how {
    const struct wr_source *source;
    int threads;
    struct wr_decoder_opaque *opaque;
};

struct opening {
    AVCodecContext *context;
    const AVCodec *codec;
    const AVDictionary *options;
    AVDictionary *unknown; // those of them that the decoder has not
    int result;
};

// FFmpeg starts the decoder's threads here, and on Linux they inherit the niceness of this thread.
// So decoding takes the time that encoding leaves over, instead of competing with it.
static void *open_nice(void *argument)
{
    struct opening *opening = argument;
    (void)!nice(5);
    opening->result = av_dict_copy(&opening->unknown, opening->options, 0);
    if (opening->result >= 0)
        opening->result = avcodec_open2(opening->context, opening->codec, &opening->unknown);
    return NULL;
}

// *unknown, which is NULL before, gets the options that the decoder has not.
static int open_in_thread(AVCodecContext *context, const AVCodec *codec,
                          const AVDictionary *options, AVDictionary **unknown)
{
    struct opening opening = {context, codec, options, NULL, 0};
    pthread_t thread;
    const int failure = pthread_create(&thread, NULL, open_nice, &opening);
    if (failure)
        return AVERROR(failure);
    pthread_join(thread, NULL);
    *unknown = opening.unknown;
    return opening.result;
}

static int open_as(AVCodecContext **context, const AVCodec *codec, const struct how *how,
                   AVDictionary **unknown)
{
    const struct wr_source *const source = how->source;
    av_dict_free(unknown);
    avcodec_free_context(context);
    AVCodecContext *new = *context = avcodec_alloc_context3(codec);
    if (!new)
        return AVERROR(ENOMEM);
    const int result = avcodec_parameters_to_context(new, source->video->codecpar);
    if (result < 0)
        return result;
    new->pkt_timebase = source->video->time_base;
    new->framerate = source->frame_rate;
    new->thread_count = FFMIN(how->threads, MOST_THREADS);
    new->thread_type = FF_THREAD_FRAME | FF_THREAD_SLICE;
    new->opaque = how->opaque;
    new->get_buffer2 = wr_surfaces_get;
    wr_codec_set_thread_safe(new);
    return open_in_thread(new, codec, source->decoder_options, unknown);
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

// FFmpeg names many codecs that it cannot decode; of others the file's own four letters say more.
static enum wr_status fail_codec(const struct wr_source *source, int result, struct wr_error *error)
{
    const AVCodecParameters *parameters = source->video->codecpar;
    const enum AVCodecID codec = parameters->codec_id;
    const uint32_t tag = parameters->codec_tag;
    if (codec == AV_CODEC_ID_NONE && !tag)
        return wr_fail(error, WR_FAILED,
                       "cannot decode the video of %s: FFmpeg has no codec of "
                       "that name",
                       source->name);
    return wr_fail(error, WR_FAILED, "cannot decode %s, the video codec of %s: %s",
                   codec == AV_CODEC_ID_NONE ? av_fourcc2str(tag) : avcodec_get_name(codec),
                   source->name, av_err2str(result));
}

enum wr_status wr_decoder_context_open(AVCodecContext **context, const struct wr_source *source,
                                       int threads, struct wr_decoder_opaque *opaque,
                                       struct wr_error *error)
{
    const struct how how = {source, threads, opaque};
    const enum AVCodecID codec = source->video->codecpar->codec_id;
    const AVCodec *choices[] = {alpha_decoder(source->video), avcodec_find_decoder(codec)};
    int result = AVERROR_DECODER_NOT_FOUND;
    AVDictionary *unknown = NULL;
    for (int i = 0; i < 2 && result < 0; i++)
        if (choices[i])
            result = open_as(context, choices[i], &how, &unknown);
    enum wr_status status = WR_OK;
    const AVDictionaryEntry *option = av_dict_get(unknown, "", NULL, AV_DICT_IGNORE_SUFFIX);
    if (result < 0)
        status = fail_codec(source, result, error);
    else if (option)
        status = wr_fail(error, WR_USAGE,
                         "neither the format %s nor the decoder %s has an option "
                         "\"%s\" for input",
                         source->file->iformat->name, (*context)->codec->name, option->key);
    av_dict_free(&unknown);
    return status;
}
