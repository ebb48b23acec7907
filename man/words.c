// SPDX-License-Identifier: MIT
// Asks FFmpeg's libraries for the names that they know.
#include "man/words.h"

#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdbool.h>
#include <string.h>

// A format may have several names with commas between them.
static void put_names(FILE *page, const char *names)
{
    for (; *names; names++)
        fputc(*names == ',' ? ' ' : *names, page);
    fputc(' ', page);
}

static void put_encoders(FILE *page, enum AVMediaType type)
{
    void *iterator = NULL;
    const AVCodec *codec;
    while ((codec = av_codec_iterate(&iterator)))
        if (av_codec_is_encoder(codec) && codec->type == type)
            put_names(page, codec->name);
    put_names(page, "copy");
}

static void put_video_codecs(FILE *page)
{
    put_encoders(page, AVMEDIA_TYPE_VIDEO);
}

static void put_sound_codecs(FILE *page)
{
    put_encoders(page, AVMEDIA_TYPE_AUDIO);
}

static void put_text_codecs(FILE *page)
{
    put_encoders(page, AVMEDIA_TYPE_SUBTITLE);
}

static void put_pixel_formats(FILE *page)
{
    const AVPixFmtDescriptor *desc = NULL;
    while ((desc = av_pix_fmt_desc_next(desc)))
        if (!(desc->flags & AV_PIX_FMT_FLAG_HWACCEL))
            put_names(page, desc->name);
}

static void put_containers(FILE *page)
{
    void *iterator = NULL;
    const AVOutputFormat *container;
    while ((container = av_muxer_iterate(&iterator)))
        put_names(page, container->name);
}

static void put_input_formats(FILE *page)
{
    void *iterator = NULL;
    const AVInputFormat *format;
    while ((format = av_demuxer_iterate(&iterator)))
        put_names(page, format->name);
}

// Filters of frames that lie on a device, where FFmpeg's filters get none here.
static bool is_for_devices(const char *filter)
{
    const char *const end = strrchr(filter, '_');
    return end && av_match_name(end + 1, "cuda,npp,opencl,qsv,vaapi,vulkan,videotoolbox,amf");
}

static void put_filters(FILE *page)
{
    void *iterator = NULL;
    const AVFilter *filter;
    while ((filter = av_filter_iterate(&iterator)))
        if (!is_for_devices(filter->name))
            put_names(page, filter->name);
}

static const struct word_kind kinds[] = {
    {"CODEC", put_video_codecs},     {"SOUND_CODEC", put_sound_codecs},
    {"TEXT_CODEC", put_text_codecs}, {"PIX_FMT", put_pixel_formats},
    {"CONTAINER", put_containers},   {"INPUT_FORMAT", put_input_formats},
    {"CHAIN", put_filters},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

const struct word_kind *word_kind(int n)
{
    return n < KINDS ? &kinds[n] : NULL;
}

const struct word_kind *word_kind_of(const char *argument)
{
    const size_t length = strcspn(argument, "[");
    for (int n = 0; n < KINDS; n++)
        if (strlen(kinds[n].argument) == length && !strncmp(kinds[n].argument, argument, length))
            return &kinds[n];
    return NULL;
}
