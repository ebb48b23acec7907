// SPDX-License-Identifier: MIT
// Says sentences to those who wrote a line for ffmpeg: with the names of the options they know.
#pragma once

#include <stddef.h>

// Writes the sentence to text, which has room for `size` bytes. Where ffmpeg has an option for one
// of ours, its name stands there: "-y" for "--overwrite", "-stream_loop 2" for "--input-setting
// 0/repeat=2".
void wr_ffmpeg_respell(char *text, size_t size, const char *sentence);
