// SPDX-License-Identifier: MIT
// The memory plan as a picture.
#pragma once

#include "lib/warpreel.h"

// Writes an SVG picture to path: time (passes begun and ended) across, offsets in the arena up, a
// rectangle for every buffer, lines for the lower bound and the peak. "-" is standard output.
enum wr_status wr_plot_write(const char *path, const struct wr_memory_plan *plan, const char *title,
                             struct wr_error *error);
