// SPDX-License-Identifier: MIT
// Tells people who write an option of ffmpeg's in a line of our own.
#pragma once

#include "lib/warpreel.h"

// Fails with WR_USAGE and a sentence if one of ffmpeg's options stands in a line of our own, where
// it would be taken for several short options.
enum wr_status wr_ffmpeg_refuse(int argc, char **argv, struct wr_error *error);
