// SPDX-License-Identifier: MIT
// How often an animation is to be played, which FFmpeg's demuxers read but do not tell.
#pragma once

#include <libavformat/avformat.h>

// How often a GIF or APNG plays: 0 is forever, -1 is not known. It is read in the file, whose
// position is kept; of a pipe, which cannot be read again, it is not known.
int wr_read_plays(const AVFormatContext *file);
