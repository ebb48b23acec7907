// SPDX-License-Identifier: MIT
// Copies to the output what is not pixels. The functions return 0 or FFmpeg's error code.
#pragma once

#include "lib/input/source.h"

// Adds the video stream that the open encoder makes, with all that the source says of it. matrix is
// how its pictures are to be turned when they are shown, NULL for not at all.
int wr_add_encoded(AVFormatContext *file, const AVCodecContext *encoder,
                   const struct wr_source *source, const int32_t *matrix);

// Adds a copy of a stream of the source. In a container that holds attached files a cover becomes
// one.
int wr_add_copy(AVFormatContext *file, const struct wr_source *source, const AVStream *stream);

// Copies the file's tags and programs. map[i]: the output's stream for the input's i, -1: none.
int wr_copy_file_data(AVFormatContext *file, const struct wr_source *source, const int *map);
