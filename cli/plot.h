// SPDX-License-Identifier: MIT
// The memory plan as a picture.
#pragma once

#include "lib/warpreel.h"

// Writes an SVG picture to path; "-" is standard output. Time, in passes, runs to the right,
// offsets in the arena run up. Each buffer is a rectangle in its filter's colour; lines show the
// lower bound and the peak.
enum wr_status wr_plot_write(const char *path, const struct wr_memory_plan *plan, const char *title,
                             struct wr_error *error);
