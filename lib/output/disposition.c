// SPDX-License-Identifier: MIT
// Reads FFmpeg's words for what streams are for.
#include "lib/output/disposition.h"

#include <libavutil/avstring.h>
#include <stdbool.h>
#include <string.h>

#include "lib/media/compat.h"
#include "lib/media/specifier.h"

// "default+forced" sets these words in the place of others, "+forced" and "-default" change one.
// Returns what becomes of a disposition, or below 0 where a word is none of FFmpeg's.
static int change_disposition(int old, const char *flags)
{
    int disposition = *flags == '+' || *flags == '-' ? old : 0;
    for (const char *rest = flags; *rest;) {
        const bool removes = *rest == '-';
        rest += *rest == '+' || *rest == '-';
        const size_t length = strcspn(rest, "+-");
        char word[32];
        av_strlcpy(word, rest, FFMIN(length + 1, sizeof word));
        const int flag = strcmp(word, "0") ? av_disposition_from_string(word) : 0;
        if (flag < 0)
            return AVERROR_OPTION_NOT_FOUND;
        disposition = removes ? disposition & ~flag : disposition | flag;
        rest += length;
    }
    return disposition;
}

int wr_disposition_set(AVStream *stream, const char *flags)
{
    stream->disposition = change_disposition(stream->disposition, flags);
    return 0;
}

enum wr_status wr_dispositions_check(const struct wr_writer_options *options,
                                     struct wr_error *error)
{
    for (const char *const *text = options->dispositions; text && *text; text++) {
        const char *slash = strchr(*text, '/');
        if (slash && change_disposition(0, slash + 1) < 0)
            return wr_fail(error, WR_USAGE,
                           "a disposition is made of FFmpeg's words, as default+forced, or is 0");
    }
    return wr_specifiers_check(options->dispositions, "disposition", error);
}

void wr_dispositions_choose(AVFormatContext *file)
{
    int count[AVMEDIA_TYPE_NB] = {0};
    bool has_default[AVMEDIA_TYPE_NB] = {false};
    for (unsigned i = 0; i < file->nb_streams; i++) {
        const AVStream *const stream = file->streams[i];
        if (stream->codecpar->codec_type < 0)
            continue;
        count[stream->codecpar->codec_type]++;
        has_default[stream->codecpar->codec_type] |=
            (stream->disposition & AV_DISPOSITION_DEFAULT) != 0;
    }
    for (unsigned i = 0; i < file->nb_streams; i++) {
        AVStream *const stream = file->streams[i];
        const int kind = stream->codecpar->codec_type;
        if (kind < 0 || count[kind] < 2 || has_default[kind] ||
            stream->disposition & AV_DISPOSITION_ATTACHED_PIC)
            continue;
        stream->disposition |= AV_DISPOSITION_DEFAULT;
        has_default[kind] = true;
    }
}
