// SPDX-License-Identifier: MIT
#include "lib/output/tags.h"

#include <libavutil/avstring.h>
#include <libavutil/display.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/compat.h"

// ---- copying

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

int wr_tags_copy(AVDictionary **to, const AVDictionary *from, enum wr_tags_lack lack)
{
    static bool (*const is_left_out[])(const char *key) = {
        [WR_TAGS_LACK_COUNTS] = is_statistic,
        [WR_TAGS_LACK_ENCODING] = is_of_old_encoding,
        [WR_TAGS_LACK_FILE] = is_of_old_file,
    };
    const AVDictionaryEntry *tag = NULL;
    int result = 0;
    while (result >= 0 && (tag = av_dict_get(from, "", tag, AV_DICT_IGNORE_SUFFIX)))
        if (!is_left_out[lack] || !is_left_out[lack](tag->key))
            result = av_dict_set(to, tag->key, tag->value, 0);
    return result;
}

// ---- setting

// Sets "key=value"; an empty value removes the tag, and "*=" all that were copied.
static int set_tag(AVDictionary **tags, const char *pair)
{
    const char *equals = strchr(pair, '=');
    if (!strcmp(pair, "*=")) {
        av_dict_free(tags);
        return 0;
    }
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

int wr_set_in_streams(AVFormatContext *file, const char *text,
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

// "*=", or "specifier/*=" for tags of streams.
static bool removes_all(const char *text)
{
    const char *slash = strchr(text, '/');
    return !strcmp(slash ? slash + 1 : text, "*=");
}

// Sets those of the tags that are asked for which remove all, or those which do not.
static int set_some_tags(AVFormatContext *file, const struct wr_writer_options *options,
                         bool removing)
{
    const bool copies = options->codec && !strcmp(options->codec, "copy");
    int result = 0;
    for (const char *const *pair = options->metadata; pair && *pair && result >= 0; pair++)
        if (removing == !strcmp(*pair, "*="))
            result = set_tag(&file->metadata, *pair);
    for (const char *const *tag = options->stream_metadata; tag && *tag && result >= 0; tag++)
        if (removing == removes_all(*tag))
            result = wr_set_in_streams(file, *tag, copies ? set_copied_tag : set_stream_tag);
    return result;
}

int wr_tags_set(AVFormatContext *file, const struct wr_writer_options *options)
{
    if (options->no_metadata) {
        av_dict_free(&file->metadata);
        for (unsigned i = 0; i < file->nb_streams; i++)
            av_dict_free(&file->streams[i]->metadata);
    }
    // What removes all comes first.
    const int result = set_some_tags(file, options, true);
    return result < 0 ? result : set_some_tags(file, options, false);
}
