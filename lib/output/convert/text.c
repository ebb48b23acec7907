// SPDX-License-Identifier: MIT
// Converts subtitles in text: each is decoded and encoded anew, with its time and duration.
#include "lib/output/convert/text.h"

#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_TEXT = 1 << 16 }; // bytes of one subtitle

struct text {
    struct wr_converter base;
    AVRational time_base; // of the packets that come
    AVPacket *ready;      // not empty: to be fetched next
    uint8_t *buffer;      // of LONGEST_TEXT bytes
};

static enum wr_status encode(struct text *t, const AVPacket *packet, AVSubtitle *subtitle,
                             struct wr_error *error)
{
    subtitle->pts = av_rescale_q(packet->pts, t->time_base, AV_TIME_BASE_Q);
    subtitle->start_display_time = 0;
    subtitle->end_display_time =
        (uint32_t)av_rescale_q(packet->duration, t->time_base, (AVRational){1, 1000});
    const int size = avcodec_encode_subtitle(t->base.encoder, t->buffer, LONGEST_TEXT, subtitle);
    if (size < 0) {
        t->base.undecodable++;
        return WR_OK;
    }
    if (av_new_packet(t->ready, size) < 0)
        return wr_fail(error, WR_FAILED, "out of memory");
    memcpy(t->ready->data, t->buffer, (size_t)size);
    t->ready->pts = t->ready->dts = packet->pts;
    t->ready->duration = packet->duration;
    t->ready->flags |= AV_PKT_FLAG_KEY;
    return WR_OK;
}

static enum wr_status send_text(struct wr_converter *converter, int input, const AVPacket *packet,
                                struct wr_error *error)
{
    (void)input;
    struct text *t = (struct text *)converter;
    AVSubtitle subtitle = {0};
    int found = 0;
    const int result =
        avcodec_decode_subtitle2(t->base.decoder, &subtitle, &found, (AVPacket *)packet);
    t->base.undecodable += result < 0;
    enum wr_status status = WR_OK;
    if (result >= 0 && found && subtitle.num_rects && packet->pts != AV_NOPTS_VALUE)
        status = encode(t, packet, &subtitle, error);
    avsubtitle_free(&subtitle);
    return status;
}

static enum wr_status end_text(struct wr_converter *converter, int64_t end, struct wr_error *error)
{
    (void)converter, (void)end, (void)error; // the reader cuts subtitles
    return WR_OK;
}

static int receive_text(struct wr_converter *converter, AVPacket *packet, struct wr_error *error)
{
    (void)error;
    struct text *t = (struct text *)converter;
    if (!t->ready->size)
        return WR_END;
    av_packet_move_ref(packet, t->ready);
    return WR_OK;
}

static void close_text(struct wr_converter *converter)
{
    struct text *t = (struct text *)converter;
    av_packet_free(&t->ready);
    av_free(t->buffer);
}

static const struct wr_converter_type text_type = {send_text, NULL, end_text, receive_text,
                                                   close_text};

static enum wr_status open_encoder(struct text *t, const struct wr_conversion *conversion,
                                   struct wr_error *error)
{
    const AVCodecContext *decoder = t->base.decoder;
    AVCodecContext *new = t->base.encoder = avcodec_alloc_context3(conversion->codec);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->time_base = t->time_base;
    if (decoder->subtitle_header) {
        new->subtitle_header = av_mallocz((size_t)decoder->subtitle_header_size + 1);
        if (!new->subtitle_header)
            return wr_fail(error, WR_FAILED, "out of memory");
        memcpy(new->subtitle_header, decoder->subtitle_header,
               (size_t)decoder->subtitle_header_size);
        new->subtitle_header_size = decoder->subtitle_header_size;
    }
    if (conversion->global_header)
        new->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    const int result = avcodec_open2(new, conversion->codec, NULL);
    return result < 0 ? wr_fail(error, WR_FAILED, "encoder %s cannot be opened: %s",
                                conversion->codec->name, av_err2str(result))
                      : WR_OK;
}

enum wr_status wr_text_converter_open(struct wr_converter **converter,
                                      const struct wr_conversion *conversion,
                                      struct wr_error *error)
{
    struct text *new = calloc(1, sizeof *new);
    *converter = (struct wr_converter *)new;
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->base.type = &text_type;
    new->time_base = conversion->from->time_base;
    new->ready = av_packet_alloc();
    new->buffer = av_malloc(LONGEST_TEXT);
    enum wr_status status =
        new->ready &&new->buffer ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
    if (!status)
        status = wr_converter_open_decoder(&new->base.decoder, conversion->from, error);
    if (!status)
        status = open_encoder(new, conversion, error);
    if (status)
        wr_converter_close(converter);
    return status;
}
