// SPDX-License-Identifier: MIT
// Counts what comes out of a decoder: packets that hold something before they go into a trial have
// to hold it when they are read from there.
#pragma once

#include <libavcodec/avcodec.h>

struct wr_decoding {
    AVCodecContext *decoder; // NULL if FFmpeg has none, or it does not open
    int64_t decoded;         // pictures, or samples of sound
};

// Opens a decoder of pictures or sound, whose packets have times in time_base. Where that does not
// work, nothing is decoded.
void wr_decoding_open(struct wr_decoding *decoding, const AVCodecParameters *parameters,
                      AVRational time_base);

// Decodes a packet, or with NULL what the decoder holds back.
void wr_decoding_send(struct wr_decoding *decoding, const AVPacket *packet);

void wr_decoding_close(struct wr_decoding *decoding);
