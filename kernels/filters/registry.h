// SPDX-License-Identifier: MIT
// All filters there are.
#pragma once

#include "kernels/program/filter.h"

// All filters, in the order of filters.def.
extern const struct wr_filter *const wr_filters[];
extern const int wr_filter_total;
