// SPDX-License-Identifier: MIT
// Reads a line as it is written for ffmpeg, and makes it our own options.
#pragma once

#include "cli/options.h"

// Whether -i stands in the line as a word of its own.
bool wr_is_ffmpeg_line(int argc, char **argv);

// The number of the last -i among the words; 0 if there is none with a value.
int wr_ffmpeg_last_input(int argc, char **argv);

// Sets what the line asks for, and checks it. Fails with WR_USAGE at an option that has no meaning
// here, with its name and the nearest that there is. Options that change nothing are told in
// settings->remarks.
enum wr_status wr_ffmpeg_line_read(struct wr_settings *settings, int argc, char **argv,
                                   struct wr_error *error);
