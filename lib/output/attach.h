// SPDX-License-Identifier: MIT
// Files that are attached to the output.
#pragma once

#include <libavformat/avformat.h>

#include "lib/base/error.h"

// Fails with WR_USAGE where one of the files, whose list ends with NULL, cannot be read, and where
// the container holds none.
enum wr_status wr_attach_check(const AVOutputFormat *container, const char *const *files,
                               struct wr_error *error);

// Adds a stream for each of the files, with its content, its name, and a type by its suffix.
// Returns 0 or FFmpeg's error code.
int wr_attach(AVFormatContext *file, const char *const *files);
