// SPDX-License-Identifier: MIT
// Filters of FFmpeg's that work in a device's memory: their names stand for the plain ones here.
#pragma once

#include <stdbool.h>

#include "lib/chain/graph.h"

// Puts a plain filter in the place of each that works in a device's memory (scale_cuda: scale, and
// format where it names one), and takes out those that bring frames there and back. Fails with
// WR_USAGE where no plain filter takes the same parameters.
enum wr_status wr_device_words_replace(struct wr_graph *graph, struct wr_error *error);

// Whether the filter works in a device's memory.
bool wr_is_device_word(const char *filter);
