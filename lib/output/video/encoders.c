// SPDX-License-Identifier: MIT
// The table of encoders, and how they are found in it.
#include "lib/output/video/encoders.h"

#include <libavutil/avstring.h>
#include <string.h>

static const struct wr_word_list x26x_presets = {
    .key = "preset",
    .separators = "",
    .words = {"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
              "veryslow", "placebo"},
};

static const struct wr_word_list x264_tunes = {
    .key = "tune",
    .separators = ",./-+",
    .words = {"film", "animation", "grain", "stillimage", "psnr", "ssim", "fastdecode",
              "zerolatency", "touhou"},
};

// ITU-T H.264, annex A.
static const struct wr_word_list h264_profiles = {
    .key = "profile",
    .separators = "",
    .words = {"baseline", "main", "high", "high10", "high422", "high444"},
    .profiles = {{8, 1, 1, false, false},
                 {8, 1, 1, false, false},
                 {8, 1, 1, true, false},
                 {10, 1, 1, true, false},
                 {10, 1, 0, true, false},
                 {14, 0, 0, true, true}},
};

#define STILL_PNG "rgb24|rgba|rgb48be|rgba64be|gray|ya8|gray16be|ya16be"
#define STILL_TIFF "rgb24|rgba|rgb48le|rgba64le|gray|ya8|gray16le|ya16le"
#define STILL_WEBP .still = "yuv420p|yuva420p", .still_rgb = "bgra"

static const struct wr_encoder_row rows[] = {
    {.name = "libx264",
     .plays_420 = true,
     .aliases = "x264,avc",
     .scale = {"crf", 0, 51, 18, NULL, 6},
     .params = "x264-params",
     .statistics = "stats",
     .mastering = "mastering-display",
     .light = "cll",
     .color_parts = 50000,
     .luminance_parts = 10000,
     .lists = {&x26x_presets, &x264_tunes, &h264_profiles},
     .takes_flipped = true,
     .even_sizes_only = true,
     .one_field_order = true},
    {.name = "libx264rgb",
     .plays_420 = true,
     .aliases = "x264rgb",
     .scale = {"crf", 0, 51, 18, NULL, 6},
     .statistics = "stats",
     .lists = {&x26x_presets, &x264_tunes, &h264_profiles},
     .one_field_order = true},
    {.name = "libx265",
     .plays_420 = true,
     .aliases = "x265,h265",
     .scale = {"crf", 0, 51, 20, NULL, 0},
     .params = "x265-params",
     .piece_threads = 1,
     .most_threads = 16,
     .quiet = "log-level=none",
     .mastering = "master-display",
     .light = "max-cll",
     .color_parts = 50000,
     .luminance_parts = 10000,
     .lists = {&x26x_presets}},
    {.name = "libvpx",
     .plays_420 = true,
     .scale = {"crf", 4, 63, 8, "40M", 0},
     .alpha_setting = "auto-alt-ref=0",
     .takes_flipped = true,
     .alpha_in_second_stream = true},
    {.name = "libvpx-vp9",
     .plays_420 = true,
     .scale = {"crf", 0, 63, 24, "0", 0},
     .setting = "row-mt=1",
     .alpha_setting = "auto-alt-ref=0",
     .alpha_in_second_stream = true},
    {.name = "libaom-av1",
     .plays_420 = true,
     .aliases = "aom,libaom",
     .scale = {"crf", 0, 63, 20, "0", 0},
     .setting = "row-mt=1"},
    {.name = "libsvtav1",
     .plays_420 = true,
     .aliases = "svtav1,svt-av1",
     .scale = {"crf", 1, 63, 24, "0", 0},
     .params = "svtav1-params",
     .mastering = "mastering-display",
     .light = "content-light",
     .frame_before_close = true},
    {.name = "librav1e",
     .plays_420 = true,
     .aliases = "rav1e",
     .scale = {"qp", 0, 255, 60, NULL, 0}},
    {.name = "libxvid", .aliases = "xvid", .scale = {"qscale", 1, 31, 2, NULL, 0}},
    {.name = "libwebp_anim",
     .scale = {"quality", 0, 100, 95, NULL, 0},
     STILL_WEBP,
     .one_packet = true},
    {.name = "prores_ks", .scale = {"qscale", 1, 64, -1, NULL, 0}, .takes_flipped = true},
    {.name = "libtheora", .scale = {"qscale", 0, 10, 8, NULL, 0}},
    {.name = "libwebp", .scale = {"quality", 0, 100, 95, NULL, 0}, STILL_WEBP},
    {.name = "svq1", .progressive_only = true},
    {.name = "vc2", .progressive_only = true},
    {.name = "snow", .scale = {"qscale", 1, 31, 2, NULL, 0}},
    {.name = "wrapped_avframe", .takes_flipped = true},
    {.name = "rawvideo", .aliases = "raw", .takes_flipped = true},
    {.name = "ffv1", .takes_flipped = true},
    {.name = "ffvhuff", .takes_flipped = true},
    {.name = "utvideo", .takes_flipped = true},
    {.name = "png", .still = STILL_PNG, .takes_flipped = true},
    {.name = "apng", .still = STILL_PNG, .unblended = "rgba64be|ya16be"},
    {.name = "bmp", .still = "bgr24|bgra|gray"},
    {.name = "tiff", .still = STILL_TIFF},
    {.name = "gif", .palette = true},
    {.name = "mpeg4", .takes_flipped = true},
    {.name = "mpeg1video", .aliases = "mpeg1"},
    {.name = "mpeg2video", .aliases = "mpeg2"},
    {.name = "mjpeg",
     .aliases = "jpeg,jpg",
     .still = "yuvj420p|yuvj422p|yuvj444p",
     .full_range_only = true},
    {.name = "dnxhd",
     .aliases = "dnxhr",
     .takes =
         "1920x1080, 1440x1080, 1280x720 and 960x720 with the bit rates of DNxHD, and any size "
         "with --encoder-option profile=dnxhr_hq"},
    {.name = "dvvideo",
     .takes = "720x576 at 25 frames a second in yuv420p, 720x480 at 30000/1001 in yuv411p, and the "
              "sizes of DVCPRO in yuv422p"},
    {.name = "cfhd", .aliases = "cineform"},
};

enum { ROWS = sizeof rows / sizeof *rows };

const struct wr_encoder_row *wr_encoder_row(const AVCodec *codec)
{
    static const struct wr_encoder_row unknown;
    for (int i = 0; codec && i < ROWS; i++)
        if (!strcmp(codec->name, rows[i].name))
            return &rows[i];
    return &unknown;
}

int wr_encoder_keeps_busy(const AVCodec *codec)
{
    const int caps = codec->capabilities;
    return caps & (AV_CODEC_CAP_FRAME_THREADS | AV_CODEC_CAP_OTHER_THREADS) ? 4
           : caps & AV_CODEC_CAP_SLICE_THREADS                              ? 2
                                                                            : 1;
}

static const char *find_alias(const char *name)
{
    for (int i = 0; i < ROWS; i++)
        if (rows[i].aliases && av_match_name(name, rows[i].aliases))
            return rows[i].name;
    return NULL;
}

// ---- finding by name

// Encoders of one type of stream.
static const char *encoder_name(const void *type, int n)
{
    void *iterator = NULL;
    const AVCodec *codec;
    while ((codec = av_codec_iterate(&iterator)))
        if (av_codec_is_encoder(codec) && codec->type == *(const enum AVMediaType *)type && !n--)
            return codec->name;
    return NULL;
}

static enum wr_status fail_unknown(const char *name, enum AVMediaType type, struct wr_error *error)
{
    int count = 0;
    while (encoder_name(&type, count))
        count++;
    const char *nearest = wr_nearest(name, encoder_name, &type, count);
    return nearest
               ? wr_fail(error, WR_USAGE, "unknown codec \"%s\"; did you mean %s?", name, nearest)
               : wr_fail(error, WR_USAGE, "unknown codec \"%s\"; ffmpeg -encoders lists all", name);
}

static const AVCodec *find_tried_and_tested(const AVCodec *codec)
{
    const AVCodec *other = codec && codec->capabilities & AV_CODEC_CAP_EXPERIMENTAL
                               ? avcodec_find_encoder(codec->id)
                               : NULL;
    return other ? other : codec;
}

enum wr_status wr_find_encoder(const AVCodec **codec, enum AVMediaType type, const char *name,
                               struct wr_error *error)
{
    const AVCodecDescriptor *descriptor = avcodec_descriptor_get_by_name(name);
    const char *alias = find_alias(name);
    *codec = find_tried_and_tested(avcodec_find_encoder_by_name(name));
    if (!*codec && descriptor)
        *codec = avcodec_find_encoder(descriptor->id);
    if (!*codec && alias)
        *codec = avcodec_find_encoder_by_name(alias);
    if (!*codec && (descriptor || alias))
        return wr_fail(error, WR_USAGE, "this FFmpeg has no encoder for %s", name);
    if (!*codec)
        return fail_unknown(name, type, error);
    if ((*codec)->type != type)
        return wr_fail(error, WR_USAGE, "codec %s is not %s encoder", name,
                       type == AVMEDIA_TYPE_AUDIO   ? "an audio"
                       : type == AVMEDIA_TYPE_VIDEO ? "a video"
                                                    : "a subtitle");
    return WR_OK;
}
