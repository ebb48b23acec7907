// SPDX-License-Identifier: MIT
// Tells people who write an option of ffmpeg's in a line of our own, and answers what can be.
#pragma once

#include "lib/warpreel.h"

// Fails with WR_USAGE and a sentence if one of ffmpeg's options stands in a line of our own, where
// it would be taken for several short options.
enum wr_status wr_ffmpeg_refuse(int argc, char **argv, struct wr_error *error);

// Makes a line that only asks, such as "-version" and "-filters", one of our own, in argv. Fails
// with WR_USAGE and a sentence at one that asks for lists of FFmpeg's libraries.
enum wr_status wr_ffmpeg_take_question(int argc, char **argv, struct wr_error *error);
