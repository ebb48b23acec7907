// SPDX-License-Identifier: MIT
// Finds out what a container can hold by trying: a header is written to memory and thrown away.
#include "lib/output/fit.h"

#include "lib/output/container.h"

static int try_header(const struct wr_selection *selection)
{
    AVFormatContext *file = NULL;
    int result = wr_container_create(&file, selection->plan->holder, selection);
    if (result >= 0)
        result = avio_open_dyn_buf(&file->pb);
    if (result >= 0) {
        AVDictionary *options =
            wr_container_options(file, selection->target, selection->options->muxer_options, NULL);
        result = avformat_write_header(file, &options);
        uint8_t *written = NULL;
        avio_close_dyn_buf(file->pb, &written);
        file->pb = NULL;
        av_free(written);
        av_dict_free(&options);
    }
    avformat_free_context(file);
    return result;
}

bool wr_holds_pictures_only(const struct wr_output_plan *plan)
{
    return plan->container_row->holds_pictures || wr_container_is_of_pictures(plan->holder);
}

// Streams that begin late may be known by their codec alone. No header is written for those.
static bool is_described(const AVStream *stream)
{
    const AVCodecParameters *parameters = stream->codecpar;
    return parameters->codec_type == AVMEDIA_TYPE_VIDEO   ? parameters->width && parameters->height
           : parameters->codec_type == AVMEDIA_TYPE_AUDIO ? parameters->sample_rate > 0
                                                          : true;
}

// Whether the muxer's tables say that it may hold a stream in a codec, whatever else is in the
// file.
static bool may_hold(const struct wr_output_plan *plan, const AVStream *stream,
                     enum AVCodecID codec)
{
    const AVOutputFormat *container = plan->holder;
    const struct wr_container_row *row = wr_container_row(container);
    const enum AVMediaType type = stream->codecpar->codec_type;
    if (row->takes_anything)
        return is_described(stream);
    // Of playlists only those with sound are made; pictures have none.
    if (container->flags & AVFMT_NOFILE ||
        (plan->container->flags & AVFMT_NOFILE && type != AVMEDIA_TYPE_AUDIO))
        return false;
    if (type == AVMEDIA_TYPE_ATTACHMENT || (wr_is_cover(stream) && !row->covers))
        return row->attachments;
    if (wr_holds_pictures_only(plan)) // muxers of pictures may say that they hold anything
        return false;
    if (wr_is_cover(stream)) // the muxers' tables are about video
        return true;
    const int answer = avformat_query_codec(container, codec, FF_COMPLIANCE_EXPERIMENTAL);
    // Muxers of a bare video stream do not say no; they have no idea of any other stream.
    return answer > 0 || (answer < 0 && container->audio_codec != AV_CODEC_ID_NONE);
}

// The same for the video, where its packets are copied. Muxers of a bare stream and of pictures
// take anything, others refuse in their header what they cannot hold.
static bool may_hold_video(const struct wr_selection *selection, enum AVCodecID codec)
{
    const struct wr_output_plan *plan = selection->plan;
    if (plan->container_row->takes_anything)
        return true;
    if (plan->container_row->holds_pictures)
        return codec == av_guess_codec(plan->container, NULL, selection->options->output, NULL,
                                       AVMEDIA_TYPE_VIDEO);
    return plan->holder->audio_codec != AV_CODEC_ID_NONE ||
           avformat_query_codec(plan->holder, codec, FF_COMPLIANCE_EXPERIMENTAL) > 0;
}

bool wr_stream_fits(struct wr_selection *selection, int index)
{
    struct wr_stream_route *route = &selection->routes[index];
    const AVStream *stream = selection->source->streams[index].av;
    const enum AVCodecID codec =
        route->converter ? route->converter->encoder->codec_id : stream->codecpar->codec_id;
    if (stream == selection->source->video ? !may_hold_video(selection, codec)
                                           : !may_hold(selection->plan, stream, codec))
        return false;
    route->chosen = true;
    route->chosen = selection->plan->container_row->takes_anything || try_header(selection) >= 0;
    return route->chosen;
}
