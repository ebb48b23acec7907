// SPDX-License-Identifier: MIT
// Labels such as [0:v:1] in a graph, which name one of several videos of an input.
#pragma once

#include "cli/ffmpeg/ffmpeg_made.h"

// [0:v] is the first video of its input, as in ffmpeg, which is not always the largest. Of each
// input the graph takes one video: for any other that a label names, the file becomes a further
// input, which is read as the first is, and the label names that.
enum wr_status wr_ffmpeg_put_videos(struct wr_ffmpeg_line *line);
