// SPDX-License-Identifier: MIT
// What belongs to FFmpeg's libraries as a whole: their log and their version.
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
#include <stdatomic.h>
#include <string.h>

#include "lib/warpreel.h"

// Pictures that were patched up are announced as mere information.
static bool tells_of_damage(int level, const char *format)
{
    static const char concealing[] = "concealing ";
    return level <= AV_LOG_ERROR || !strncmp(format, concealing, sizeof concealing - 1);
}

// Errors of a reader's decoder are counted where its opaque pointer leads, which its threads share.
static void listen(void *source, int level, const char *format, va_list arguments)
{
    const AVClass *const *class = source;
    if (class && *class == avcodec_get_class() && tells_of_damage(level, format)) {
        const AVCodecContext *context = source;
        if (context->opaque && context->codec && av_codec_is_decoder(context->codec))
            atomic_fetch_add((atomic_int *)context->opaque, 1);
    }
    av_log_default_callback(source, level, format, arguments);
}

void wr_log_libav(bool verbose)
{
    av_log_set_level(verbose ? AV_LOG_INFO : AV_LOG_QUIET);
    av_log_set_callback(listen);
}

const char *wr_libav_version(void)
{
    return av_version_info();
}
