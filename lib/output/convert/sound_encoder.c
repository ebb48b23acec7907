// SPDX-License-Identifier: MIT
// Chooses sample format, rate, channels and bit rate of sound that is encoded anew.
#include "lib/output/convert/sound_encoder.h"

#include <libavutil/avstring.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/compat.h"

// Bits per second for each channel. Listeners tell none of these encoders from the original at
// about two thirds of the rate.
static const struct {
    const char *names; // of encoders, "a,b"
    int64_t per_channel, most;
} bit_rates[] = {
    {"aac,libfdk_aac,libopus,libvorbis,wmav2", 96000, INT64_MAX},
    {"libmp3lame", 128000, 320000},
    {"ac3,eac3", 128000, 640000},
    {"mp2,libtwolame", 192000, 384000},
};

// The bit rate for so many channels, 0 where the encoder is to choose.
static int64_t bit_rate_of(const AVCodec *codec, int channels)
{
    for (size_t i = 0; i < sizeof bit_rates / sizeof *bit_rates; i++)
        if (av_match_name(codec->name, bit_rates[i].names))
            return FFMIN(bit_rates[i].per_channel * channels, bit_rates[i].most);
    return 0;
}

// The encoder's own format, or the narrowest that loses nothing, or the widest.
static enum AVSampleFormat choose_format(const AVCodec *codec, enum AVSampleFormat source)
{
    const enum AVSampleFormat *list = wr_encoder_sample_fmts(codec);
    if (!list)
        return source;
    enum AVSampleFormat best = list[0];
    const int wanted = av_get_bytes_per_sample(source);
    for (; *list != AV_SAMPLE_FMT_NONE; list++) {
        if (av_get_packed_sample_fmt(*list) == av_get_packed_sample_fmt(source))
            return *list;
        const int have = av_get_bytes_per_sample(best), bytes = av_get_bytes_per_sample(*list);
        if (have < wanted ? bytes > have : bytes >= wanted && bytes < have)
            best = *list;
    }
    return best;
}

// The source's rate, or the lowest above it, or the highest.
static int choose_rate(const AVCodec *codec, int source)
{
    const int *list = wr_encoder_sample_rates(codec);
    int above = 0, highest = 0;
    for (; list && *list; list++) {
        if (*list >= source && (!above || *list < above))
            above = *list;
        highest = FFMAX(highest, *list);
    }
    return above ? above : highest ? highest : source;
}

// The layout itself, or the one that keeps most channels of those that an encoder takes.
static int choose_layout(const AVCodec *codec, const AVChannelLayout *source,
                         AVChannelLayout *layout)
{
    const AVChannelLayout *list = wr_encoder_layouts(codec), *best = NULL;
    for (; list && list->nb_channels; list++) {
        if (!av_channel_layout_compare(list, source))
            return av_channel_layout_copy(layout, source);
        if (list->nb_channels <= source->nb_channels &&
            (!best || list->nb_channels > best->nb_channels))
            best = list;
    }
    return av_channel_layout_copy(layout, best ? best : source);
}

// ---- the user's options

static enum wr_status set_option(AVCodecContext *context, const char *key, const char *value,
                                 struct wr_error *error)
{
    const char *name = context->codec->name;
    int result = 0;
    if (!strcmp(key, "ac")) { // newer versions have it in ffmpeg alone
        char *end;
        const long channels = strtol(value, &end, 10);
        const bool possible = end > value && !*end && channels > 0 && channels < 64;
        result = possible ? 0 : AVERROR(EINVAL);
        if (possible) {
            av_channel_layout_uninit(&context->ch_layout);
            av_channel_layout_default(&context->ch_layout, (int)channels);
        }
    } else if (!strcmp(key, "q")) { // that, too
        char *end;
        const double quality = strtod(value, &end);
        result = end > value && !*end ? 0 : AVERROR(EINVAL);
        context->flags |= AV_CODEC_FLAG_QSCALE;
        context->global_quality = (int)(quality * FF_QP2LAMBDA);
    } else if (!strcmp(key, "sample_fmt")) { // and that
        const enum AVSampleFormat asked = av_get_sample_fmt(value);
        context->sample_fmt = choose_format(context->codec, asked);
        result = av_get_packed_sample_fmt(context->sample_fmt) == av_get_packed_sample_fmt(asked)
                     ? 0
                     : AVERROR(EINVAL);
    } else {
        result = av_opt_set(context, key, value, AV_OPT_SEARCH_CHILDREN);
    }
    return result == AVERROR_OPTION_NOT_FOUND
               ? wr_fail(error, WR_USAGE, "encoder %s has no option \"%s\"", name, key)
           : result < 0
               ? wr_fail(error, WR_USAGE, "encoder %s does not take \"%s\" for its option %s", name,
                         value, key)
               : WR_OK;
}

static enum wr_status set_options(AVCodecContext *context, const char *options,
                                  struct wr_error *error)
{
    AVDictionary *list = NULL;
    const AVDictionaryEntry *option = NULL;
    enum wr_status status = WR_OK;
    if (options && av_dict_parse_string(&list, options, "=", ":", 0) < 0)
        status = wr_fail(error, WR_USAGE,
                         "\"%s\" are not options of an encoder, of the form key=value:key=value",
                         options);
    while (!status && (option = av_dict_get(list, "", option, AV_DICT_IGNORE_SUFFIX)))
        status = set_option(context, option->key, option->value, error);
    av_dict_free(&list);
    return status;
}

// ---- opening

// One way to open the encoder: what it is given where the user's options leave it open.
struct attempt {
    const AVChannelLayout *layout;
    int rate;
    bool own_bit_rate; // the encoder's own
};

static int try_open(AVCodecContext **context, const struct wr_conversion *conversion,
                    const AVCodecContext *decoder, const struct attempt *attempt,
                    struct wr_error *error)
{
    const AVCodec *codec = conversion->codec;
    avcodec_free_context(context);
    AVCodecContext *new = *context = avcodec_alloc_context3(codec);
    if (!new)
        return AVERROR(ENOMEM);
    const int64_t standard = new->bit_rate;
    new->bit_rate = 0; // so that it shows whether an option has set it
    if (set_options(new, conversion->options, error))
        return AVERROR_OPTION_NOT_FOUND;
    if (!new->sample_rate)
        new->sample_rate = choose_rate(codec, attempt->rate);
    if (!new->ch_layout.nb_channels && choose_layout(codec, attempt->layout, &new->ch_layout) < 0)
        return AVERROR(ENOMEM);
    const bool has_quality = new->flags &AV_CODEC_FLAG_QSCALE;
    if (!new->bit_rate && !attempt->own_bit_rate && !has_quality)
        new->bit_rate = bit_rate_of(codec, new->ch_layout.nb_channels);
    if (!new->bit_rate && !has_quality)
        new->bit_rate = standard;
    if (new->sample_fmt == AV_SAMPLE_FMT_NONE)
        new->sample_fmt = choose_format(codec, decoder->sample_fmt);
    if (av_get_bytes_per_sample(new->sample_fmt) == 4)
        new->bits_per_raw_sample = decoder->bits_per_raw_sample;
    new->time_base = (AVRational){1, new->sample_rate};
    new->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    wr_encoder_take_durations(new);
    if (conversion->global_header)
        new->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    return avcodec_open2(new, codec, NULL);
}

enum wr_status wr_sound_encoder_open(AVCodecContext **context,
                                     const struct wr_conversion *conversion,
                                     const AVCodecContext *decoder, struct wr_error *error)
{
    AVChannelLayout layouts[4] = {{0}};
    av_channel_layout_copy(&layouts[0], &decoder->ch_layout);
    av_channel_layout_default(&layouts[1], decoder->ch_layout.nb_channels);
    av_channel_layout_default(&layouts[2], FFMIN(decoder->ch_layout.nb_channels, 2));
    av_channel_layout_default(&layouts[3], 1);
    const int rates[] = {conversion->sample_rate ? conversion->sample_rate : decoder->sample_rate,
                         48000};
    struct wr_error refused = {0};
    int result = -1;
    // Channels are given up last, and the bit rate that we would like first.
    for (int i = 0; i < 4 * 2 * 2 && result < 0 && !refused.status; i++) {
        const struct attempt attempt = {&layouts[i / 4], rates[i / 2 % 2], i % 2};
        result = try_open(context, conversion, decoder, &attempt, &refused);
    }
    for (int i = 0; i < 4; i++)
        av_channel_layout_uninit(&layouts[i]);
    if (refused.status)
        return wr_fail(error, refused.status, "%s", refused.text);
    return result < 0
               ? wr_fail(error, conversion->options ? WR_USAGE : WR_FAILED,
                         "encoder %s cannot be opened for this sound%s%s: %s",
                         conversion->codec->name, conversion->options ? " with the options " : "",
                         conversion->options ? conversion->options : "", av_err2str(result))
               : WR_OK;
}
