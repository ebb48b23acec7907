// SPDX-License-Identifier: MIT
// From words to passes: parses a chain in FFmpeg's -vf grammar and lowers it to a program.
#pragma once

#include <stddef.h>

#include "kernels/filter.h"

// Lowers chain (NULL or "" does nothing) for pictures of `input`. On success program is finished
// and the caller's to close, and so is *text (text may be NULL; av_free), the chain as it will
// run: every filter with all values that were given. On failure program is closed, *text is NULL
// and error names filter, parameter, value and what is allowed.
enum wr_status wr_chain_lower(const char *chain, const struct wr_format *input,
                              struct wr_program *program, char **text, struct wr_error *error);
