// SPDX-License-Identifier: MIT
// Filters that make sound without end.
#pragma once

#include <stdbool.h>

// Whether a graph of sound filters goes on when all its inputs have ended: `apad` without a length,
// `aloop=loop=-1`. A text that cannot be parsed has none; NULL neither.
bool wr_sound_never_ends(const char *graph);
