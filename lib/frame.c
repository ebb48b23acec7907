// SPDX-License-Identifier: MIT
// Between libavutil's pixel formats and ours: what a format is made of, unpacking, packing, pools.
#include <libavutil/buffer.h>
#include <libavutil/pixdesc.h>
#include <stdlib.h>
#include <string.h>

#include "lib/layout.h"
#include "lib/media.h"

#define ALIGNMENT 64

// A palette entry is one native 32-bit ARGB word: the byte of it that holds our plane's sample.
static int palette_byte_of(int plane)
{
    static const int little[] = {1, 0, 2, 3}, big[] = {2, 3, 1, 0};
    return AV_PIX_FMT_GRAY16 == AV_PIX_FMT_GRAY16BE ? big[plane] : little[plane];
}

bool wr_frame_format(const AVFrame *frame, struct wr_format *format)
{
    if (!wr_pix_fmt_describe(frame->format, format))
        return false;
    format->width = frame->width;
    format->height = frame->height;
    format->full_range =
        frame->color_range == AVCOL_RANGE_JPEG ||
        (format->model == WR_RGB && frame->color_range == AVCOL_RANGE_UNSPECIFIED) ||
        wr_pix_fmt_is_full_range(av_pix_fmt_desc_get(frame->format));
    format->matrix = frame->colorspace;
    format->chroma_location = frame->chroma_location;
    format->sar_num = frame->sample_aspect_ratio.num;
    format->sar_den = frame->sample_aspect_ratio.num ? frame->sample_aspect_ratio.den : 1;
    return true;
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
    const int component = palette ? 0 : wr_pix_fmt_component(t->desc, plane);
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
    const int component = wr_pix_fmt_component(t->desc, plane);
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
    if (wr_pix_fmt_is_planar((*frame)->format, &format))
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
    if (!wr_pix_fmt_describe(pix_fmt, &format) ||
        av_pix_fmt_desc_get(pix_fmt)->flags & AV_PIX_FMT_FLAG_PAL)
        return wr_fail(error, WR_FAILED, "cannot pack frames as %s", av_get_pix_fmt_name(pix_fmt));
    format.width = (*frame)->width;
    format.height = (*frame)->height;
    if (wr_pix_fmt_is_planar(pix_fmt, &format)) {
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
