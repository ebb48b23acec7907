// SPDX-License-Identifier: MIT
// Draws differences in gray, puts pictures side by side with libavfilter, encodes with libavcodec.
#include "lib/run/expect/expect_picture.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/media/pixel_format.h"
#include "lib/run/expect/expect_measure.h"
#include "lib/run/stages/host_graph.h"

static enum wr_status out_of_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory for a picture");
}

// The largest difference of the samples that belong to pixel (x, y).
static int difference_at(const AVFrame *a, const AVFrame *b, const struct wr_format *format, int x,
                         int y)
{
    int largest = 0;
    for (int p = 0; p < wr_format_planes(format); p++) {
        const bool is_chroma = wr_format_is_chroma(format, p);
        const int column = is_chroma ? x >> format->log2_chroma_w : x;
        const int row = is_chroma ? y >> format->log2_chroma_h : y;
        const int difference = abs(wr_frame_sample(a, format, p, column, row) -
                                   wr_frame_sample(b, format, p, column, row));
        largest = difference > largest ? difference : largest;
    }
    return largest;
}

static AVFrame *draw_difference(const AVFrame *a, const AVFrame *b, const struct wr_format *format,
                                int largest)
{
    AVFrame *gray = av_frame_alloc();
    if (!gray)
        return NULL;
    gray->format = AV_PIX_FMT_GRAY8;
    gray->width = format->width;
    gray->height = format->height;
    if (av_frame_get_buffer(gray, 0) < 0)
        av_frame_free(&gray);
    for (int y = 0; gray && y < format->height; y++)
        for (int x = 0; x < format->width; x++)
            gray->data[0][(ptrdiff_t)y * gray->linesize[0] + x] =
                (uint8_t)((int64_t)255 * difference_at(a, b, format, x, y) / largest);
    return gray;
}

// A frame as libavfilter takes it: alpha of gray is not shown, since no format with planes has it.
static struct wr_host_input describe(const AVFrame *frame, int number)
{
    struct wr_format format;
    wr_pix_fmt_describe(frame->format, &format);
    format.width = frame->width;
    format.height = frame->height;
    format.sar_den = 1;
    return (struct wr_host_input){
        .number = number,
        .stream = {.format = format, .time_base = {1, 25}, .like = frame},
        .pix_fmt = frame->format,
    };
}

// Runs the frames through a graph that gives one picture. They stay the caller's.
static enum wr_status combine(AVFrame *const *frames, int count, AVFrame **picture,
                              struct wr_error *error)
{
    struct wr_host_request request = {
        .text = count == 1 ? "format=rgb24"
                           : "[in]format=rgb24[a];[in1]format=rgb24[b];[in2]format=rgb24[c];"
                             "[a][b][c]hstack=inputs=3",
        .converts = true,
        .input_count = count,
    };
    for (int n = 0; n < count; n++)
        request.inputs[n] = describe(frames[n], n);
    struct wr_host_graph graph;
    enum wr_status status = wr_host_graph_open(&graph, &request, error);
    if (status)
        return status;
    int result = 0;
    for (int n = 0; n < count && result >= 0; n++) {
        frames[n]->pts = 0;
        result =
            av_buffersrc_add_frame_flags(graph.sources[n], frames[n], AV_BUFFERSRC_FLAG_KEEP_REF);
        if (result >= 0)
            result = av_buffersrc_add_frame(graph.sources[n], NULL);
    }
    *picture = av_frame_alloc();
    if (!*picture || result < 0 || av_buffersink_get_frame(graph.sink, *picture) < 0)
        status = out_of_memory(error);
    wr_host_graph_close(&graph);
    return status;
}

static enum wr_status encode(const AVFrame *picture, AVPacket *packet, struct wr_error *error)
{
    const AVCodec *png = avcodec_find_encoder(AV_CODEC_ID_PNG);
    AVCodecContext *context = png ? avcodec_alloc_context3(png) : NULL;
    if (!png)
        return wr_fail(error, WR_FAILED, "this FFmpeg has no encoder for PNG");
    if (!context)
        return out_of_memory(error);
    context->width = picture->width;
    context->height = picture->height;
    context->pix_fmt = picture->format;
    context->time_base = (AVRational){1, 25};
    int result = avcodec_open2(context, png, NULL);
    if (result >= 0)
        result = avcodec_send_frame(context, picture);
    if (result >= 0)
        result = avcodec_send_frame(context, NULL);
    if (result >= 0)
        result = avcodec_receive_packet(context, packet);
    avcodec_free_context(&context);
    return result < 0 ? wr_fail(error, WR_FAILED, "cannot encode a picture: %s", av_err2str(result))
                      : WR_OK;
}

static enum wr_status store(const char *path, const AVPacket *packet, struct wr_error *error)
{
    char *beside = av_asprintf("%s.%ld.part", path, (long)getpid());
    if (!beside)
        return out_of_memory(error);
    FILE *file = fopen(beside, "wb");
    bool stored = file && fwrite(packet->data, (size_t)packet->size, 1, file) == 1;
    int cause = errno;
    if (file && fclose(file) && stored) {
        stored = false;
        cause = errno;
    }
    if (stored && rename(beside, path)) {
        stored = false;
        cause = errno;
    }
    if (!stored && file)
        unlink(beside);
    av_free(beside);
    return stored ? WR_OK
                  : wr_fail(error, WR_FAILED, "cannot write the picture \"%s\": %s", path,
                            strerror(cause));
}

// A frame of its own that says which planes it has.
static AVFrame *label(const AVFrame *frame, const struct wr_format *format)
{
    struct wr_format shown = *format;
    shown.alpha = format->alpha && format->model != WR_GRAY;
    AVFrame *copy = av_frame_clone(frame);
    if (copy)
        copy->format = wr_format_pix_fmt(&shown);
    return copy;
}

enum wr_status wr_expect_picture_write(const char *path, const AVFrame *expected,
                                       const AVFrame *came, const struct wr_format *format,
                                       int largest, struct wr_error *error)
{
    AVFrame *frames[3] = {label(expected ? expected : came, format), NULL, NULL};
    AVFrame *picture = NULL;
    AVPacket *packet = av_packet_alloc();
    const int count = expected ? 3 : 1;
    if (expected) {
        frames[1] = label(came, format);
        frames[2] = draw_difference(expected, came, format, largest > 0 ? largest : 1);
    }
    bool is_whole = packet != NULL;
    for (int n = 0; n < count; n++)
        is_whole &= frames[n] != NULL;
    enum wr_status status = is_whole ? WR_OK : out_of_memory(error);
    if (!status)
        status = combine(frames, count, &picture, error);
    if (!status)
        status = encode(picture, packet, error);
    if (!status)
        status = store(path, packet, error);
    for (int n = 0; n < 3; n++)
        av_frame_free(&frames[n]);
    av_frame_free(&picture);
    av_packet_free(&packet);
    return status;
}
