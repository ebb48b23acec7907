// SPDX-License-Identifier: MIT
// Opens an encoder of libavcodec.
#pragma once

#include "lib/output/video/settings.h"

// One way to open an encoder.
struct wr_opening {
    const AVCodec *codec;
    enum AVPixelFormat pix_fmt;
    int width, height;
    AVRational sample_aspect_ratio;
    AVRational frame_rate;
    AVRational time_base;
    enum AVColorRange range;
    enum AVColorSpace matrix;
    enum AVColorPrimaries primaries;
    enum AVColorTransferCharacteristic transfer;
    enum AVChromaLocation chroma_location;
    bool in_order;                 // frames are encoded in the order in which they come
    enum AVFieldOrder field_order; // AV_FIELD_PROGRESSIVE or how pictures are interlaced
    bool global_header;            // the container wants the codec's header apart from packets
    int threads;                   // 0 for all processors
    const char *statistics;        // of the first pass, NULL for none
    const struct wr_encoder_settings *settings;
    int except; // the setting that is left out, -1 for none
};

// Opens *context as `opening` says. If the encoder refuses interlaced pictures, tries progressive
// ones, and says so through `log`. On failure the error says what the encoder minds; *context may
// have been made and is to be closed with wr_codec_close_unused.
enum wr_status wr_codec_open(AVCodecContext **context, const struct wr_opening *opening,
                             const struct wr_log *log, struct wr_error *error);

// Closes an encoder, open or not, that has been given no frame. One that has been given frames is
// closed with avcodec_free_context. Tolerates *context == NULL.
void wr_codec_close_unused(AVCodecContext **context);
