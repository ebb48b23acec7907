// SPDX-License-Identifier: MIT
// Lays out frames in buffers of a pool.
#include "lib/media/frame_pool.h"

#include <libavutil/buffer.h>
#include <libavutil/macros.h>
#include <stdlib.h>

#include "lib/media/pixel_format.h"

#define ALIGNMENT 64

struct wr_frame_pool {
    AVBufferPool *buffers; // each holds all planes of a frame; NULL where it has none
    enum AVPixelFormat pix_fmt;
    struct wr_format format;
    ptrdiff_t offset[WR_MAX_PLANES];
    int linesize[WR_MAX_PLANES]; // 0: the plane is left out
};

static void release(void *opaque, uint8_t *data)
{
    wr_host_memory_release(opaque, data);
}

static AVBufferRef *get_buffer(void *opaque, size_t size)
{
    struct wr_host_memory *memory = opaque;
    uint8_t *data = wr_host_memory_get(memory, size);
    AVBufferRef *buffer = data ? av_buffer_create(data, size, release, memory, 0) : NULL;
    if (!buffer)
        wr_host_memory_release(memory, data);
    return buffer ? buffer : av_buffer_allocz(size);
}

AVBufferPool *wr_buffer_pool_open(size_t bytes, struct wr_host_memory *memory)
{
    return memory ? av_buffer_pool_init2(bytes, memory, get_buffer, NULL)
                  : av_buffer_pool_init(bytes, av_buffer_allocz);
}

struct wr_frame_pool *wr_frame_pool_open(const struct wr_format *format, unsigned planes,
                                         struct wr_host_memory *memory)
{
    struct wr_frame_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->format = *format;
    pool->pix_fmt = wr_format_pix_fmt(format);
    struct wr_format padded = *format;
    padded.height = FFALIGN(format->height, WR_ROW_ALIGNMENT);
    ptrdiff_t size = 0;
    for (int plane = 0; plane < wr_format_planes(format); plane++) {
        const int bytes = wr_format_width(format, plane) * wr_format_bytes(format);
        if (!(planes & 1u << plane))
            continue;
        pool->linesize[plane] = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        pool->offset[plane] = size;
        size += (ptrdiff_t)pool->linesize[plane] * wr_format_height(&padded, plane);
    }
    // av_malloc may align to less than we promise, and codecs read a little past the end. They read
    // zeros there, so that what they make of them is the same every time.
    if (size)
        pool->buffers = wr_buffer_pool_open((size_t)size + 2 * ALIGNMENT, memory);
    if (size && !pool->buffers)
        wr_frame_pool_close(&pool);
    return pool;
}

const struct wr_format *wr_frame_pool_format(const struct wr_frame_pool *pool)
{
    return &pool->format;
}

bool wr_frame_pool_is_for(const struct wr_frame_pool *pool, const struct wr_format *format)
{
    const struct wr_format *own = &pool->format;
    return own->width == format->width && own->height == format->height &&
           own->model == format->model && own->depth == format->depth &&
           own->alpha == format->alpha && own->log2_chroma_w == format->log2_chroma_w &&
           own->log2_chroma_h == format->log2_chroma_h;
}

static bool get_planes(struct wr_frame_pool *pool, AVFrame *frame)
{
    if (!pool->buffers)
        return true;
    if (!(frame->buf[0] = av_buffer_pool_get(pool->buffers)))
        return false;
    uint8_t *start = frame->buf[0]->data;
    start += -(uintptr_t)start % ALIGNMENT;
    for (int plane = 0; plane < wr_format_planes(&pool->format); plane++) {
        frame->data[plane] = pool->linesize[plane] ? start + pool->offset[plane] : NULL;
        frame->linesize[plane] = pool->linesize[plane];
    }
    return true;
}

AVFrame *wr_frame_pool_get(struct wr_frame_pool *pool)
{
    AVFrame *frame = av_frame_alloc();
    if (!frame || !get_planes(pool, frame)) {
        av_frame_free(&frame);
        return NULL;
    }
    frame->format = pool->pix_fmt;
    frame->width = pool->format.width;
    frame->height = pool->format.height;
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
