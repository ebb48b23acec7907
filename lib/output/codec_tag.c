// SPDX-License-Identifier: MIT
// Reads codec tags.
#include "lib/output/codec_tag.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/media/specifier.h"
#include "lib/output/tags.h"

enum wr_status wr_codec_tag_read(unsigned *tag, const char *text, struct wr_error *error)
{
    char *end;
    const unsigned long number = strtoul(text, &end, 0);
    const bool is_number = *text && !*end && number && number <= UINT32_MAX;
    if (!is_number && strlen(text) != 4)
        return wr_fail(error, WR_USAGE,
                       "tag \"%s\" is not possible: a tag has four letters, or is a number", text);
    *tag = is_number ? (unsigned)number : MKTAG(text[0], text[1], text[2], text[3]);
    return WR_OK;
}

enum wr_status wr_codec_tag_check(const AVOutputFormat *container, unsigned tag,
                                  enum AVCodecID codec, struct wr_error *error)
{
    const struct AVCodecTag *const *table = container->codec_tag;
    // Several codecs may share a tag: AAC and MP3 are mp4a in MP4.
    const bool has =
        !table || av_codec_get_id(table, tag) == codec || av_codec_get_tag(table, codec) == tag;
    return has ? WR_OK
               : wr_fail(error, WR_USAGE, "%s has no tag \"%s\" for %s", container->name,
                         av_fourcc2str(tag), avcodec_get_name(codec));
}

enum wr_status wr_codec_tags_check(const char *const *texts, struct wr_error *error)
{
    enum wr_status status = wr_specifiers_check(texts, "tag", error);
    unsigned tag;
    for (; texts && *texts && !status; texts++)
        status = wr_codec_tag_read(&tag, strchr(*texts, '/') + 1, error);
    return status;
}

static int set_tag(AVStream *stream, const char *text)
{
    return wr_codec_tag_read(&stream->codecpar->codec_tag, text, NULL);
}

enum wr_status wr_codec_tags_set(AVFormatContext *file, const char *const *texts,
                                 struct wr_error *error)
{
    if (!texts)
        return WR_OK;
    for (; *texts; texts++)
        if (wr_set_in_streams(file, *texts, set_tag) < 0)
            return wr_fail(error, WR_FAILED, "out of memory");
    enum wr_status status = WR_OK;
    for (unsigned i = 0; i < file->nb_streams && !status; i++) {
        const AVCodecParameters *parameters = file->streams[i]->codecpar;
        if (parameters->codec_tag)
            status = wr_codec_tag_check(file->oformat, parameters->codec_tag, parameters->codec_id,
                                        error);
    }
    return status;
}
