// SPDX-License-Identifier: MIT
// Single options of a line written for ffmpeg.
#pragma once

#include "cli/ffmpeg/ffmpeg_made.h"

// Splits word->text into name and specifier.
void wr_ffmpeg_split_name(struct wr_ffmpeg_word *word);

// Whether the option takes a value: all that are not flags do, unknown ones included.
bool wr_ffmpeg_takes_value(const struct wr_ffmpeg_word *word);

// The row of an option at a place; NULL if there is none.
const struct wr_ffmpeg_option *wr_ffmpeg_find_row(const struct wr_ffmpeg_word *word, int place);

// The option of ours that stands for an option of FFmpeg's libraries with this name, at a place of
// the line; NULL if they have none.
const char *wr_ffmpeg_library_option(int place, const char *name, const char *specifier);

// Sets how far the times of an MPEG transport stream lie behind, in seconds.
enum wr_status wr_ffmpeg_set_mux_delay(struct wr_ffmpeg_line *line, const char *seconds);

// Makes an option of the line, at line->place, one of ours.
enum wr_status wr_ffmpeg_read_option(struct wr_ffmpeg_line *line,
                                     const struct wr_ffmpeg_word *word);
