// SPDX-License-Identifier: MIT
// What converters of sound and of text share.
#include "lib/output/convert/stream_converter.h"

#include <stdlib.h>

enum wr_status wr_converter_open_decoder(AVCodecContext **decoder, const AVStream *from,
                                         struct wr_error *error)
{
    const char *name = avcodec_get_name(from->codecpar->codec_id);
    const AVCodec *codec = avcodec_find_decoder(from->codecpar->codec_id);
    if (!codec)
        return wr_fail(error, WR_FAILED, "this FFmpeg cannot decode %s", name);
    AVCodecContext *new = *decoder = avcodec_alloc_context3(codec);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    int result = avcodec_parameters_to_context(new, from->codecpar);
    new->pkt_timebase = from->time_base;
    if (result >= 0)
        result = avcodec_open2(new, codec, NULL);
    return result < 0 ? wr_fail(error, WR_FAILED, "the decoder of %s cannot be opened: %s", name,
                                av_err2str(result))
                      : WR_OK;
}

enum wr_status wr_converter_send(struct wr_converter *converter, int input, const AVPacket *packet,
                                 struct wr_error *error)
{
    return converter->type->send(converter, input, packet, error);
}

enum wr_status wr_converter_end_input(struct wr_converter *converter, int input,
                                      struct wr_error *error)
{
    return converter->type->end_input ? converter->type->end_input(converter, input, error) : WR_OK;
}

enum wr_status wr_converter_end(struct wr_converter *converter, int64_t end, struct wr_error *error)
{
    return converter->type->end(converter, end, error);
}

int wr_converter_receive(struct wr_converter *converter, AVPacket *packet, struct wr_error *error)
{
    return converter->type->receive(converter, packet, error);
}

void wr_converter_close(struct wr_converter **converter)
{
    struct wr_converter *old = *converter;
    if (!old)
        return;
    old->type->close(old);
    avcodec_free_context(&old->decoder);
    avcodec_free_context(&old->encoder);
    free(old);
    *converter = NULL;
}
