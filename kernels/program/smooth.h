// SPDX-License-Identifier: MIT
// Tables that are smooth: tone curves, and what they make together.
#pragma once

#include <stdbool.h>

#include "kernels/pixel/parabolas.h"

// Finds parabolas for a table of 65536 values that are at most 4 off, and fills the table with the
// values that the parabolas give. Returns false and leaves the table alone if there are none.
bool wr_fit_parabolas(uint16_t *values, struct parabolas *parabolas);
