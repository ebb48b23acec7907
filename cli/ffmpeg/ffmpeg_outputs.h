// SPDX-License-Identifier: MIT
// A line written for ffmpeg that names several outputs: one line is made of it for each.
#pragma once

#include "cli/ffmpeg/ffmpeg_part.h"
#include "lib/warpreel.h"

// Makes *parts, one for each output: the inputs and what is said for the whole line, and behind
// them the options that stand before this output; a graph goes to the outputs that map one of its
// labels, or without such maps to the first. "-f tee" makes a part of each of its files. A line of
// another kind, or with one output at most, is one part. Fails with WR_USAGE where one run after
// another is not what the line asks for. Free the parts with wr_ffmpeg_parts_free, after a failure
// too.
enum wr_status wr_ffmpeg_parts_make(struct wr_ffmpeg_part **parts, int *count, int argc,
                                    char **argv, struct wr_error *error);
void wr_ffmpeg_parts_free(struct wr_ffmpeg_part **parts, int count);
