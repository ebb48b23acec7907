// SPDX-License-Identifier: MIT
// Chooses the pixel format that the encoder is fed: nothing is lost unless it was asked for.
#include "lib/output/video/pixel_choice.h"

#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/output/video/encoders.h"

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

bool wr_encoder_can_get(const AVCodec *codec, enum AVPixelFormat pix_fmt)
{
    const struct wr_encoder_row *row = wr_encoder_row(codec);
    return wr_pix_fmt_is_made(pix_fmt) && wr_encoder_takes(codec, pix_fmt) &&
           (!row->full_range_only || strstr(row->still, av_get_pix_fmt_name(pix_fmt)));
}

enum AVPixelFormat wr_encoder_nearest(const AVCodec *codec, enum AVPixelFormat wish)
{
    const enum AVPixelFormat *list = wr_encoder_pix_fmts(codec);
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(wish);
    const int has_alpha = desc && desc->flags & AV_PIX_FMT_FLAG_ALPHA && wish != AV_PIX_FMT_PAL8;
    enum AVPixelFormat best = AV_PIX_FMT_NONE;
    for (int i = 0; desc && list && list[i] != AV_PIX_FMT_NONE; i++)
        if (wr_encoder_can_get(codec, list[i]))
            best = best == AV_PIX_FMT_NONE
                       ? list[i]
                       : av_find_best_pix_fmt_of_2(best, list[i], wish, has_alpha, NULL);
    return best;
}

// Lists those that --pix-fmt takes, the nearest to `wish` first.
static void print_list(char *text, size_t size, const AVCodec *codec, enum AVPixelFormat wish)
{
    const enum AVPixelFormat *list = wr_encoder_pix_fmts(codec);
    const enum AVPixelFormat nearest = wr_encoder_nearest(codec, wish);
    text[0] = 0;
    if (nearest != AV_PIX_FMT_NONE)
        av_strlcat(text, av_get_pix_fmt_name(nearest), size);
    for (int i = 0; list && list[i] != AV_PIX_FMT_NONE; i++) {
        if (!wr_pix_fmt_is_made(list[i]) || list[i] == nearest)
            continue;
        if (strlen(text) + 40 > size) {
            av_strlcat(text, ", ...", size);
            return;
        }
        av_strlcatf(text, size, "%s%s", *text ? ", " : "", av_get_pix_fmt_name(list[i]));
    }
}

bool wr_encoder_takes(const AVCodec *codec, enum AVPixelFormat pix_fmt)
{
    const enum AVPixelFormat *list = wr_encoder_pix_fmts(codec);
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

enum wr_status wr_check_pix_fmt(const char *name, struct wr_error *error)
{
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
                       "cannot make %s: every component must have 8 to 16 bits, all the same",
                       name);
    return WR_OK;
}

static enum wr_status find_asked(enum AVPixelFormat *pix_fmt, const AVCodec *codec,
                                 const char *name, struct wr_error *error)
{
    *pix_fmt = av_get_pix_fmt(name);
    if (wr_encoder_takes(codec, *pix_fmt))
        return WR_OK;
    char formats[512];
    print_list(formats, sizeof formats, codec, *pix_fmt);
    return wr_fail(error, WR_USAGE, "encoder %s does not take pixel format %s; it takes %s",
                   codec->name, name, *formats ? formats : "none that warpreel makes");
}

enum wr_status wr_choose_pix_fmt(enum AVPixelFormat *pix_fmt, const AVCodec *codec,
                                 const char *asked, enum AVPixelFormat source,
                                 const struct wr_format *format, struct wr_error *error)
{
    if (asked) {
        const enum wr_status status = wr_check_pix_fmt(asked, error);
        return status ? status : find_asked(pix_fmt, codec, asked, error);
    }
    const enum AVPixelFormat *list = wr_encoder_pix_fmts(codec);
    const enum AVPixelFormat favourites[] = {source, wr_format_pix_fmt(format)};
    for (int i = 0; i < 2; i++) {
        *pix_fmt = favourites[i];
        if (wr_encoder_takes(codec, *pix_fmt) && wr_pix_fmt_holds(*pix_fmt, format))
            return WR_OK;
    }
    for (int i = 0; list && list[i] != AV_PIX_FMT_NONE; i++) {
        *pix_fmt = list[i];
        if (wr_pix_fmt_holds(*pix_fmt, format))
            return WR_OK;
    }
    char given[96], formats[512];
    print_format(given, sizeof given, format);
    print_list(formats, sizeof formats, codec, wr_format_pix_fmt(format));
    return wr_fail(error, WR_FAILED, "encoder %s cannot hold %s: take another --codec%s%s",
                   codec->name, given, *formats ? ", or convert with --pix-fmt to one of " : "",
                   formats);
}
