// SPDX-License-Identifier: MIT
// Carries over what is not pixels: streams, tags, side data, dispositions, chapters, programs.
#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/output/container.h"

bool wr_holds_files(const AVOutputFormat *container)
{
    return !strcmp(container->name, "matroska");
}

// ---- tags

// True for tags that count bytes and frames of the stream as it was, in mkvmerge's and FFmpeg's
// words.
static bool is_statistic(const char *key)
{
    static const char *const names[] = {
        "BPS", "DURATION", "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES", "SOURCE_ID", "_STATISTICS_"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (av_strstart(key, names[i], NULL))
            return true;
    return false;
}

static int copy_tags(AVDictionary **to, const AVDictionary *from, bool (*lies)(const char *key))
{
    const AVDictionaryEntry *tag = NULL;
    int result = 0;
    while (result >= 0 && (tag = av_dict_get(from, "", tag, AV_DICT_IGNORE_SUFFIX)))
        if (!lies || !lies(tag->key))
            result = av_dict_set(to, tag->key, tag->value, 0);
    return result;
}

// Rotation and alpha are told by the stream itself, the rest is no longer true after encoding.
static bool lies_of_encoded(const char *key)
{
    return is_statistic(key) || !av_strcasecmp(key, "encoder") || !av_strcasecmp(key, "rotate") ||
           !av_strcasecmp(key, "alpha_mode");
}

// What a demuxer tells of the old file's structure; a muxer would store it as if it were content.
static bool lies_of_file(const char *key)
{
    return av_match_name(key, "major_brand,minor_version,compatible_brands,encoder");
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

// What holds for the whole stream, whoever encodes it. Dolby Vision's does not: its data is gone.
static int copy_video_side_data(AVStream *to, const struct wr_source *source)
{
    static const enum AVPacketSideDataType types[] = {
        AV_PKT_DATA_DISPLAYMATRIX,
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
        result =
            copy_frame_side_data(to, first, AV_FRAME_DATA_DISPLAYMATRIX, AV_PKT_DATA_DISPLAYMATRIX);
    if (result >= 0)
        result = copy_frame_side_data(to, first, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA,
                                      AV_PKT_DATA_MASTERING_DISPLAY_METADATA);
    if (result >= 0)
        result = copy_frame_side_data(to, first, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL,
                                      AV_PKT_DATA_CONTENT_LIGHT_LEVEL);
    return result;
}

int wr_add_encoded(AVFormatContext *file, const struct wr_encoder *encoder,
                   const struct wr_source *source)
{
    AVStream *stream = avformat_new_stream(file, NULL);
    if (!stream)
        return AVERROR(ENOMEM);
    int result = avcodec_parameters_from_context(stream->codecpar, encoder->context);
    if (result < 0)
        return result;
    copy_common(stream, source->video);
    stream->time_base = encoder->context->time_base;
    stream->sample_aspect_ratio = encoder->context->sample_aspect_ratio;
    stream->avg_frame_rate = encoder->context->framerate;
    result = copy_tags(&stream->metadata, source->video->metadata, lies_of_encoded);
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(encoder->pix_fmt);
    if (result >= 0 && desc->flags & AV_PIX_FMT_FLAG_ALPHA &&
        av_match_name(avcodec_get_name(encoder->context->codec_id), "vp8,vp9"))
        result = av_dict_set(&stream->metadata, "alpha_mode", "1", 0);
    return result < 0 ? result : copy_video_side_data(stream, source);
}

// A tag of another container means nothing here, unless this one knows it as the same codec's.
static void fix_codec_tag(AVCodecParameters *parameters, const AVOutputFormat *container)
{
    unsigned known;
    if (container->codec_tag &&
        av_codec_get_id(container->codec_tag, parameters->codec_tag) != parameters->codec_id &&
        av_codec_get_tag2(container->codec_tag, parameters->codec_id, &known))
        parameters->codec_tag = 0;
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
    if (result < 0)
        return result;
    copy_common(to, from);
    fix_codec_tag(to->codecpar, file->oformat);
    to->time_base = from->time_base;
    to->sample_aspect_ratio = from->sample_aspect_ratio;
    return wr_is_cover(from) && wr_holds_files(file->oformat)
               ? attach_cover(to, &from->attached_pic)
               : 0;
}

// ---- the file

// Where a chapter ends, in its own time base. Without an end it goes on as far as the cut.
static int64_t chapter_end(const AVChapter *from, int64_t offset, int64_t length)
{
    const int64_t end = from->end == AV_NOPTS_VALUE ? INT64_MAX : FFMAX(from->end - offset, 0);
    const int64_t cut =
        length == INT64_MAX ? INT64_MAX : av_rescale_q(length, AV_TIME_BASE_Q, from->time_base);
    const int64_t nearest = FFMIN(end, cut);
    return nearest == INT64_MAX ? AV_NOPTS_VALUE : nearest;
}

// True if chapters are to be written after the frames. A stream has no place at its end where a
// reader would find them.
static bool chapters_can_wait(const AVFormatContext *file, const struct wr_options *options,
                              const struct wr_target *target)
{
    return options->frames >= 0 && !target->is_stream &&
           av_match_name(file->oformat->name, "matroska,webm,mp4,mov,ipod");
}

// The time that --frames leaves, as far as the frame rate tells, in AV_TIME_BASE; INT64_MAX if
// there is no such limit.
static int64_t length_of(const struct wr_source *source, const struct wr_options *options)
{
    if (options->frames < 0 || !source->frame_rate.num)
        return INT64_MAX;
    return av_rescale_q(options->frames, av_inv_q(source->frame_rate), AV_TIME_BASE_Q);
}

static int copy_chapters(AVFormatContext *file, const struct wr_source *source, int64_t length)
{
    const unsigned count = source->file->nb_chapters;
    file->chapters = count ? av_calloc(count, sizeof *file->chapters) : NULL;
    if (count && !file->chapters)
        return AVERROR(ENOMEM);
    for (unsigned i = 0; i < count; i++) {
        const AVChapter *from = source->file->chapters[i];
        const int64_t offset = av_rescale_q(source->offset, AV_TIME_BASE_Q, from->time_base);
        const int64_t start = FFMAX(from->start - offset, 0);
        const int64_t end = chapter_end(from, offset, length);
        if (source->cut && end != AV_NOPTS_VALUE && end <= start)
            continue;
        AVChapter *to = av_mallocz(sizeof *to);
        if (!to)
            return AVERROR(ENOMEM);
        file->chapters[file->nb_chapters++] = to;
        to->id = from->id;
        to->time_base = from->time_base;
        to->start = start;
        to->end = end;
        const int result = av_dict_copy(&to->metadata, from->metadata, 0);
        if (result < 0)
            return result;
    }
    return 0;
}

void wr_hold_chapters(AVFormatContext *file, const struct wr_options *options,
                      const struct wr_target *target, unsigned *held)
{
    if (!chapters_can_wait(file, options, target))
        return;
    *held = file->nb_chapters;
    file->nb_chapters = 0;
}

void wr_release_chapters(AVFormatContext *file, int64_t end, unsigned *held)
{
    for (unsigned i = 0; i < *held; i++) {
        AVChapter *chapter = file->chapters[i];
        const int64_t cut =
            end == INT64_MAX ? INT64_MAX : av_rescale_q(end, AV_TIME_BASE_Q, chapter->time_base);
        if (chapter->start >= cut) {
            av_dict_free(&chapter->metadata);
            av_free(chapter);
            continue;
        }
        chapter->end = chapter->end == AV_NOPTS_VALUE ? cut : FFMIN(chapter->end, cut);
        file->chapters[file->nb_chapters++] = chapter;
    }
    *held = 0;
}

static int copy_programs(AVFormatContext *file, const struct wr_source *source, const int *map)
{
    for (unsigned i = 0; i < source->file->nb_programs; i++) {
        const AVProgram *from = source->file->programs[i];
        AVProgram *to = av_new_program(file, from->id);
        if (!to)
            return AVERROR(ENOMEM);
        const int result = av_dict_copy(&to->metadata, from->metadata, 0);
        if (result < 0)
            return result;
        for (unsigned j = 0; j < from->nb_stream_indexes; j++)
            if (map[from->stream_index[j]] >= 0)
                av_program_add_stream_index(file, from->id, (unsigned)map[from->stream_index[j]]);
    }
    return 0;
}

int wr_copy_file(AVFormatContext *file, const struct wr_source *source,
                 const struct wr_options *options, const struct wr_target *target, const int *map)
{
    const int64_t length =
        chapters_can_wait(file, options, target) ? INT64_MAX : length_of(source, options);
    int result = copy_tags(&file->metadata, source->file->metadata, lies_of_file);
    if (result >= 0)
        result = copy_chapters(file, source, length);
    return result < 0 ? result : copy_programs(file, source, map);
}
