// SPDX-License-Identifier: MIT
// Looks at the beginning of a file for a stream of pictures, without decoding any.
#include "lib/input/kind.h"

#include <libavformat/avformat.h>
#include <libavutil/avstring.h>

#include "lib/input/source.h"

// Whether a file of that name would hold video if it were whole.
static bool has_video_suffix(const char *path)
{
    const AVOutputFormat *const format = av_guess_format(NULL, path, NULL);
    return format && format->video_codec != AV_CODEC_ID_NONE;
}

bool wr_may_be_video(const char *path)
{
    AVFormatContext *file = NULL;
    char *url = av_asprintf("file:%s", path);
    const int result = url ? avformat_open_input(&file, url, NULL, NULL) : AVERROR(ENOMEM);
    av_free(url);
    if (result < 0)
        return has_video_suffix(path);
    // Some containers have no list of streams.
    if (file->ctx_flags & AVFMTCTX_NOHEADER)
        avformat_find_stream_info(file, NULL);
    const bool found = wr_file_video_weight(file) >= 0;
    avformat_close_input(&file);
    return found;
}
