// SPDX-License-Identifier: MIT
// How often an animation is to be played, which FFmpeg's demuxers read but do not tell.
#pragma once

#include <libavformat/avformat.h>

// Of GIF and APNG that can be read again from the beginning: how often it plays, 0: forever. -1
// where nothing says so. The position in the file is kept.
int wr_read_plays(const AVFormatContext *file);
