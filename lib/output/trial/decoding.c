// SPDX-License-Identifier: MIT
// Decodes packets and counts the pictures or samples in them.
#include "lib/output/trial/decoding.h"

void wr_decoding_open(struct wr_decoding *decoding, const AVCodecParameters *parameters,
                      AVRational time_base)
{
    const enum AVMediaType type = parameters->codec_type;
    const AVCodec *codec = type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO
                               ? avcodec_find_decoder(parameters->codec_id)
                               : NULL;
    *decoding = (struct wr_decoding){.decoder = codec ? avcodec_alloc_context3(codec) : NULL};
    if (!decoding->decoder)
        return;
    const int result = avcodec_parameters_to_context(decoding->decoder, parameters);
    decoding->decoder->thread_count = 1;
    decoding->decoder->pkt_timebase = time_base;
    if (result < 0 || avcodec_open2(decoding->decoder, codec, NULL) < 0)
        avcodec_free_context(&decoding->decoder);
}

void wr_decoding_send(struct wr_decoding *decoding, const AVPacket *packet)
{
    AVFrame *frame = decoding->decoder ? av_frame_alloc() : NULL;
    if (frame && avcodec_send_packet(decoding->decoder, packet) >= 0)
        while (avcodec_receive_frame(decoding->decoder, frame) >= 0)
            decoding->decoded += frame->nb_samples ? frame->nb_samples : 1;
    av_frame_free(&frame);
}

void wr_decoding_close(struct wr_decoding *decoding)
{
    avcodec_free_context(&decoding->decoder);
}
