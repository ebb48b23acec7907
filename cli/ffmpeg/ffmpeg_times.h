// SPDX-License-Identifier: MIT
// What -ss, -t, -to and -copyts of a line of ffmpeg's mean together.
#pragma once

#include "cli/ffmpeg/ffmpeg_made.h"

// Sets the options that come of them, once the whole line is read.
enum wr_status wr_ffmpeg_put_times(struct wr_ffmpeg_line *line);
