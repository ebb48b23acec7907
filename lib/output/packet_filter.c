// SPDX-License-Identifier: MIT
// Opens bit stream filters for a stream, and brings times to the ticks in which they count.
#include "lib/output/packet_filter.h"

#include <libavutil/mem.h>
#include <string.h>

#include "lib/media/reason.h"
#include "lib/output/containers.h"

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

// The filter that packets copied into `stream` with the lengths of their units need where the
// container takes start codes only; NULL where nothing is to be changed.
static const char *find_needed(const AVFormatContext *file, const AVStream *stream)
{
    const AVCodecParameters *p = stream->codecpar;
    const bool has_lengths =
        p->codec_id == AV_CODEC_ID_H264 && p->extradata_size > 0 && p->extradata[0] == 1;
    return has_lengths && wr_container_row(file->oformat)->start_codes ? "h264_mp4toannexb" : NULL;
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
                                     const char *const *asked, struct wr_error *error)
{
    int result = 0;
    struct wr_reason reason;
    const char *text = find_asked(file, stream, asked, &result);
    if (result < 0)
        return wr_fail(
            error, WR_USAGE,
            "a filter for packets is asked for as STREAM/FILTER, like v:0/noise=amount=9");
    text = text ? text : find_needed(file, stream);
    if (!text)
        return WR_OK;
    wr_reason_begin(&reason);
    result = open_filters(filter, stream, text);
    wr_reason_end(&reason, result);
    return result < 0 ? wr_fail(error, WR_USAGE, "packets of %s cannot be filtered by \"%s\": %s",
                                avcodec_get_name(stream->codecpar->codec_id), text, reason.text)
                      : WR_OK;
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
