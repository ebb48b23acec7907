// SPDX-License-Identifier: MIT
// Tables that are straight lines, as those of negate, of most of eq, and of several such in a row.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernels/pixel/table.h"

// Looks for the clipped line that gives exactly values[0..max], with products and sums within 31
// bits; false where there is none, or where fewer than two values lie between its ends.
bool wr_find_line(const uint16_t *values, int max, struct line *line);
