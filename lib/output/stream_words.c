// SPDX-License-Identifier: MIT
// The words for a stream's type, its codec, and what becomes of it.
#include "lib/output/stream_words.h"

#include <stdio.h>

static const char *type_name(const AVStream *stream)
{
    const char *name = av_get_media_type_string(stream->codecpar->codec_type);
    return wr_is_cover(stream) ? "cover" : name ? name : "data";
}

// Data streams often have no codec that libavcodec knows, but a four-letter tag.
static void print_codec(char *text, size_t size, const AVCodecParameters *parameters)
{
    if (parameters->codec_id != AV_CODEC_ID_NONE)
        snprintf(text, size, "%s", avcodec_get_name(parameters->codec_id));
    else if (parameters->codec_tag)
        snprintf(text, size, "%s", av_fourcc2str(parameters->codec_tag));
    else
        snprintf(text, size, "unknown");
}

void wr_stream_words_begin(const AVStream *stream, int index, struct wr_stream_report *report)
{
    *report = (struct wr_stream_report){.index = index};
    snprintf(report->type, sizeof report->type, "%s", type_name(stream));
    print_codec(report->codec, sizeof report->codec, stream->codecpar);
    snprintf(report->action, sizeof report->action, "filtered");
}

static bool loses_bits(const AVCodecContext *encoder)
{
    return avcodec_descriptor_get(encoder->codec_id)->props & AV_CODEC_PROP_LOSSY;
}

// loudnorm gives sound at the rate at which it looks for peaks between samples. As with ffmpeg, the
// output gets that rate, or the highest that its encoder takes.
static void tell_higher_rate(const struct wr_converter *converter, const struct wr_log *log,
                             const struct wr_stream_report *report)
{
    const AVCodecContext *from = converter->decoder, *to = converter->encoder;
    if (from->codec_type == AVMEDIA_TYPE_AUDIO && to->sample_rate > from->sample_rate &&
        converter->sample_rate > 2 * from->sample_rate)
        wr_say(log, WR_LOG_WARNING,
               "stream %d (%s, %s) goes from %d to %d Hz by its filters; aresample=%d behind them "
               "keeps the rate",
               report->index, report->type, report->codec, from->sample_rate, to->sample_rate,
               from->sample_rate);
}

void wr_stream_words_converted(const struct wr_selection *selection, enum wr_log_level level,
                               int index, struct wr_stream_report *report)
{
    const struct wr_converter *converter = selection->routes[index].converter;
    const AVCodecContext *from = converter->decoder, *to = converter->encoder;
    const struct wr_log *log = &selection->options->log;
    char rate[32] = "";
    if (to->bit_rate > 0 && loses_bits(to) && from->codec_type == AVMEDIA_TYPE_AUDIO)
        snprintf(rate, sizeof rate, ", %lld kb/s", (long long)(to->bit_rate + 500) / 1000);
    snprintf(report->action, sizeof report->action, "converted");
    snprintf(report->to, sizeof report->to, "%s", avcodec_get_name(to->codec_id));
    wr_say(log, level, "stream %d (%s, %s) is converted to %s%s: %s", index, report->type,
           report->codec, report->to, rate, report->reason);
    if (from->codec_type == AVMEDIA_TYPE_AUDIO && !selection->routes[index].sound->options &&
        to->ch_layout.nb_channels < converter->channels)
        wr_say(log, WR_LOG_LOSS, "stream %d (%s, %s) keeps %d of its %d channels: %s takes no more",
               index, report->type, report->codec, to->ch_layout.nb_channels, converter->channels,
               to->codec->name);
    if (from->codec_type == AVMEDIA_TYPE_AUDIO && !selection->routes[index].sound->options &&
        to->sample_rate < FFMIN(converter->sample_rate, from->sample_rate))
        wr_say(log, WR_LOG_LOSS, "stream %d (%s, %s) goes from %d to %d Hz: %s takes no more",
               index, report->type, report->codec, converter->sample_rate, to->sample_rate,
               to->codec->name);
    tell_higher_rate(converter, log, report);
}

void wr_stream_words_dropped(const struct wr_selection *selection, enum wr_log_level level,
                             const char *how, const char *reason, struct wr_stream_report *report)
{
    snprintf(report->action, sizeof report->action, "dropped");
    snprintf(report->reason, sizeof report->reason, "%s", reason);
    wr_say(&selection->options->log, level, "stream %d (%s, %s) is %s: %s", report->index,
           report->type, report->codec, how, reason);
}
