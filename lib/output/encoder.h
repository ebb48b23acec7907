// SPDX-License-Identifier: MIT
// The video encoder: which one, in which pixel format, with which settings; opened for a container.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "lib/input/source.h"

// One "key=value" for the encoder, in the order they are set.
struct wr_setting {
    const char *option; // of warpreel, that it comes from; NULL for a default of ours
    char *key, *value;
};

struct wr_encoder {
    AVCodecContext *context;
    enum AVPixelFormat pix_fmt;
    AVRational source_time_base;
    int64_t last_pts; // given to the encoder, in its time base
    bool rounding_told;
    bool merges; // all frames given in become one packet

    struct wr_setting *settings;
    int setting_count;
    bool interlaced; // asked for
};

// Chooses and opens. On failure encoder is to be closed nevertheless.
enum wr_status wr_encoder_open(struct wr_encoder *encoder, const struct wr_options *options,
                               const AVOutputFormat *container, const struct wr_source *source,
                               const struct wr_format *format, struct wr_error *error);

// Packs and times *frame for the encoder and gives it in; *frame may be another
// afterwards.
enum wr_status wr_encoder_send(struct wr_encoder *encoder, const struct wr_options *options,
                               AVFrame **frame, struct wr_error *error);
void wr_encoder_close(struct wr_encoder *encoder);

// True if a frame may have any time in the container, not just multiples of the frame rate.
bool wr_keeps_times(const AVOutputFormat *container);

// True for MP4, QuickTime and their kin, which one muxer writes.
bool wr_is_mov(const AVOutputFormat *container);

// ---- codec.c

// One way to open the encoder.
struct wr_opening {
    const AVCodec *codec;
    const struct wr_source *source;
    const struct wr_format *format;
    struct wr_color color;
    AVRational time_base, frame_rate;
    bool interlaced, global_header;
    int threads, except; // except: the setting that is left out, -1 for none
    int width, height;
};

// Opens encoder->context as `opening` says, or else with another time base or as progressive, and
// leaves in opening the way that was taken; otherwise says what the encoder minds.
enum wr_status wr_codec_open(struct wr_encoder *encoder, const struct wr_options *options,
                               struct wr_opening *opening, const AVOutputFormat *container,
                               struct wr_error *error);
void wr_codec_close(struct wr_encoder *encoder);

// ---- settings.c

// The settings that quality, preset and encoder_options ask of codec, defaults of ours before them.
enum wr_status wr_settings_collect(struct wr_encoder *encoder, const struct wr_options *options,
                                   const AVCodec *codec, int depth, bool alpha,
                                   struct wr_error *error);

// Sets all but the one numbered `except` (-1: none); names the first that the encoder refuses.
enum wr_status wr_settings_apply(const struct wr_encoder *encoder, AVCodecContext *context,
                                 int except, struct wr_error *error);
void wr_encoder_settings_free(struct wr_encoder *encoder);

// ---- vocabulary.c

// Refuses settings of which the encoder's library would complain by itself.
enum wr_status wr_settings_check(const struct wr_encoder *encoder, const AVCodec *codec,
                                 struct wr_error *error);

// ---- choice.c

// The encoder that options->codec names, or what the container's users expect for such frames.
enum wr_status wr_choose_encoder(const AVCodec **codec, const struct wr_options *options,
                                 const AVOutputFormat *container, const struct wr_format *format,
                                 struct wr_error *error);

// Whether frames may reach the encoder with rows from last to first, as line sizes below 0 say.
bool wr_encoder_takes_flipped(const AVCodec *codec);

// Whether options->pix_fmt, where given, is a pixel format that frames can be converted to.
enum wr_status wr_check_pix_fmt(const struct wr_options *options, struct wr_error *error);

// The encoder's pixel format for frames of format, which holds them exactly: options->pix_fmt, to
// which they were converted, or one that the encoder has.
enum wr_status wr_choose_pix_fmt(enum AVPixelFormat *pix_fmt, const AVCodec *codec,
                                 const struct wr_options *options, enum AVPixelFormat source,
                                 const struct wr_format *format, struct wr_error *error);
