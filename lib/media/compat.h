// SPDX-License-Identifier: MIT
// The one place for what differs between FFmpeg 5.1 and 9: every accessor here has one meaning in
// all.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/intreadwrite.h>
#include <stdbool.h>
#include <string.h>

// What some versions still read, but call deprecated.
#define WR_THOUGH_DEPRECATED(statements)                                                           \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wdeprecated-declarations\"") \
        statements _Pragma("GCC diagnostic pop")

// The file of libavdevice, which is not linked. It has libavformat's version.
#define WR_LIBAVDEVICE "libavdevice.so." AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR)

// Duration of a frame in its time base, 0 if not known. (5.1 calls it pkt_duration.)
static inline int64_t wr_frame_duration(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return frame->duration;
#else
    return frame->pkt_duration;
#endif
}

// Tells an encoder that durations of frames count. In 5.1 they never do.
static inline void wr_encoder_take_durations(AVCodecContext *encoder)
{
#ifdef AV_CODEC_FLAG_FRAME_DURATION
    encoder->flags |= AV_CODEC_FLAG_FRAME_DURATION;
#else
    (void)encoder;
#endif
}

// 6.0 and 6.1 keep it in two places, and take the older one where it is set.
static inline void wr_frame_set_duration(AVFrame *frame, int64_t duration)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    frame->duration = duration;
#endif
#if LIBAVUTIL_VERSION_MAJOR < 59
    WR_THOUGH_DEPRECATED(frame->pkt_duration = duration;)
#endif
}

// Says that a decoder's get_buffer2 may be called from any of its threads. (From 6.0 on that is
// always so; before, threads that decode whole frames wait for the caller's otherwise.)
static inline void wr_codec_set_thread_safe(AVCodecContext *context)
{
#if LIBAVCODEC_VERSION_MAJOR < 60
    WR_THOUGH_DEPRECATED(context->thread_safe_callbacks = 1;)
#else
    (void)context;
#endif
}

static inline bool wr_frame_is_key(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return frame->flags & AV_FRAME_FLAG_KEY;
#else
    return frame->key_frame;
#endif
}

static inline bool wr_frame_interlaced(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return frame->flags & AV_FRAME_FLAG_INTERLACED;
#else
    return frame->interlaced_frame;
#endif
}

// Versions 6.1 to 7.1 keep the order of fields in two places, and encoders and filters take a field
// for interlaced, and its top for the first, where either says so.
static inline void wr_frame_set_fields(AVFrame *frame, bool is_interlaced, bool is_top_first)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    frame->flags &= ~(AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST);
    frame->flags |= is_interlaced ? AV_FRAME_FLAG_INTERLACED : 0;
    frame->flags |= is_top_first ? AV_FRAME_FLAG_TOP_FIELD_FIRST : 0;
#endif
#if LIBAVUTIL_VERSION_MAJOR < 60
    WR_THOUGH_DEPRECATED(frame->interlaced_frame = is_interlaced;
                         frame->top_field_first = is_top_first;)
#endif
}

static inline bool wr_frame_top_first(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST;
#else
    return frame->top_field_first;
#endif
}

static inline void wr_frame_set_top_first(AVFrame *frame, bool is_first)
{
    wr_frame_set_fields(frame, wr_frame_interlaced(frame), is_first);
}

// Side data of a stream, wherever this version keeps it. NULL if there is none of the type.
static inline const uint8_t *wr_stream_side_data(const AVStream *stream,
                                                 enum AVPacketSideDataType type, size_t *size)
{
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    const AVPacketSideData *found = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, type);
    *size = found ? found->size : 0;
    return found ? found->data : NULL;
#else
    return av_stream_get_side_data(stream, type, size);
#endif
}

// How many rows at the top and bottom, and columns at the left and right, the container wants left
// out of each picture: crop[] in this order, all 0 for none. Versions before 7.1 do not tell.
static inline void wr_stream_crop(const AVStream *stream, uint32_t crop[4])
{
    memset(crop, 0, 4 * sizeof *crop);
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 19, 100)
    size_t size;
    const uint8_t *data = wr_stream_side_data(stream, AV_PKT_DATA_FRAME_CROPPING, &size);
    for (int n = 0; n < 4 && data && size >= 16; n++)
        crop[n] = AV_RL32(data + 4 * n);
#else
    (void)stream;
#endif
}

static inline int wr_stream_add_side_data(AVStream *stream, enum AVPacketSideDataType type,
                                          const uint8_t *data, size_t size)
{
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    AVPacketSideData *added = av_packet_side_data_new(
        &stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, type, size, 0);
    uint8_t *copy = added ? added->data : NULL;
#else
    uint8_t *copy = av_stream_new_side_data(stream, type, size);
#endif
    if (!copy)
        return AVERROR(ENOMEM);
    memcpy(copy, data, size);
    return 0;
}

// All side data of a copied stream; newer versions do it in avcodec_parameters_copy.
static inline int wr_stream_copy_side_data(AVStream *to, const AVStream *from)
{
    int result = 0;
#if LIBAVFORMAT_VERSION_INT < AV_VERSION_INT(60, 15, 100)
    for (int i = 0; i < from->nb_side_data && result >= 0; i++)
        result = wr_stream_add_side_data(to, from->side_data[i].type, from->side_data[i].data,
                                         from->side_data[i].size);
#else
    (void)to, (void)from;
#endif
    return result;
}

// The pixel formats an encoder takes, ended by AV_PIX_FMT_NONE; NULL if it takes any.
static inline const enum AVPixelFormat *wr_encoder_pix_fmts(const AVCodec *codec)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *formats = NULL;
    avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_PIX_FORMAT, 0, &formats, NULL);
    return formats;
#else
    return codec->pix_fmts;
#endif
}

// The frame rates an encoder takes, ended by 0/0; NULL if it takes any.
static inline const AVRational *wr_encoder_rates(const AVCodec *codec)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *rates = NULL;
    avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_FRAME_RATE, 0, &rates, NULL);
    return rates;
#else
    return codec->supported_framerates;
#endif
}

// What an encoder of sound takes: sample formats, ended by AV_SAMPLE_FMT_NONE; rates, ended by 0;
// channel layouts, ended by one without channels. NULL if it takes any.
static inline const enum AVSampleFormat *wr_encoder_sample_fmts(const AVCodec *codec)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *formats = NULL;
    avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_SAMPLE_FORMAT, 0, &formats, NULL);
    return formats;
#else
    return codec->sample_fmts;
#endif
}

static inline const int *wr_encoder_sample_rates(const AVCodec *codec)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *rates = NULL;
    avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_SAMPLE_RATE, 0, &rates, NULL);
    return rates;
#else
    return codec->supported_samplerates;
#endif
}

static inline const AVChannelLayout *wr_encoder_layouts(const AVCodec *codec)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
    const void *layouts = NULL;
    avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_CHANNEL_LAYOUT, 0, &layouts, NULL);
    return layouts;
#else
    return codec->ch_layouts;
#endif
}

static inline int wr_libavformat_major(void)
{
    return LIBAVFORMAT_VERSION_MAJOR;
}
