// SPDX-License-Identifier: MIT
// Copies from the source what is not pixels: streams, side data, dispositions, programs.
#include "lib/output/copy.h"

#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/output/containers.h"
#include "lib/output/disposition.h"
#include "lib/output/mime.h"
#include "lib/output/tags.h"
#include "lib/output/time_code.h"
#include "lib/output/usual_tag.h"
#include "lib/output/video/encoders.h"

// ---- streams

static void copy_common(AVStream *to, const AVStream *from)
{
    to->id = from->id;
    to->disposition = from->disposition;
    to->avg_frame_rate = from->avg_frame_rate;
    to->r_frame_rate = from->r_frame_rate;
}

static int copy_frame_side_data(AVStream *to, const AVFrame *from, enum AVFrameSideDataType type,
                                enum AVPacketSideDataType stream_type)
{
    size_t size;
    const AVFrameSideData *data = av_frame_get_side_data(from, type);
    return data && !wr_stream_side_data(to, stream_type, &size)
               ? wr_stream_add_side_data(to, stream_type, data->data, data->size)
               : 0;
}

// Copies the side data that holds for the whole stream, whoever encodes it. Dolby Vision's does
// not: it belongs to data inside the old packets.
static int copy_video_side_data(AVStream *to, const struct wr_source *source)
{
    static const enum AVPacketSideDataType types[] = {
        AV_PKT_DATA_STEREO3D,
        AV_PKT_DATA_SPHERICAL,
        AV_PKT_DATA_ICC_PROFILE,
        AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
        AV_PKT_DATA_CONTENT_LIGHT_LEVEL,
    };
    int result = 0;
    for (size_t i = 0; i < sizeof types / sizeof *types && result >= 0; i++) {
        size_t size;
        const uint8_t *data = wr_stream_side_data(source->video, types[i], &size);
        if (data)
            result = wr_stream_add_side_data(to, types[i], data, size);
    }
    const AVFrame *first = source->first;
    if (result >= 0)
        result = copy_frame_side_data(to, first, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA,
                                      AV_PKT_DATA_MASTERING_DISPLAY_METADATA);
    if (result >= 0)
        result = copy_frame_side_data(to, first, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL,
                                      AV_PKT_DATA_CONTENT_LIGHT_LEVEL);
    if (result >= 0)
        result =
            copy_frame_side_data(to, first, AV_FRAME_DATA_ICC_PROFILE, AV_PKT_DATA_ICC_PROFILE);
    return result;
}

// The source's tag, where it only says whether parameter sets stand in the header or in packets.
static unsigned kept_tag(const AVFormatContext *file, enum AVCodecID codec,
                         const AVCodecParameters *source)
{
    static const unsigned tags[] = {MKTAG('h', 'v', 'c', '1'), MKTAG('h', 'e', 'v', '1'),
                                    MKTAG('a', 'v', 'c', '1'), MKTAG('a', 'v', 'c', '3')};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (source->codec_tag == tags[i] && file->oformat->codec_tag &&
            av_codec_get_id(file->oformat->codec_tag, tags[i]) == codec)
            return tags[i];
    return 0;
}

// Drops the codec's four-letter tag, which is that of the old container, unless the new one has it
// for the same codec.
static void fix_codec_tag(AVCodecParameters *parameters, const AVOutputFormat *container)
{
    unsigned known;
    if (container->codec_tag &&
        av_codec_get_id(container->codec_tag, parameters->codec_tag) != parameters->codec_id &&
        av_codec_get_tag2(container->codec_tag, parameters->codec_id, &known))
        parameters->codec_tag = 0;
}

// Tags of raw frames may be FFmpeg's own, which no reader of AVI or MOV knows.
static bool is_strange(const AVCodecParameters *parameters, const struct wr_container_row *row)
{
    const struct AVCodecTag *const known[] = {avformat_get_riff_video_tags(), NULL};
    const bool is_negative = row->negative_gray && parameters->format == AV_PIX_FMT_GRAY8;
    return parameters->codec_id == AV_CODEC_ID_RAWVIDEO &&
           (is_negative || av_codec_get_id(known, parameters->codec_tag) != parameters->codec_id);
}

// Of an encoded video: one that is kept, or the one that readers of the container know.
static unsigned choose_tag(const AVFormatContext *file, const AVStream *stream,
                           const AVCodecParameters *source)
{
    AVCodecParameters *parameters = stream->codecpar;
    if (!parameters->codec_tag)
        parameters->codec_tag = kept_tag(file, parameters->codec_id, source);
    const struct wr_container_row *row = wr_container_row(file->oformat);
    const bool is_kept = parameters->codec_tag && parameters->codec_id != AV_CODEC_ID_RAWVIDEO;
    if (is_strange(parameters, row))
        fix_codec_tag(parameters, file->oformat);
    const unsigned usual = !is_kept && row->tags_by_shape ? wr_usual_tag(file->oformat, stream) : 0;
    const bool is_general =
        usual == av_codec_get_tag(file->oformat->codec_tag, parameters->codec_id);
    return usual && !is_general ? usual : parameters->codec_tag;
}

int wr_add_encoded(AVFormatContext *file, const AVCodecContext *encoder,
                   const struct wr_source *source, const struct wr_output_plan *plan)
{
    const unsigned tag = plan->tag;
    const int32_t *matrix = plan->stream.matrix;
    AVStream *stream = avformat_new_stream(file, NULL);
    if (!stream)
        return AVERROR(ENOMEM);
    int result = avcodec_parameters_from_context(stream->codecpar, encoder);
    if (result < 0)
        return result;
    copy_common(stream, source->video);
    stream->time_base = wr_output_plan_time_base(plan);
    stream->sample_aspect_ratio = encoder->sample_aspect_ratio;
    stream->avg_frame_rate = encoder->framerate;
    stream->codecpar->codec_tag = tag ? tag : choose_tag(file, stream, source->video->codecpar);
    result = wr_tags_copy(&stream->metadata, source->video->metadata, WR_TAGS_LACK_ENCODING);
    if (result >= 0)
        result = wr_move_time_code(&stream->metadata, source, encoder->framerate);
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(encoder->pix_fmt);
    if (result >= 0 && desc->flags & AV_PIX_FMT_FLAG_ALPHA &&
        wr_encoder_row(encoder->codec)->alpha_in_second_stream)
        result = av_dict_set(&stream->metadata, "alpha_mode", "1", 0);
    if (result >= 0 && matrix)
        result = wr_stream_add_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, (const uint8_t *)matrix,
                                         9 * sizeof *matrix);
    return result < 0 ? result : copy_video_side_data(stream, source);
}

// Turns a cover into an attached file, which is how Matroska keeps covers.
static int attach_cover(AVStream *stream, const AVPacket *picture)
{
    AVCodecParameters *parameters = stream->codecpar;
    const struct wr_mime *mime = wr_mime_of_cover(parameters->codec_id);
    uint8_t *data = av_mallocz((size_t)picture->size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!data)
        return AVERROR(ENOMEM);
    memcpy(data, picture->data, (size_t)picture->size);
    av_freep(&parameters->extradata);
    parameters->extradata = data;
    parameters->extradata_size = picture->size;
    parameters->codec_type = AVMEDIA_TYPE_ATTACHMENT;
    stream->disposition = 0;
    char name[32];
    snprintf(name, sizeof name, "cover.%s", mime->suffix);
    const int result = av_dict_set(&stream->metadata, "filename", name, AV_DICT_DONT_OVERWRITE);
    return result < 0
               ? result
               : av_dict_set(&stream->metadata, "mimetype", mime->type, AV_DICT_DONT_OVERWRITE);
}

// Sound that does not say which channels it has, has those that so many usually are, as in ffmpeg:
// there are muxers that take no other.
static void name_channels(AVCodecParameters *sound)
{
    const int count = sound->ch_layout.nb_channels;
    if (sound->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC && count > 0)
        av_channel_layout_default(&sound->ch_layout, count);
}

// FLAC's header says how many samples are in a packet, between two bounds that are mostly the same.
// A muxer that counts packets, as AVI's does, fills up with thousands of empty ones otherwise.
static void set_frame_size(AVCodecParameters *sound)
{
    const uint8_t *header = sound->extradata;
    if (sound->codec_id != AV_CODEC_ID_FLAC || sound->frame_size || sound->extradata_size < 4)
        return;
    const int least = AV_RB16(header), most = AV_RB16(header + 2);
    sound->frame_size = least == most ? most : 0;
}

bool wr_copy_counts_frames(const AVFormatContext *file, const AVStream *from)
{
    const AVRational rate = from->avg_frame_rate;
    const bool is_video = from->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !wr_is_cover(from);
    const bool is_constant = !av_cmp_q(from->r_frame_rate, rate);
    return is_video && rate.num > 0 && rate.den > 0 &&
           (file->oformat->flags & AVFMT_NOTIMESTAMPS ||
            (wr_container_row(file->oformat)->varies && is_constant));
}

int wr_add_copy(AVFormatContext *file, const struct wr_source *source, const AVStream *from)
{
    AVStream *to = avformat_new_stream(file, NULL);
    if (!to)
        return AVERROR(ENOMEM);
    int result = avcodec_parameters_copy(to->codecpar, from->codecpar);
    if (result >= 0)
        result = wr_stream_copy_side_data(to, from);
    if (result >= 0)
        result = wr_tags_copy(&to->metadata, from->metadata,
                              source->cut ? WR_TAGS_LACK_COUNTS : WR_TAGS_LACK_NOTHING);
    if (result >= 0)
        result = wr_move_time_code(&to->metadata, source, source->frame_rate);
    if (result < 0)
        return result;
    copy_common(to, from);
    name_channels(to->codecpar);
    set_frame_size(to->codecpar);
    fix_codec_tag(to->codecpar, file->oformat);
    to->time_base =
        wr_copy_counts_frames(file, from) ? av_inv_q(from->avg_frame_rate) : from->time_base;
    to->sample_aspect_ratio = from->sample_aspect_ratio;
    return wr_is_cover(from) && wr_container_row(file->oformat)->attachments
               ? attach_cover(to, &from->attached_pic)
               : 0;
}

int wr_add_converted(AVFormatContext *file, const AVCodecContext *encoder, const AVStream *from)
{
    AVStream *to = avformat_new_stream(file, NULL);
    if (!to)
        return AVERROR(ENOMEM);
    copy_common(to, from);
    to->avg_frame_rate = to->r_frame_rate = (AVRational){0, 1};
    to->time_base = encoder->time_base;
    const int result = avcodec_parameters_from_context(to->codecpar, encoder);
    return result < 0 ? result : wr_tags_copy(&to->metadata, from->metadata, WR_TAGS_LACK_ENCODING);
}

// ---- the file

static int copy_programs(AVFormatContext *file, const struct wr_source *source,
                         const struct wr_stream_route *routes)
{
    for (unsigned i = 0; i < source->file->nb_programs; i++) {
        const AVProgram *from = source->file->programs[i];
        AVProgram *to = av_new_program(file, from->id);
        if (!to)
            return AVERROR(ENOMEM);
        const int result = av_dict_copy(&to->metadata, from->metadata, 0);
        if (result < 0)
            return result;
        for (unsigned j = 0; j < from->nb_stream_indexes; j++) {
            const int output = routes[from->stream_index[j]].output;
            if (output >= 0)
                av_program_add_stream_index(file, from->id, (unsigned)output);
        }
    }
    return 0;
}

int wr_set_dispositions(AVFormatContext *file, const struct wr_writer_options *options)
{
    int result = 0;
    if (!options->dispositions || !*options->dispositions)
        wr_dispositions_choose(file);
    for (const char *const *text = options->dispositions; text && *text && result >= 0; text++)
        result = wr_set_in_streams(file, *text, wr_disposition_set);
    return result;
}

static AVRational rate_of_video(const AVFormatContext *file)
{
    for (unsigned i = 0; i < file->nb_streams; i++)
        if (file->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
            !wr_is_cover(file->streams[i]))
            return file->streams[i]->avg_frame_rate;
    return (AVRational){0, 1};
}

int wr_copy_file_data(AVFormatContext *file, const struct wr_source *source,
                      const struct wr_writer_options *options, const struct wr_stream_route *routes)
{
    int result = wr_tags_copy(&file->metadata, source->tags->file->metadata, WR_TAGS_LACK_FILE);
    if (result >= 0)
        result = wr_move_time_code(&file->metadata, source->tags, rate_of_video(file));
    if (result >= 0)
        result = wr_tags_set(file, options);
    return result < 0 ? result : copy_programs(file, source, routes);
}
