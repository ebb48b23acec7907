// SPDX-License-Identifier: MIT
// The list of the filters that were built: registered.def is what CMake takes from filters.def.
#include "kernels/filters/registry.h"

#define FILTER(name) extern const struct wr_filter wr_##name##_filter;
#include "registered.def"
#undef FILTER

#define FILTER(name) &wr_##name##_filter,
const struct wr_filter *const wr_filters[] = {
#include "registered.def"
};

const int wr_filter_total = sizeof wr_filters / sizeof wr_filters[0];
