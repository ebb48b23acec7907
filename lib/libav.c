// SPDX-License-Identifier: MIT
// What belongs to FFmpeg's libraries as a whole: their log and their version.
#include <libavformat/avformat.h>
#include <libavutil/log.h>

#include "lib/warpreel.h"

void wr_log_libav(bool verbose)
{
    av_log_set_level(verbose ? AV_LOG_INFO : AV_LOG_QUIET);
}

const char *wr_libav_version(void)
{
    return av_version_info();
}
