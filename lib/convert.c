// SPDX-License-Identifier: MIT
// The one conversion that may lose something, because it was asked for: libswscale at its most
// exact.
#include "lib/convert.h"

#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stdlib.h>

struct wr_convert {
    struct SwsContext *scaler;
    enum AVPixelFormat from, to;
    struct wr_color color;
};

static const int *coefficients(int matrix)
{
    return sws_getCoefficients(matrix == AVCOL_SPC_UNSPECIFIED ? SWS_CS_DEFAULT : matrix);
}

// libswscale reads no planar gray with alpha, because libavutil has none; it reads the packed one.
static enum AVPixelFormat readable(const struct wr_format *format)
{
    const enum AVPixelFormat planar = wr_format_pix_fmt(format);
    if (planar != AV_PIX_FMT_NONE)
        return planar;
    return format->depth > 8 ? AV_PIX_FMT_YA16 : AV_PIX_FMT_YA8;
}

enum wr_status wr_convert_open(struct wr_convert **convert, const struct wr_format *from,
                               enum AVPixelFormat to, const struct wr_color *color,
                               struct wr_error *error)
{
    struct wr_convert *new = *convert = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->from = readable(from);
    new->to = to;
    new->color = *color;
    const int flags =
        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;
    new->scaler = sws_getContext(from->width, from->height, new->from, from->width, from->height,
                                 to, flags, NULL, NULL, NULL);
    if (!new->scaler)
        return wr_fail(error, WR_FAILED, "libswscale cannot convert %s to %s",
                       av_get_pix_fmt_name(new->from), av_get_pix_fmt_name(to));
    // Fails for formats without colour matrix or range, where there is nothing to set.
    (void)sws_setColorspaceDetails(new->scaler, coefficients(from->matrix), from->full_range,
                                   coefficients(color->matrix), color->range == AVCOL_RANGE_JPEG, 0,
                                   1 << 16, 1 << 16);
    return WR_OK;
}

enum wr_status wr_convert_run(struct wr_convert *convert, AVFrame **frame, struct wr_error *error)
{
    const enum wr_status status = wr_frame_pack(frame, convert->from, error);
    if (status)
        return status;
    const AVFrame *from = *frame;
    AVFrame *to = av_frame_alloc();
    if (!to)
        return wr_fail(error, WR_FAILED, "out of memory");
    to->format = convert->to;
    to->width = from->width;
    to->height = from->height;
    if (av_frame_get_buffer(to, 0) < 0 || av_frame_copy_props(to, from) < 0 ||
        sws_scale(convert->scaler, (const uint8_t *const *)from->data, from->linesize, 0,
                  from->height, to->data, to->linesize) != from->height) {
        av_frame_free(&to);
        return wr_fail(error, WR_FAILED, "out of memory while converting to %s",
                       av_get_pix_fmt_name(convert->to));
    }
    to->color_range = convert->color.range;
    to->colorspace = convert->color.matrix;
    av_frame_free(frame);
    *frame = to;
    return WR_OK;
}

void wr_convert_close(struct wr_convert **convert)
{
    if (*convert)
        sws_freeContext((*convert)->scaler);
    free(*convert);
    *convert = NULL;
}
