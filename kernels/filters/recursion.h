// SPDX-License-Identifier: MIT
// Smoothing by recursion that stops at edges, as FFmpeg's bilateral does.
#pragma once

#include "kernels/program/filter.h"

// Replaces the planes that `planes` chooses by smoothed ones. sigma_s: how far they are smoothed,
// in samples; sigma_r: how much samples differ on two sides of an edge, 1 is white minus black.
// Both are above 0.
void wr_smooth_recursively(struct wr_lowering *lowering, int planes, double sigma_s,
                           double sigma_r);
