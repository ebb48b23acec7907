// SPDX-License-Identifier: MIT
// Lays out frames as FFmpeg's decoders want them.
#include "lib/input/surfaces.h"

#include <libavutil/imgutils.h>
#include <libavutil/macros.h>
#include <libavutil/pixdesc.h>
#include <string.h>

#include "lib/media/frame_pool.h"
#include "lib/media/libav.h"
#include "lib/media/patched.h"

// Where planes begin; decoders may read and write as much behind their end.
enum { ALIGNMENT = 64 };

struct layout {
    int linesizes[4];
    size_t sizes[4]; // 0 behind the last plane
    size_t bytes;
};

void wr_surfaces_open(struct wr_surfaces *surfaces)
{
    *surfaces = (struct wr_surfaces){.memory = NULL};
    pthread_mutex_init(&surfaces->lock, NULL);
}

void wr_surfaces_close(struct wr_surfaces *surfaces)
{
    av_buffer_pool_uninit(&surfaces->buffers);
    pthread_mutex_destroy(&surfaces->lock);
}

// Rows as long as FFmpeg's own frames have them: some decoders cannot go on with others.
static int fill_linesizes(AVCodecContext *context, const AVFrame *frame, int *height,
                          int linesizes[4])
{
    int aligned[AV_NUM_DATA_POINTERS], width = frame->width;
    bool fits = false;
    *height = frame->height;
    avcodec_align_dimensions2(context, &width, height, aligned);
    for (; !fits; width += width & ~(width - 1)) {
        const int result = av_image_fill_linesizes(linesizes, frame->format, width);
        if (result < 0)
            return result;
        fits = true;
        for (int p = 0; p < 4; p++)
            fits &= linesizes[p] % aligned[p] == 0;
    }
    return 0;
}

static int lay_out(AVCodecContext *context, const AVFrame *frame, struct layout *layout)
{
    int height;
    int result = fill_linesizes(context, frame, &height, layout->linesizes);
    ptrdiff_t linesizes[4];
    for (int p = 0; p < 4; p++)
        linesizes[p] = layout->linesizes[p];
    if (result >= 0)
        result = av_image_fill_plane_sizes(layout->sizes, frame->format, height, linesizes);
    layout->bytes = ALIGNMENT;
    for (int p = 0; p < 4; p++)
        layout->bytes += FFALIGN(layout->sizes[p], ALIGNMENT) + ALIGNMENT;
    return result;
}

static AVBufferRef *get_buffer(struct wr_surfaces *surfaces, struct wr_host_memory *memory,
                               size_t bytes)
{
    pthread_mutex_lock(&surfaces->lock);
    if (surfaces->bytes != bytes)
        av_buffer_pool_uninit(&surfaces->buffers);
    if (!surfaces->buffers)
        surfaces->buffers = wr_buffer_pool_open(bytes, memory);
    surfaces->bytes = bytes;
    AVBufferRef *buffer = surfaces->buffers ? av_buffer_pool_get(surfaces->buffers) : NULL;
    pthread_mutex_unlock(&surfaces->lock);
    return buffer;
}

// Whether the decoder leaves the choice, and the frame has planes of samples: not a palette, and
// not what other hardware holds.
static bool can_choose(const AVCodecContext *context, const AVFrame *frame)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    return context->codec->capabilities & AV_CODEC_CAP_DR1 && desc &&
           !(desc->flags & (AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL));
}

static int get_frame(AVCodecContext *context, struct wr_surfaces *surfaces, AVFrame *frame,
                     int flags)
{
    struct wr_host_memory *memory = atomic_load(&surfaces->memory);
    if (!memory || !can_choose(context, frame))
        return avcodec_default_get_buffer2(context, frame, flags);
    struct layout layout;
    const int result = lay_out(context, frame, &layout);
    if (result < 0)
        return result;
    if (!(frame->buf[0] = get_buffer(surfaces, memory, layout.bytes)))
        return AVERROR(ENOMEM);
    uint8_t *start = frame->buf[0]->data;
    start += -(uintptr_t)start % ALIGNMENT;
    for (int p = 0; p < 4 && layout.sizes[p]; p++) {
        frame->data[p] = start;
        frame->linesize[p] = layout.linesizes[p];
        start += FFALIGN(layout.sizes[p], ALIGNMENT) + ALIGNMENT;
    }
    frame->extended_data = frame->data;
    return 0;
}

// A damaged picture of its own (MJPEG, ProRes) may leave out a part, and would show there what its
// memory held before, which depends on threads. Gray is the same in every run.
static void fill_if_alone(const AVCodecContext *context, const AVFrame *frame)
{
    enum { GRAY = 128 };
    const AVCodecDescriptor *codec = avcodec_descriptor_get(context->codec_id);
    const bool is_alone = codec && codec->props & AV_CODEC_PROP_INTRA_ONLY;
    for (int n = 0; n < AV_NUM_DATA_POINTERS && frame->buf[n] && is_alone; n++)
        memset(frame->buf[n]->data, GRAY, frame->buf[n]->size);
}

int wr_surfaces_get(AVCodecContext *context, AVFrame *frame, int flags)
{
    const struct wr_decoder_opaque *opaque = context->opaque;
    wr_patched_begin(opaque->patched, frame);
    const int result = get_frame(context, opaque->surfaces, frame, flags);
    if (result >= 0)
        fill_if_alone(context, frame);
    return result;
}
