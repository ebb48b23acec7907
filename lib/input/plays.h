// SPDX-License-Identifier: MIT
// How often an animation is to be played, which FFmpeg's demuxers read but do not tell.
#pragma once

#include <libavformat/avformat.h>

// Of GIF and APNG in a file, not in a pipe, which cannot be read again: how often it plays, 0:
// forever. -1 where nothing says so. The position in the file is kept.
int wr_read_plays(const AVFormatContext *file);
