// SPDX-License-Identifier: MIT
// The parameter `planes` of filters that work on planes apart from each other.
#pragma once

#include "kernels/program/filter.h"

// A row of a parameter table for a field `int planes`.
#define WR_PARAMETER_PLANES(type, standard)                                                        \
    WR_PARAMETER(type, planes, NULL, standard, 0, 15,                                              \
                 "planes to filter, the sum of 1, 2, 4 for the first three and 8 for alpha")

// Whether plane n of the format is among them.
static inline bool wr_plane_is_chosen(const struct wr_format *format, int planes, int n)
{
    return planes >> (wr_format_is_alpha(format, n) ? 3 : n) & 1;
}
