// SPDX-License-Identifier: MIT
// The parameter `planes` of filters that work on planes apart from each other.
#pragma once

#include "kernels/filter.h"

// A row of a parameter table for a field `int planes`.
#define WR_PARAMETER_PLANES(type, standard)                                                        \
    WR_PARAMETER(type, planes, NULL, standard, 0, 15,                                              \
                 "planes to filter, the sum of 1, 2, 4 for the first three and 8 for alpha")

// Whether plane n of the format is among them.
static inline bool wr_plane_is_chosen(const struct wr_format *format, int planes, int n)
{
    return planes >> (wr_format_is_alpha(format, n) ? 3 : n) & 1;
}

// Like wr_plane_pass, for one plane of many: returns the output, as large as plane.
static inline struct wr_plane wr_plane_filtered(struct wr_lowering *lowering, struct wr_plane plane,
                                                const struct wr_kernel *kernel,
                                                const void *arguments, struct wr_pass **pass)
{
    *pass = wr_plane_pass(lowering, kernel, arguments, &plane, plane.width, plane.height);
    return plane;
}
