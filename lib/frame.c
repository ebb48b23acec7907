// SPDX-License-Identifier: MIT
// Between libavutil's pixel formats and ours: what a format is made of, unpacking, packing, pools.
#include <libavutil/buffer.h>
#include <libavutil/pixdesc.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media.h"

#define ALIGNMENT 64

// libavutil's component (Y U V A or R G B A) that stands in our plane (gray Y A, YUV Y U V A, RGB G
// B R A).
static int component_of(const AVPixFmtDescriptor *desc, int plane)
{
    static const int rgb[] = {1, 2, 0, 3};
    return desc->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) ? rgb[plane] : plane;
}

// A palette entry is one native 32-bit ARGB word: the byte of it that holds our plane's sample.
static int palette_byte_of(int plane)
{
    static const int little[] = {1, 0, 2, 3}, big[] = {2, 3, 1, 0};
    return AV_PIX_FMT_GRAY16 == AV_PIX_FMT_GRAY16BE ? big[plane] : little[plane];
}

static bool is_full_range_twin(const AVPixFmtDescriptor *desc) // yuvj420p and its kin
{
    return !strncmp(desc->name, "yuvj", 4);
}

// Fills in what pix_fmt alone says: model, depth, chroma layout, alpha.
static bool describe(enum AVPixelFormat pix_fmt, struct wr_format *format)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    const uint64_t foreign =
        AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BAYER;
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

static bool same_samples(const struct wr_format *a, const struct wr_format *b)
{
    return a->model == b->model && a->depth == b->depth && a->alpha == b->alpha &&
           a->log2_chroma_w == b->log2_chroma_w && a->log2_chroma_h == b->log2_chroma_h;
}

// True if the planes of pix_fmt stand in our order, native, one component each.
static bool is_planar(enum AVPixelFormat pix_fmt, const struct wr_format *format)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    const bool big = desc->flags & AV_PIX_FMT_FLAG_BE;
    const bool native = big == (AV_PIX_FMT_GRAY16 == AV_PIX_FMT_GRAY16BE);
    if (desc->flags & AV_PIX_FMT_FLAG_PAL || (format->depth > 8 && !native))
        return false;
    for (int plane = 0; plane < wr_format_planes(format); plane++) {
        const AVComponentDescriptor *comp = &desc->comp[component_of(desc, plane)];
        if (comp->plane != plane || comp->offset || comp->shift ||
            comp->step != wr_format_bytes(format))
            return false;
    }
    return true;
}

bool wr_frame_format(const AVFrame *frame, struct wr_format *format)
{
    if (!describe(frame->format, format))
        return false;
    format->width = frame->width;
    format->height = frame->height;
    format->full_range =
        frame->color_range == AVCOL_RANGE_JPEG ||
        (format->model == WR_RGB && frame->color_range == AVCOL_RANGE_UNSPECIFIED) ||
        is_full_range_twin(av_pix_fmt_desc_get(frame->format));
    format->matrix = frame->colorspace;
    format->chroma_location = frame->chroma_location;
    format->sar_num = frame->sample_aspect_ratio.num;
    format->sar_den = frame->sample_aspect_ratio.num ? frame->sample_aspect_ratio.den : 1;
    return true;
}

enum AVPixelFormat wr_format_pix_fmt(const struct wr_format *format)
{
    const AVPixFmtDescriptor *desc = NULL;
    while ((desc = av_pix_fmt_desc_next(desc))) {
        const enum AVPixelFormat pix_fmt = av_pix_fmt_desc_get_id(desc);
        struct wr_format candidate;
        if (describe(pix_fmt, &candidate) && same_samples(&candidate, format) &&
            is_planar(pix_fmt, &candidate) && !is_full_range_twin(desc))
            return pix_fmt;
    }
    return AV_PIX_FMT_NONE;
}

bool wr_pix_fmt_is_planar(enum AVPixelFormat pix_fmt)
{
    struct wr_format format;
    return describe(pix_fmt, &format) && is_planar(pix_fmt, &format);
}

bool wr_pix_fmt_holds(enum AVPixelFormat pix_fmt, const struct wr_format *format)
{
    struct wr_format candidate;
    if (!describe(pix_fmt, &candidate) || !same_samples(&candidate, format))
        return false;
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(pix_fmt);
    return !(desc->flags & AV_PIX_FMT_FLAG_PAL) &&
           (format->full_range || !is_full_range_twin(desc));
}

// ---- unpacking and packing

// Copies one plane between a planar frame and one of any format, in either direction.
struct transfer {
    AVFrame *planar, *packed;
    const AVPixFmtDescriptor *desc; // of the packed one
    const struct wr_format *format;
    uint16_t *line; // libavutil reads and writes lines of 16-bit samples
};

static void unpack_plane(const struct transfer *t, int plane)
{
    const bool palette = t->desc->flags & AV_PIX_FMT_FLAG_PAL;
    const uint8_t *colors = t->packed->data[1] + palette_byte_of(plane);
    const int component = palette ? 0 : component_of(t->desc, plane);
    const int width = wr_format_width(t->format, plane);
    const bool narrow = wr_format_bytes(t->format) == 1;
    for (int y = 0; y < wr_format_height(t->format, plane); y++) {
        uint8_t *row = t->planar->data[plane] + (ptrdiff_t)y * t->planar->linesize[plane];
        av_read_image_line2(narrow ? (void *)t->line : row, (const uint8_t **)t->packed->data,
                            t->packed->linesize, t->desc, 0, y, component, width, 0, 2);
        for (int x = 0; narrow && x < width; x++)
            row[x] = palette ? colors[4 * t->line[x]] : (uint8_t)t->line[x];
    }
}

static void pack_plane(const struct transfer *t, int plane)
{
    const int component = component_of(t->desc, plane);
    const int width = wr_format_width(t->format, plane);
    const bool narrow = wr_format_bytes(t->format) == 1;
    for (int y = 0; y < wr_format_height(t->format, plane); y++) {
        const uint8_t *row = t->planar->data[plane] + (ptrdiff_t)y * t->planar->linesize[plane];
        for (int x = 0; narrow && x < width; x++)
            t->line[x] = row[x];
        av_write_image_line2(narrow ? (const void *)t->line : row, t->packed->data,
                             t->packed->linesize, t->desc, 0, y, component, width, 2);
    }
}

static enum wr_status transfer(AVFrame *planar, AVFrame *packed, const struct wr_format *format,
                               void (*plane_function)(const struct transfer *, int))
{
    const struct transfer t = {planar, packed, av_pix_fmt_desc_get(packed->format), format,
                               malloc((size_t)format->width * sizeof(uint16_t))};
    if (!t.line)
        return WR_FAILED;
    for (int plane = 0; plane < wr_format_planes(format); plane++)
        plane_function(&t, plane);
    free(t.line);
    return WR_OK;
}

enum wr_status wr_frame_unpack(AVFrame **frame, struct wr_error *error)
{
    struct wr_format format;
    if (!wr_frame_format(*frame, &format)) {
        const char *name = av_get_pix_fmt_name((*frame)->format);
        return wr_fail(error, WR_FAILED,
                       "pixel format %s is not supported: warpreel takes integer samples of one "
                       "depth from 8 to 16 bits",
                       name ? name : "(unknown)");
    }
    if (is_planar((*frame)->format, &format))
        return WR_OK;
    struct wr_frame_pool *pool = wr_frame_pool_open(&format);
    AVFrame *planar = pool ? wr_frame_pool_get(pool) : NULL;
    wr_frame_pool_close(&pool);
    if (!planar || av_frame_copy_props(planar, *frame) < 0 ||
        transfer(planar, *frame, &format, unpack_plane)) {
        av_frame_free(&planar);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    av_frame_free(frame);
    *frame = planar;
    return WR_OK;
}

enum wr_status wr_frame_pack(AVFrame **frame, enum AVPixelFormat pix_fmt, struct wr_error *error)
{
    struct wr_format format;
    if (!describe(pix_fmt, &format) || av_pix_fmt_desc_get(pix_fmt)->flags & AV_PIX_FMT_FLAG_PAL)
        return wr_fail(error, WR_FAILED, "cannot pack frames as %s", av_get_pix_fmt_name(pix_fmt));
    format.width = (*frame)->width;
    format.height = (*frame)->height;
    if (is_planar(pix_fmt, &format)) {
        (*frame)->format = pix_fmt;
        return WR_OK;
    }
    AVFrame *packed = av_frame_alloc();
    if (!packed)
        return wr_fail(error, WR_FAILED, "out of memory");
    packed->format = pix_fmt;
    packed->width = format.width;
    packed->height = format.height;
    if (av_frame_get_buffer(packed, 0) < 0 || av_frame_copy_props(packed, *frame) < 0)
        goto fail;
    // Samples narrower than their word are or-ed in, and padding shall not be chance.
    for (int i = 0; i < AV_NUM_DATA_POINTERS && packed->buf[i]; i++)
        memset(packed->buf[i]->data, 0, packed->buf[i]->size);
    if (transfer(*frame, packed, &format, pack_plane))
        goto fail;
    av_frame_free(frame);
    *frame = packed;
    return WR_OK;
fail:
    av_frame_free(&packed);
    return wr_fail(error, WR_FAILED, "out of memory");
}

// ---- pools

struct wr_frame_pool {
    AVBufferPool *buffers; // each holds all planes of a frame
    enum AVPixelFormat pix_fmt;
    struct wr_format format;
    ptrdiff_t offset[WR_MAX_PLANES];
    int linesize[WR_MAX_PLANES];
};

struct wr_frame_pool *wr_frame_pool_open(const struct wr_format *format)
{
    struct wr_frame_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->format = *format;
    pool->pix_fmt = wr_format_pix_fmt(format);
    ptrdiff_t size = 0;
    for (int plane = 0; plane < wr_format_planes(format); plane++) {
        const int bytes = wr_format_width(format, plane) * wr_format_bytes(format);
        pool->linesize[plane] = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        pool->offset[plane] = size;
        size += (ptrdiff_t)pool->linesize[plane] * wr_format_height(format, plane);
    }
    // av_malloc may align to less than we promise, and codecs read a little past the end.
    pool->buffers = av_buffer_pool_init((size_t)size + 2 * ALIGNMENT, NULL);
    if (!pool->buffers)
        wr_frame_pool_close(&pool);
    return pool;
}

AVFrame *wr_frame_pool_get(struct wr_frame_pool *pool)
{
    AVFrame *frame = av_frame_alloc();
    if (!frame || !(frame->buf[0] = av_buffer_pool_get(pool->buffers))) {
        av_frame_free(&frame);
        return NULL;
    }
    frame->format = pool->pix_fmt;
    frame->width = pool->format.width;
    frame->height = pool->format.height;
    uint8_t *start = frame->buf[0]->data;
    start += -(uintptr_t)start % ALIGNMENT;
    for (int plane = 0; plane < wr_format_planes(&pool->format); plane++) {
        frame->data[plane] = start + pool->offset[plane];
        frame->linesize[plane] = pool->linesize[plane];
    }
    frame->extended_data = frame->data;
    return frame;
}

void wr_frame_pool_close(struct wr_frame_pool **pool)
{
    if (*pool) {
        av_buffer_pool_uninit(&(*pool)->buffers);
        free(*pool);
        *pool = NULL;
    }
}
