// SPDX-License-Identifier: MIT
// Between libavutil's pixel formats and ours: what a frame is made of.
#include "lib/media/frame.h"

#include <libavutil/buffer.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <string.h>

#include "kernels/program/program.h"
#include "lib/media/frame_pool.h"
#include "lib/media/widen.h"

bool wr_frame_format(const AVFrame *frame, struct wr_format *format)
{
    if (!wr_pix_fmt_describe(frame->format, format) && !wr_widened_format(frame->format, format))
        return false;
    format->width = frame->width;
    format->height = frame->height;
    format->full_range =
        frame->color_range == AVCOL_RANGE_JPEG ||
        (format->model == WR_RGB && frame->color_range == AVCOL_RANGE_UNSPECIFIED) ||
        wr_pix_fmt_is_full_range(av_pix_fmt_desc_get(frame->format));
    format->range_open = frame->color_range == AVCOL_RANGE_UNSPECIFIED &&
                         !wr_pix_fmt_is_full_range(av_pix_fmt_desc_get(frame->format));
    format->matrix = frame->colorspace;
    format->chroma_location = frame->chroma_location;
    format->sar_num = frame->sample_aspect_ratio.num;
    format->sar_den = frame->sample_aspect_ratio.num ? frame->sample_aspect_ratio.den : 1;
    return true;
}

bool wr_frame_set_own_format(AVFrame *frame, const struct wr_format *format)
{
    av_buffer_unref(&frame->opaque_ref);
    frame->opaque_ref = av_buffer_alloc(sizeof *format);
    if (frame->opaque_ref)
        memcpy(frame->opaque_ref->data, format, sizeof *format);
    return frame->opaque_ref != NULL;
}

const struct wr_format *wr_frame_own_format(const AVFrame *frame)
{
    return frame->opaque_ref ? (const struct wr_format *)frame->opaque_ref->data : NULL;
}

static void release(void *opaque, uint8_t *data)
{
    (void)data;
    AVBufferRef *buffer = opaque;
    av_buffer_unref(&buffer);
}

bool wr_frame_set_read_only(AVFrame *frame)
{
    for (int n = 0; n < AV_NUM_DATA_POINTERS && frame->buf[n]; n++) {
        AVBufferRef *buffer = frame->buf[n];
        AVBufferRef *locked =
            av_buffer_create(buffer->data, buffer->size, release, buffer, AV_BUFFER_FLAG_READONLY);
        if (!locked)
            return false;
        frame->buf[n] = locked;
    }
    return true;
}

// ---- shared planes

// Whether the frame owns buffer, if need be by taking a reference of its own.
static bool own(AVFrame *frame, const AVBufferRef *buffer)
{
    int n = 0;
    for (; frame->buf[n]; n++)
        if (frame->buf[n]->buffer == buffer->buffer)
            return true;
    return (frame->buf[n] = av_buffer_ref(buffer)) != NULL;
}

bool wr_frame_share(AVFrame *to, int p, AVFrame *from, int b, const struct wr_plane *plane,
                    int bytes)
{
    const AVBufferRef *buffer = av_frame_get_plane_buffer(from, b);
    if (!buffer || !own(to, buffer))
        return false;
    to->data[p] = from->data[b] + wr_plane_row(plane) * (ptrdiff_t)from->linesize[b] +
                  plane->x * (ptrdiff_t)bytes;
    to->linesize[p] = plane->flipped ? -from->linesize[b] : from->linesize[b];
    return true;
}

struct wr_color wr_format_color(const struct wr_format *format)
{
    return (struct wr_color){
        .range = format->range_open   ? AVCOL_RANGE_UNSPECIFIED
                 : format->full_range ? AVCOL_RANGE_JPEG
                                      : AVCOL_RANGE_MPEG,
        .matrix = format->model == WR_RGB ? AVCOL_SPC_RGB : (enum AVColorSpace)format->matrix,
    };
}

static bool is_rgb(const AVFrame *frame)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    return desc && desc->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL);
}

void wr_frame_keep_color(AVFrame *frame, const AVFrame *like)
{
    if (is_rgb(frame) != is_rgb(like))
        return;
    if (frame->color_range == AVCOL_RANGE_UNSPECIFIED)
        frame->color_range = like->color_range;
    if (frame->colorspace == AVCOL_SPC_UNSPECIFIED)
        frame->colorspace = like->colorspace;
    if (frame->color_primaries == AVCOL_PRI_UNSPECIFIED)
        frame->color_primaries = like->color_primaries;
    if (frame->color_trc == AVCOL_TRC_UNSPECIFIED)
        frame->color_trc = like->color_trc;
}

// ---- rows below the last

static bool has_rows_below(const AVFrame *frame)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    const int height = FFALIGN(frame->height, WR_ROW_ALIGNMENT);
    for (int p = 0; p < 4 && frame->data[p] && !(p && desc->flags & AV_PIX_FMT_FLAG_PAL); p++) {
        const AVBufferRef *buffer = av_frame_get_plane_buffer((AVFrame *)frame, p);
        const bool is_chroma = p == 1 || p == 2;
        const int rows = is_chroma ? AV_CEIL_RSHIFT(height, desc->log2_chroma_h) : height;
        const uint8_t *last = frame->data[p] + (ptrdiff_t)(rows - 1) * frame->linesize[p];
        const int bytes = av_image_get_linesize(frame->format, frame->width, p);
        if (buffer && (last < buffer->data || last + bytes > buffer->data + buffer->size))
            return false;
    }
    return true;
}

enum wr_status wr_frame_add_rows(AVFrame **frame, struct wr_error *error)
{
    if (has_rows_below(*frame))
        return WR_OK;
    AVFrame *copy = av_frame_alloc();
    if (!copy)
        return wr_fail(error, WR_FAILED, "out of memory");
    copy->format = (*frame)->format;
    copy->width = (*frame)->width;
    copy->height = (*frame)->height;
    if (av_frame_get_buffer(copy, 0) < 0 || av_frame_copy_props(copy, *frame) < 0)
        goto fail;
    for (int i = 0; i < AV_NUM_DATA_POINTERS && copy->buf[i]; i++)
        memset(copy->buf[i]->data, 0, copy->buf[i]->size);
    if (av_frame_copy(copy, *frame) < 0)
        goto fail;
    av_frame_free(frame);
    *frame = copy;
    return WR_OK;
fail:
    av_frame_free(&copy);
    return wr_fail(error, WR_FAILED, "out of memory");
}
