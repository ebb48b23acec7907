// SPDX-License-Identifier: MIT
// Filters whose sound or pictures have no end.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Whether what a graph of filters makes goes on when all its inputs have ended: `apad` without a
// length, `aloop=loop=-1`. Bit N of `endless` is set where the input with the label "inN" never
// ends; filters such as amix=duration=first or overlay=shortest=1 may end all the same. A
// text that cannot be parsed ends; NULL, too.
bool wr_graph_never_ends(const char *graph, uint32_t endless);
