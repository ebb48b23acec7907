// SPDX-License-Identifier: MIT
// The time code of the output, which follows from the source's.
#pragma once

#include "lib/input/source.h"

// Moves the time code among the tags, if there is one, to where the output begins in the source,
// and counts it in frames of the output's rate; rate.num is 0 if that is not known. A code that
// cannot be moved is left out. Returns 0 or an error of FFmpeg.
int wr_move_time_code(AVDictionary **tags, const struct wr_source *source, AVRational rate);

bool wr_has_time_code(const AVFormatContext *file);

// Moves the time codes of an output, which wr_move_time_code has moved before, to the first frame
// that filters have kept. Those of a frame that is not the source's stay. Returns 0 or an error of
// FFmpeg.
int wr_time_code_follow(AVFormatContext *file, const struct wr_source *source, AVRational rate,
                        const AVFrame *frame);
