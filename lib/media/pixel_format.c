// SPDX-License-Identifier: MIT
// What libavutil's pixel formats are made of, and which of them a format of ours is.
#include "lib/media/pixel_format.h"

#include <stdio.h>
#include <string.h>

int wr_pix_fmt_component(const AVPixFmtDescriptor *desc, int plane)
{
    static const int rgb[] = {1, 2, 0, 3};
    return desc->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) ? rgb[plane] : plane;
}

bool wr_pix_fmt_is_full_range(const AVPixFmtDescriptor *desc)
{
    return !strncmp(desc->name, "yuvj", 4);
}

bool wr_pix_fmt_is_made(enum AVPixelFormat pix_fmt)
{
    struct wr_format format;
    return wr_pix_fmt_describe(pix_fmt, &format) &&
           !(av_pix_fmt_desc_get(pix_fmt)->flags & AV_PIX_FMT_FLAG_PAL);
}

bool wr_pix_fmt_describe(enum AVPixelFormat pix_fmt, struct wr_format *format)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    // A bitstream's components begin at any bit, and of big-endian ones (xv30be) in reversed words.
    const uint64_t foreign = AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT |
                             AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_BITSTREAM;
    if (!desc || desc->flags & foreign || desc->nb_components < 1)
        return false;
    // Their samples mean, or lie, differently from what the descriptor can say.
    if (pix_fmt == AV_PIX_FMT_XYZ12LE || pix_fmt == AV_PIX_FMT_XYZ12BE ||
        pix_fmt == AV_PIX_FMT_UYYVYY411)
        return false;
    const int depth = desc->comp[0].depth;
    for (int c = 0; c < desc->nb_components; c++)
        if (desc->comp[c].depth != depth || depth < 8 || depth > 16)
            return false;
    const bool palette = desc->flags & AV_PIX_FMT_FLAG_PAL;
    const bool rgb = palette || desc->flags & AV_PIX_FMT_FLAG_RGB;
    *format = (struct wr_format){
        .model = rgb                       ? WR_RGB
                 : desc->nb_components < 3 ? WR_GRAY
                                           : WR_YUV,
        .depth = depth,
        .alpha = palette || desc->flags & AV_PIX_FMT_FLAG_ALPHA,
        .matrix = AVCOL_SPC_UNSPECIFIED,
        .sar_den = 1,
    };
    if (format->model == WR_YUV) {
        format->log2_chroma_w = desc->log2_chroma_w;
        format->log2_chroma_h = desc->log2_chroma_h;
    }
    return true;
}

bool wr_same_samples(const struct wr_format *a, const struct wr_format *b)
{
    return a->model == b->model && a->depth == b->depth && a->alpha == b->alpha &&
           a->log2_chroma_w == b->log2_chroma_w && a->log2_chroma_h == b->log2_chroma_h;
}

bool wr_pix_fmt_is_planar(enum AVPixelFormat pix_fmt)
{
    struct wr_format format;
    if (!wr_pix_fmt_describe(pix_fmt, &format))
        return false;
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    const bool big = desc->flags & AV_PIX_FMT_FLAG_BE;
    const bool native = big == (AV_PIX_FMT_GRAY16 == AV_PIX_FMT_GRAY16BE);
    if (desc->flags & AV_PIX_FMT_FLAG_PAL || (format.depth > 8 && !native))
        return false;
    for (int plane = 0; plane < wr_format_planes(&format); plane++) {
        const AVComponentDescriptor *comp = &desc->comp[wr_pix_fmt_component(desc, plane)];
        if (comp->plane != plane || comp->offset || comp->shift ||
            comp->step != wr_format_bytes(&format))
            return false;
    }
    return true;
}

static enum AVPixelFormat find_planar(const struct wr_format *format, bool of_full_range)
{
    const AVPixFmtDescriptor *desc = NULL;
    while ((desc = av_pix_fmt_desc_next(desc))) {
        const enum AVPixelFormat pix_fmt = av_pix_fmt_desc_get_id(desc);
        struct wr_format candidate;
        if (wr_pix_fmt_describe(pix_fmt, &candidate) && wr_same_samples(&candidate, format) &&
            wr_pix_fmt_is_planar(pix_fmt) && wr_pix_fmt_is_full_range(desc) == of_full_range)
            return pix_fmt;
    }
    return AV_PIX_FMT_NONE;
}

enum AVPixelFormat wr_format_pix_fmt(const struct wr_format *format)
{
    return find_planar(format, false);
}

enum AVPixelFormat wr_format_full_pix_fmt(const struct wr_format *format)
{
    return find_planar(format, true);
}

void wr_format_name(const struct wr_format *format, char *name, size_t size)
{
    const enum AVPixelFormat pix_fmt = wr_format_pix_fmt(format);
    if (pix_fmt == AV_PIX_FMT_NONE) {
        // Gray with alpha is packed wherever it has a name.
        snprintf(name, size, "%s%d", format->model == WR_GRAY ? "ya" : "planar", format->depth);
        return;
    }
    snprintf(name, size, "%s", av_get_pix_fmt_name(pix_fmt));
    const size_t length = strlen(name);
    if (format->depth > 8 && length > 2)
        name[length - 2] = '\0'; // "le" or "be"
}

enum AVPixelFormat wr_pix_fmt_without_floats(enum AVPixelFormat pix_fmt)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    if (!desc || !(desc->flags & AV_PIX_FMT_FLAG_FLOAT) || desc->comp[0].depth != 32)
        return AV_PIX_FMT_NONE;
    const bool big = desc->flags & AV_PIX_FMT_FLAG_BE;
    if (big != (AV_PIX_FMT_GRAY16 == AV_PIX_FMT_GRAY16BE))
        return AV_PIX_FMT_NONE;
    for (int c = 0; c < desc->nb_components; c++)
        if (desc->comp[c].step != 4)
            return AV_PIX_FMT_NONE;
    const struct wr_format format = {
        .model = desc->flags & AV_PIX_FMT_FLAG_RGB ? WR_RGB : WR_GRAY,
        .depth = 16,
        .alpha = desc->flags & AV_PIX_FMT_FLAG_ALPHA,
    };
    return wr_format_pix_fmt(&format);
}

bool wr_pix_fmt_holds(enum AVPixelFormat pix_fmt, const struct wr_format *format)
{
    struct wr_format candidate;
    const enum AVPixelFormat integers = wr_pix_fmt_without_floats(pix_fmt);
    if (integers != AV_PIX_FMT_NONE)
        pix_fmt = integers;
    if (!wr_pix_fmt_describe(pix_fmt, &candidate) || !wr_same_samples(&candidate, format))
        return false;
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    return !(desc->flags & AV_PIX_FMT_FLAG_PAL) &&
           (format->full_range || !wr_pix_fmt_is_full_range(desc));
}
