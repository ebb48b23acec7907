// SPDX-License-Identifier: MIT
// Prints the pairs of a video encoder and a container that holds its codec, one to a line:
// "ENCODER alpha|- CONTAINER SUFFIX", with "alpha" if the encoder takes transparency.
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/compat.h"

static bool has_alpha(const AVCodec *codec)
{
    for (const enum AVPixelFormat *f = wr_encoder_pix_fmts(codec); f && *f != AV_PIX_FMT_NONE; f++)
        if (av_pix_fmt_desc_get(*f)->flags & AV_PIX_FMT_FLAG_ALPHA)
            return true;
    return false;
}

// An encoder that needs no device.
static bool is_usable(const AVCodec *codec)
{
    const int of_devices = AV_CODEC_CAP_HARDWARE | AV_CODEC_CAP_HYBRID;
    return av_codec_is_encoder(codec) && codec->type == AVMEDIA_TYPE_VIDEO &&
           !(codec->capabilities & of_devices);
}

// A container of one file with video in it. Playlists, sequences, networks and devices have no
// file, and hashes and the like that stand for a file keep nothing of what is in it.
static bool is_container(const AVOutputFormat *format)
{
    const bool keeps_codec = format->video_codec != AV_CODEC_ID_RAWVIDEO || format->extensions;
    return format->video_codec != AV_CODEC_ID_NONE && keeps_codec &&
           !(format->flags & AVFMT_NOFILE) && av_guess_format(format->name, NULL, NULL) == format &&
           !av_match_name(format->name, "mkvtimestamp_v2,rtp,rtp_mpegts");
}

// Whether the muxer writes a header with the codec in it; many know no other answer.
static bool writes_header(const AVOutputFormat *format, enum AVCodecID codec)
{
    AVFormatContext *file = NULL;
    int result = avformat_alloc_output_context2(&file, format, NULL, NULL);
    AVStream *stream = result < 0 ? NULL : avformat_new_stream(file, NULL);
    result = stream ? avio_open_dyn_buf(&file->pb) : -1;
    if (result >= 0) {
        stream->time_base = (AVRational){1, 25};
        stream->avg_frame_rate = (AVRational){25, 1};
        stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
        stream->codecpar->codec_id = codec;
        stream->codecpar->width = 176;
        stream->codecpar->height = 144;
        stream->codecpar->format = AV_PIX_FMT_YUV420P;
        file->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
        result = avformat_write_header(file, NULL);
        uint8_t *written = NULL;
        avio_close_dyn_buf(file->pb, &written);
        av_free(written);
    }
    avformat_free_context(file);
    return result >= 0;
}

// A bare stream has the codec that it is named after.
static bool holds(const AVOutputFormat *format, const AVCodec *codec)
{
    const int answer = avformat_query_codec(format, codec->id, FF_COMPLIANCE_EXPERIMENTAL);
    return answer > 0 || (answer < 0 && !(format->flags & AVFMT_NOTIMESTAMPS) &&
                          writes_header(format, codec->id));
}

static void print_pairs(const AVOutputFormat *format)
{
    const char *extensions = format->extensions ? format->extensions : format->name;
    const int length = (int)strcspn(extensions, ",");
    void *iterator = NULL;
    const AVCodec *codec;
    while ((codec = av_codec_iterate(&iterator)))
        if (is_usable(codec) && holds(format, codec))
            printf("%s %s %s %.*s\n", codec->name, has_alpha(codec) ? "alpha" : "-", format->name,
                   length, extensions);
}

int main(void)
{
    av_log_set_level(AV_LOG_QUIET);
    void *iterator = NULL;
    const AVOutputFormat *format;
    while ((format = av_muxer_iterate(&iterator)))
        if (is_container(format))
            print_pairs(format);
    return 0;
}
