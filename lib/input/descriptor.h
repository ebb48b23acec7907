// SPDX-License-Identifier: MIT
// Reads from what may keep one waiting for ever, a pipe or a terminal, and stops waiting when told
// to.
#pragma once

#include <libavformat/avio.h>

#include "lib/base/error.h"

struct wr_input;

// Opens name if it is stdin ("-", "pipe:"), an inherited descriptor ("pipe:N"), a FIFO or a
// character device; for everything else *input is NULL, and libavformat opens it itself. Reading
// gives AVERROR_EXIT once the descriptor `cancelled` is readable (-1: never). One can seek where
// the descriptor leads to a file; position 0 is where it stood at first.
enum wr_status wr_input_open(struct wr_input **input, const char *name, int cancelled,
                             struct wr_error *error);

// The input's, for AVFormatContext.pb.
AVIOContext *wr_input_context(const struct wr_input *input);
void wr_input_close(struct wr_input **input); // tolerates NULL
