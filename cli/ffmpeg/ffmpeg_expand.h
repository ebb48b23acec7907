// SPDX-License-Identifier: MIT
// Options of ffmpeg's that stand for more than they say.
#pragma once

#include "cli/ffmpeg/ffmpeg_words.h"

// Makes an option of the line one of ours, or several: scripts of filters are read from their file,
// -target stands for options in its place, and -autorotate 0 for -noautorotate.
enum wr_status wr_ffmpeg_expand(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_word *word);
