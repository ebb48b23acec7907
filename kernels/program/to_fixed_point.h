// SPDX-License-Identifier: MIT
// Floats between samples of 8 bits become integers of 16, which take half the memory and time.
#pragma once

#include "kernels/program/program.h"

// Where pictures of 8 bits come in and go out, has chroma moved, pictures scaled by ratios of small
// numbers, and YUV converted to RGB of 16 bits and back in fixed point (kernels/pixel/fixed.h). Samples
// of 8 bits are then within 0.6 of exact, where rounding leaves 0.5: of a hundred, one or two are
// not the nearest. RGB has 13 bits that count. What is seen with more bits, on its way in or out,
// is left to floats.
void wr_to_fixed_point(struct wr_program *program);
