// SPDX-License-Identifier: MIT
// What a container says of its own length, held against the file.
#pragma once

#include <libavformat/avformat.h>
#include <stdbool.h>

// True if a header, an index or a mark of the end tells that the file was longer once. Only for
// after the end of the file: it moves the position. Of an input that cannot be read again, only an
// MP4's index is known.
bool wr_is_cut_short(const AVFormatContext *file);
