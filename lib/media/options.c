// SPDX-License-Identifier: MIT
// Asks FFmpeg's libraries which options they have, and reads what is written in their syntax.
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libavutil/parseutils.h>

#include "lib/warpreel.h"

bool wr_parse_time(const char *text, int64_t *microseconds)
{
    return av_parse_time(microseconds, text, 1) >= 0;
}

// FFmpeg keeps the options of all codecs and formats as children of two classes.
static const AVOption *find(const AVClass *class, const char *name, int flags)
{
    return av_opt_find((void *)&class, name, NULL, flags,
                       AV_OPT_SEARCH_CHILDREN | AV_OPT_SEARCH_FAKE_OBJ);
}

int wr_libav_find_option(const char *name)
{
    const AVClass *const codecs = avcodec_get_class(), *const formats = avformat_get_class();
    const int encoding = AV_OPT_FLAG_ENCODING_PARAM, decoding = AV_OPT_FLAG_DECODING_PARAM;
    int found = 0;
    if (find(codecs, name, encoding | AV_OPT_FLAG_VIDEO_PARAM))
        found |= WR_LIBAV_ENCODER;
    else if (find(codecs, name, encoding | AV_OPT_FLAG_AUDIO_PARAM))
        found |= WR_LIBAV_AUDIO_ENCODER;
    if (find(codecs, name, decoding | AV_OPT_FLAG_VIDEO_PARAM))
        found |= WR_LIBAV_DECODER;
    if (find(formats, name, encoding))
        found |= WR_LIBAV_MUXER;
    if (find(formats, name, decoding))
        found |= WR_LIBAV_DEMUXER;
    return found;
}
