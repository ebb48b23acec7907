// SPDX-License-Identifier: MIT
// libavformat reads a specifier only where it compares it with a stream.
#include "lib/media/specifier.h"

#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <string.h>

bool wr_is_specifier(const char *text)
{
    AVFormatContext *file = avformat_alloc_context();
    AVStream *stream = file ? avformat_new_stream(file, NULL) : NULL;
    const bool is = !stream || avformat_match_stream_specifier(file, stream, text) >= 0;
    avformat_free_context(file);
    return is;
}

enum wr_status wr_specifiers_check(const char *const *list, const char *what,
                                   struct wr_error *error)
{
    for (; list && *list; list++) {
        char specifier[128];
        const size_t length = strcspn(*list, "/");
        av_strlcpy(specifier, *list, FFMIN(length + 1, sizeof specifier));
        if (!(*list)[length] || !wr_is_specifier(specifier))
            return wr_fail(error, WR_USAGE,
                           "%s \"%s\" does not begin with one of FFmpeg's words for streams and a "
                           "slash, as in a:1/",
                           what, *list);
    }
    return WR_OK;
}
