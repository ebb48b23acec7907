// SPDX-License-Identifier: MIT
// Colours that parameters name, as samples of a picture.
#pragma once

#include "kernels/program/filter.h"

// Reads a colour ("black", "0xRRGGBB", "red@0.5") and gives the sample of each plane of format, in
// their order, alpha too. YUV by BT.601, as FFmpeg draws colours, in the range that the format has.
// Fails with a sentence that names the parameter.
enum wr_status wr_color_samples(const struct wr_lowering *lowering, const char *parameter,
                                const char *color, int samples[WR_MAX_PLANES]);
