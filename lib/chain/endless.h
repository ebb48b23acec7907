// SPDX-License-Identifier: MIT
// Filters that make sound without end.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Whether the sound that a graph of filters makes goes on when all its inputs have ended: `apad`
// without a length, `aloop=loop=-1`. Bit N of `endless` is set where the input with the label "inN"
// does so, too; filters such as amix=duration=first may end all the same. A text that cannot be
// parsed has no such sound; NULL neither.
bool wr_sound_never_ends(const char *graph, uint32_t endless);
