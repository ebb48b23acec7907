// SPDX-License-Identifier: MIT
// Copies from the source what is not pixels: streams, tags, side data, dispositions, programs.
#include "lib/output/copy.h"

#include <libavutil/avstring.h>
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/output/containers.h"
#include "lib/output/disposition.h"
#include "lib/output/encoders.h"
#include "lib/output/time_code.h"

// ---- tags

// True for tags that count bytes and frames of the old stream, as mkvmerge and FFmpeg write them.
static bool is_statistic(const char *key)
{
    static const char *const names[] = {
        "BPS", "DURATION", "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES", "SOURCE_ID", "_STATISTICS_"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (av_strstart(key, names[i], NULL))
            return true;
    return false;
}

static int copy_tags(AVDictionary **to, const AVDictionary *from,
                     bool (*leave_out)(const char *key))
{
    const AVDictionaryEntry *tag = NULL;
    int result = 0;
    while (result >= 0 && (tag = av_dict_get(from, "", tag, AV_DICT_IGNORE_SUFFIX)))
        if (!leave_out || !leave_out(tag->key))
            result = av_dict_set(to, tag->key, tag->value, 0);
    return result;
}

// True for tags that need not hold for an encoded stream. Rotation and alpha are stored in other
// ways.
static bool is_of_old_encoding(const char *key)
{
    return is_statistic(key) || !av_strcasecmp(key, "encoder") || !av_strcasecmp(key, "rotate") ||
           !av_strcasecmp(key, "alpha_mode");
}

// True for tags that say how the old file was made (AVI calls its encoder software); a muxer would
// store them as if they were content.
static bool is_of_old_file(const char *key)
{
    return av_match_name(key, "major_brand,minor_version,compatible_brands,encoder,software");
}

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

// Tags of raw frames may be FFmpeg's own, which no reader of AVI or MOV knows. MOV keeps 8-bit gray
// as its negative, which only its own tag says.
static bool is_strange(const AVCodecParameters *parameters, const AVOutputFormat *container)
{
    const struct AVCodecTag *const known[] = {avformat_get_riff_video_tags(), NULL};
    const bool is_negative =
        parameters->format == AV_PIX_FMT_GRAY8 && !strcmp(container->name, "mov");
    return parameters->codec_id == AV_CODEC_ID_RAWVIDEO &&
           (is_negative || av_codec_get_id(known, parameters->codec_tag) != parameters->codec_id);
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
    if (tag || !stream->codecpar->codec_tag)
        stream->codecpar->codec_tag =
            tag ? tag : kept_tag(file, encoder->codec_id, source->video->codecpar);
    if (!tag && is_strange(stream->codecpar, file->oformat))
        fix_codec_tag(stream->codecpar, file->oformat);
    copy_common(stream, source->video);
    stream->time_base = encoder->time_base;
    stream->sample_aspect_ratio = encoder->sample_aspect_ratio;
    stream->avg_frame_rate = encoder->framerate;
    result = copy_tags(&stream->metadata, source->video->metadata, is_of_old_encoding);
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

static const char *mime_type(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_PNG    ? "image/png"
           : codec == AV_CODEC_ID_BMP  ? "image/bmp"
           : codec == AV_CODEC_ID_GIF  ? "image/gif"
           : codec == AV_CODEC_ID_WEBP ? "image/webp"
                                       : "image/jpeg";
}

// Turns a cover into an attached file, which is how Matroska keeps covers.
static int attach_cover(AVStream *stream, const AVPacket *picture)
{
    AVCodecParameters *parameters = stream->codecpar;
    const char *type = mime_type(parameters->codec_id);
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
    snprintf(name, sizeof name, "cover.%s",
             strcmp(type, "image/jpeg") ? strchr(type, '/') + 1 : "jpg");
    const int result = av_dict_set(&stream->metadata, "filename", name, AV_DICT_DONT_OVERWRITE);
    return result < 0 ? result
                      : av_dict_set(&stream->metadata, "mimetype", type, AV_DICT_DONT_OVERWRITE);
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
        result = copy_tags(&to->metadata, from->metadata, source->cut ? is_statistic : NULL);
    if (result >= 0)
        result = wr_move_time_code(&to->metadata, source, source->frame_rate);
    if (result < 0)
        return result;
    copy_common(to, from);
    fix_codec_tag(to->codecpar, file->oformat);
    to->time_base = from->time_base;
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
    return result < 0 ? result : copy_tags(&to->metadata, from->metadata, is_of_old_encoding);
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

// Sets "key=value"; an empty value removes the tag.
static int set_tag(AVDictionary **tags, const char *pair)
{
    const char *equals = strchr(pair, '=');
    if (!equals)
        return AVERROR(EINVAL);
    char *key = av_asprintf("%.*s", (int)(equals - pair), pair);
    const int result =
        key ? av_dict_set(tags, key, equals[1] ? equals + 1 : NULL, 0) : AVERROR(ENOMEM);
    av_free(key);
    return result;
}

// How a copied video is turned when it is shown, in degrees: "rotate=90", and "rotate=" for
// upright.
static int set_rotation(AVStream *stream, const char *degrees)
{
    char *end;
    int32_t matrix[9];
    const double angle = strtod(degrees, &end);
    if (*end || !isfinite(angle) || stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO)
        return 0;
    av_display_rotation_set(matrix, -angle);
    return wr_stream_add_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, (const uint8_t *)matrix,
                                   sizeof matrix);
}

static int set_stream_tag(AVStream *stream, const char *pair)
{
    return set_tag(&stream->metadata, pair);
}

// Where the video is copied, FFmpeg's old tag for a rotation sets what muxers take in its place. A
// video that is encoded is turned by filters.
static int set_copied_tag(AVStream *stream, const char *pair)
{
    const char *degrees;
    return av_strstart(pair, "rotate=", &degrees) ? set_rotation(stream, degrees)
                                                  : set_stream_tag(stream, pair);
}

// Sets what stands behind the slash of "specifier/text" in the streams that the specifier matches.
static int set_in_streams(AVFormatContext *file, const char *text,
                          int (*set)(AVStream *stream, const char *text))
{
    const char *slash = strchr(text, '/');
    char *specifier = slash ? av_asprintf("%.*s", (int)(slash - text), text) : NULL;
    int result = specifier ? 0 : AVERROR(EINVAL);
    for (unsigned i = 0; i < file->nb_streams && result >= 0; i++) {
        result = avformat_match_stream_specifier(file, file->streams[i], specifier);
        if (result > 0)
            result = set(file->streams[i], slash + 1);
    }
    av_free(specifier);
    return result;
}

// Sets what is asked for in the place of what was copied.
static int set_tags(AVFormatContext *file, const struct wr_writer_options *options)
{
    if (options->no_metadata) {
        av_dict_free(&file->metadata);
        for (unsigned i = 0; i < file->nb_streams; i++)
            av_dict_free(&file->streams[i]->metadata);
    }
    const bool copies = options->codec && !strcmp(options->codec, "copy");
    int result = 0;
    for (const char *const *pair = options->metadata; pair && *pair && result >= 0; pair++)
        result = set_tag(&file->metadata, *pair);
    for (const char *const *tag = options->stream_metadata; tag && *tag && result >= 0; tag++)
        result = set_in_streams(file, *tag, copies ? set_copied_tag : set_stream_tag);
    return result;
}

int wr_set_dispositions(AVFormatContext *file, const struct wr_writer_options *options)
{
    int result = 0;
    for (const char *const *text = options->dispositions; text && *text && result >= 0; text++)
        result = set_in_streams(file, *text, wr_disposition_set);
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
    int result = copy_tags(&file->metadata, source->tags->file->metadata, is_of_old_file);
    if (result >= 0)
        result = wr_move_time_code(&file->metadata, source, rate_of_video(file));
    if (result >= 0)
        result = set_tags(file, options);
    return result < 0 ? result : copy_programs(file, source, routes);
}
