// SPDX-License-Identifier: MIT
// Tables that are smooth: tone curves, and what they make together.
#pragma once

#include <stdbool.h>

#include "kernels/pixel/parabolas.h"

// Makes parabolas of a table of 65536 values, and then the table what they give, which is at most 4
// off; false, and the table as it was, where that cannot be done.
bool wr_fit_parabolas(uint16_t *values, struct parabolas *parabolas);
