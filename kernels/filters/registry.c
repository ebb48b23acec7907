// SPDX-License-Identifier: MIT
// The list of all filters.
#include "kernels/filters/registry.h"

#define KERNELS(name)
#define LAYERS(name)
#define FILTER(name) extern const struct wr_filter wr_##name##_filter;
#include "kernels/filters/filters.def"
#undef FILTER

#define FILTER(name) &wr_##name##_filter,
const struct wr_filter *const wr_filters[] = {
#include "kernels/filters/filters.def"
};

const int wr_filter_total = sizeof wr_filters / sizeof wr_filters[0];
