// SPDX-License-Identifier: MIT
// Chooses the encoder and the pixel format it is fed: nothing is lost unless it was asked for.
#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/output/encoder.h"
#include "lib/warpreel.h"

// ---- the encoder

static const char *video_encoder_name(const void *names, int n)
{
    (void)names;
    void *iterator = NULL;
    const AVCodec *codec;
    while ((codec = av_codec_iterate(&iterator)))
        if (av_codec_is_encoder(codec) && codec->type == AVMEDIA_TYPE_VIDEO && !n--)
            return codec->name;
    return NULL;
}

static int video_encoder_count(void)
{
    int count = 0;
    while (video_encoder_name(NULL, count))
        count++;
    return count;
}

static enum wr_status find_named(const AVCodec **codec, const char *name, struct wr_error *error)
{
    if (!strcmp(name, "copy"))
        return wr_fail(error, WR_USAGE,
                       "codec \"copy\" is not possible: filtered video is always encoded anew");
    *codec = avcodec_find_encoder_by_name(name);
    const AVCodecDescriptor *descriptor = avcodec_descriptor_get_by_name(name);
    if (!*codec && descriptor)
        *codec = avcodec_find_encoder(descriptor->id);
    if (!*codec && descriptor)
        return wr_fail(error, WR_USAGE, "this FFmpeg has no encoder for %s", name);
    if (!*codec) {
        const char *nearest = wr_nearest(name, video_encoder_name, NULL, video_encoder_count());
        return nearest ? wr_fail(error, WR_USAGE, "unknown codec \"%s\"; did you mean %s?", name,
                                 nearest)
                       : wr_fail(error, WR_USAGE,
                                 "unknown codec \"%s\"; ffmpeg -encoders lists all", name);
    }
    if ((*codec)->type != AVMEDIA_TYPE_VIDEO)
        return wr_fail(error, WR_USAGE, "codec %s is not a video encoder", name);
    return WR_OK;
}

// What people who use the container expect in it; elsewhere libavformat's own choice is theirs too.
static const struct {
    const char *containers, *encoder, *rgb_encoder;
} expected[] = {
    {"mp4,mov,ipod,3gp,3g2,f4v,ismv,psp,matroska", "libx264", "libx264rgb"},
    {"webm", "libvpx-vp9", NULL},
};

static const AVCodec *find_expected(const AVOutputFormat *container, const struct wr_format *format)
{
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        if (!av_match_name(container->name, expected[i].containers))
            continue;
        const bool rgb = expected[i].rgb_encoder && format->model == WR_RGB && !format->alpha;
        return avcodec_find_encoder_by_name(rgb ? expected[i].rgb_encoder : expected[i].encoder);
    }
    return NULL;
}

enum wr_status wr_choose_encoder(const AVCodec **codec, const struct wr_options *options,
                                 const AVOutputFormat *container, const struct wr_format *format,
                                 struct wr_error *error)
{
    if (options->codec)
        return find_named(codec, options->codec, error);
    *codec = find_expected(container, format);
    const enum AVCodecID standard =
        av_guess_codec(container, NULL, options->output, NULL, AVMEDIA_TYPE_VIDEO);
    if (!*codec && standard == AV_CODEC_ID_NONE)
        return wr_fail(error, WR_USAGE, "container %s does not hold video", container->name);
    if (!*codec)
        *codec = avcodec_find_encoder(standard);
    if (!*codec)
        return wr_fail(error, WR_FAILED,
                       "this FFmpeg has no encoder for %s; choose one with --codec",
                       avcodec_get_name(standard));
    return WR_OK;
}

// Those that were seen to encode flipped frames as they do others: tests/flipped.sh compares them.
// Of others one cannot know: libsvtav1 hangs, librav1e encodes something else, libx265 crashes
// beyond 8 bits.
static const char *const taking_flipped[] = {
    "wrapped_avframe", "rawvideo", "ffv1",       "ffvhuff", "utvideo",   "png",
    "libx264",         "libvpx",   "libvpx-vp9", "mpeg4",   "prores_ks",
};

bool wr_encoder_takes_flipped(const AVCodec *codec)
{
    for (size_t n = 0; n < sizeof taking_flipped / sizeof *taking_flipped; n++)
        if (!strcmp(codec->name, taking_flipped[n]))
            return true;
    return false;
}

// ---- the pixel format

static const char *chroma_name(const struct wr_format *format)
{
    static const char *const names[3][2] = {
        {"4:4:4", "4:4:0"}, {"4:2:2", "4:2:0"}, {"4:1:1", "4:1:0"}};
    return format->model == WR_GRAY  ? "gray"
           : format->model == WR_RGB ? "RGB"
                                     : names[format->log2_chroma_w < 2 ? format->log2_chroma_w : 2]
                                            [format->log2_chroma_h > 0];
}

// "10-bit 4:2:2 yuv422p10le".
static void print_format(char *text, size_t size, const struct wr_format *format)
{
    const enum AVPixelFormat planar = wr_format_pix_fmt(format);
    const char *name = planar != AV_PIX_FMT_NONE ? av_get_pix_fmt_name(planar)
                       : format->alpha           ? "with alpha"
                                                 : "";
    snprintf(text, size, "%d-bit %s%s%s%s", format->depth, chroma_name(format), *name ? " " : "",
             name, format->full_range && format->model != WR_RGB ? " of full range" : "");
}

// Those that --pix-fmt takes.
static void print_list(char *text, size_t size, const enum AVPixelFormat *list)
{
    text[0] = 0;
    for (int i = 0; list && list[i] != AV_PIX_FMT_NONE; i++) {
        if (!wr_pix_fmt_is_made(list[i]))
            continue;
        if (strlen(text) + 40 > size) {
            av_strlcat(text, ", ...", size);
            return;
        }
        av_strlcatf(text, size, "%s%s", *text ? ", " : "", av_get_pix_fmt_name(list[i]));
    }
}

static bool takes(const enum AVPixelFormat *list, enum AVPixelFormat pix_fmt)
{
    for (int i = 0; list && list[i] != AV_PIX_FMT_NONE; i++)
        if (list[i] == pix_fmt)
            return true;
    return !list;
}

static const char *pix_fmt_name(const void *names, int n)
{
    (void)names;
    return av_get_pix_fmt_name((enum AVPixelFormat)n);
}

static int pix_fmt_count(void)
{
    int count = 0;
    const AVPixFmtDescriptor *desc = NULL;
    while ((desc = av_pix_fmt_desc_next(desc)))
        count++;
    return count;
}

enum wr_status wr_check_pix_fmt(const struct wr_options *options, struct wr_error *error)
{
    const char *name = options->pix_fmt;
    if (!name)
        return WR_OK;
    const enum AVPixelFormat pix_fmt = av_get_pix_fmt(name);
    if (pix_fmt == AV_PIX_FMT_NONE) {
        const char *nearest = wr_nearest(name, pix_fmt_name, NULL, pix_fmt_count());
        return wr_fail(error, WR_USAGE, "unknown pixel format \"%s\"%s%s%s", name,
                       nearest ? "; did you mean " : "", nearest ? nearest : "",
                       nearest ? "?" : "");
    }
    if (!wr_pix_fmt_is_made(pix_fmt))
        return wr_fail(error, WR_USAGE,
                       "cannot convert to pixel format %s: warpreel makes integer samples of one "
                       "depth from 8 to 16 bits",
                       name);
    return WR_OK;
}

static enum wr_status find_asked(enum AVPixelFormat *pix_fmt, const AVCodec *codec,
                                 const char *name, struct wr_error *error)
{
    const enum AVPixelFormat *list = wr_encoder_pix_fmts(codec);
    *pix_fmt = av_get_pix_fmt(name);
    if (takes(list, *pix_fmt))
        return WR_OK;
    char formats[512];
    print_list(formats, sizeof formats, list);
    return wr_fail(error, WR_USAGE, "encoder %s does not take pixel format %s; it takes %s",
                   codec->name, name, *formats ? formats : "none that warpreel makes");
}

enum wr_status wr_choose_pix_fmt(enum AVPixelFormat *pix_fmt, const AVCodec *codec,
                                 const struct wr_options *options, enum AVPixelFormat source,
                                 const struct wr_format *format, struct wr_error *error)
{
    if (options->pix_fmt) {
        const enum wr_status status = wr_check_pix_fmt(options, error);
        return status ? status : find_asked(pix_fmt, codec, options->pix_fmt, error);
    }
    const enum AVPixelFormat *list = wr_encoder_pix_fmts(codec);
    const enum AVPixelFormat favourites[] = {source, wr_format_pix_fmt(format)};
    for (int i = 0; i < 2; i++) {
        *pix_fmt = favourites[i];
        if (takes(list, *pix_fmt) && wr_pix_fmt_holds(*pix_fmt, format))
            return WR_OK;
    }
    for (int i = 0; list && list[i] != AV_PIX_FMT_NONE; i++) {
        *pix_fmt = list[i];
        if (wr_pix_fmt_holds(*pix_fmt, format))
            return WR_OK;
    }
    char given[96], formats[512];
    print_format(given, sizeof given, format);
    print_list(formats, sizeof formats, list);
    return wr_fail(error, WR_FAILED, "encoder %s cannot hold %s: take another --codec%s%s",
                   codec->name, given, *formats ? ", or convert with --pix-fmt to one of " : "",
                   formats);
}
