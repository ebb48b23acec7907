// SPDX-License-Identifier: MIT
// Opens bit stream filters for a stream, and brings times to the ticks in which they count.
#include "lib/output/packet_filter.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <string.h>

#include "lib/media/reason.h"
#include "lib/media/specifier.h"

static enum wr_status check_filters(const char *text, struct wr_error *error)
{
    AVBSFContext *filter = NULL;
    struct wr_reason reason;
    wr_reason_begin(&reason);
    const int result = av_bsf_list_parse_str(text, &filter);
    wr_reason_end(&reason, result);
    av_bsf_free(&filter);
    return result < 0 ? wr_fail(error, WR_USAGE, "packets cannot be filtered by \"%s\": %s", text,
                                reason.text)
                      : WR_OK;
}

enum wr_status wr_packet_filters_check(const char *const *asked, struct wr_error *error)
{
    enum wr_status status = wr_specifiers_check(asked, "packet filter", error);
    for (; asked && *asked && !status; asked++)
        status = check_filters(strchr(*asked, '/') + 1, error);
    return status;
}

// What is asked for the stream, NULL for nothing. *result is FFmpeg's error for a bad specifier.
static const char *find_asked(AVFormatContext *file, AVStream *stream, const char *const *asked,
                              int *result)
{
    const char *found = NULL;
    for (; asked && *asked && *result >= 0; asked++) {
        const char *const slash = strchr(*asked, '/');
        char *const specifier = slash ? av_strndup(*asked, (size_t)(slash - *asked)) : NULL;
        *result = !slash      ? AVERROR(EINVAL)
                  : specifier ? avformat_match_stream_specifier(file, stream, specifier)
                              : AVERROR(ENOMEM);
        if (*result > 0)
            found = slash + 1;
        av_free(specifier);
    }
    return found;
}

// The filter that puts what a video's header says into its packets; NULL where there is none.
static const char *find_needed(const AVStream *stream)
{
    static const struct {
        enum AVCodecID codec;
        const char *filter;
    } rows[] = {
        {AV_CODEC_ID_H264, "h264_mp4toannexb"}, {AV_CODEC_ID_HEVC, "hevc_mp4toannexb"},
        {AV_CODEC_ID_MPEG4, "dump_extra"},      {AV_CODEC_ID_MPEG2VIDEO, "dump_extra"},
        {AV_CODEC_ID_MPEG1VIDEO, "dump_extra"},
    };
    const AVCodecParameters *p = stream->codecpar;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && p->extradata_size > 0; i++)
        if (rows[i].codec == p->codec_id)
            return rows[i].filter;
    return NULL;
}

static int open_filters(AVBSFContext **filter, AVStream *stream, const char *text)
{
    int result = av_bsf_list_parse_str(text, filter);
    if (result >= 0)
        result = avcodec_parameters_copy((*filter)->par_in, stream->codecpar);
    if (result < 0)
        return result;
    (*filter)->time_base_in = stream->time_base;
    result = av_bsf_init(*filter);
    if (result < 0)
        return result;
    stream->time_base = (*filter)->time_base_out;
    return avcodec_parameters_copy(stream->codecpar, (*filter)->par_out);
}

enum wr_status wr_packet_filter_open(AVBSFContext **filter, AVFormatContext *file, AVStream *stream,
                                     const char *const *asked, bool headers_in_packets,
                                     struct wr_error *error)
{
    int result = 0;
    struct wr_reason reason;
    const char *wished = find_asked(file, stream, asked, &result);
    if (result < 0)
        return wr_fail(
            error, WR_USAGE,
            "a filter for packets is asked for as STREAM/FILTER, like v:0/noise=amount=9");
    const char *needed = headers_in_packets ? find_needed(stream) : NULL;
    if (!wished && !needed)
        return WR_OK;
    const bool has_both = wished && needed;
    char *text = av_asprintf("%s%s%s%s", wished ? wished : "", has_both ? wr_open_end(wished) : "",
                             has_both ? "," : "", needed ? needed : "");
    if (!text)
        return wr_fail(error, WR_FAILED, "out of memory");
    wr_reason_begin(&reason);
    result = open_filters(filter, stream, text);
    wr_reason_end(&reason, result);
    if (result < 0)
        wr_fail(error, WR_USAGE, "packets of %s cannot be filtered by \"%s\": %s",
                avcodec_get_name(stream->codecpar->codec_id), text, reason.text);
    av_free(text);
    return result < 0 ? WR_USAGE : WR_OK;
}

int wr_packet_filter_send(AVBSFContext *filter, AVPacket *packet, AVRational time_base)
{
    if (packet)
        av_packet_rescale_ts(packet, time_base, filter->time_base_in);
    return av_bsf_send_packet(filter, packet);
}

int wr_packet_filter_receive(AVBSFContext *filter, AVPacket *packet, AVRational time_base)
{
    const int result = av_bsf_receive_packet(filter, packet);
    if (result >= 0)
        av_packet_rescale_ts(packet, filter->time_base_out, time_base);
    return result;
}
