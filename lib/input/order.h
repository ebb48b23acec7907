// SPDX-License-Identifier: MIT
// The order of streams in the output, which may have some of them more than once.
#pragma once

#include "lib/input/source.h"

// Appends to main's streams those that maps name once more, and the sounds of the chain that need
// a place of their own; then fills in main->order: first what no map names, then what the maps name
// as they do. Fails with WR_USAGE where maps name the video twice.
enum wr_status wr_order_make(struct wr_source *main, struct wr_error *error);
