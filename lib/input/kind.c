// SPDX-License-Identifier: MIT
// Tells damaged videos from files that never were one.
#include <libavformat/avformat.h>

#include "lib/warpreel.h"

// By its suffix alone.
static bool is_named_like_video(const char *path)
{
    const AVOutputFormat *format = av_guess_format(NULL, path, NULL);
    return format && format->video_codec != AV_CODEC_ID_NONE;
}

static bool has_video(const AVFormatContext *input)
{
    for (unsigned n = 0; n < input->nb_streams; n++)
        if (input->streams[n]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
            !(input->streams[n]->disposition & AV_DISPOSITION_ATTACHED_PIC))
            return true;
    return false;
}

bool wr_might_be_video(const char *path)
{
    AVFormatContext *input = NULL;
    if (avformat_open_input(&input, path, NULL, NULL) < 0)
        return is_named_like_video(path);
    const bool might = avformat_find_stream_info(input, NULL) < 0 || has_video(input);
    avformat_close_input(&input);
    return might;
}
