// SPDX-License-Identifier: MIT
// Replaces floats by integers of 16 bits, which take half the memory and time, between 8-bit
// samples.
#pragma once

#include "kernels/program/program.h"

// If the input and the output have 8 bits, chroma is moved, pictures are scaled by ratios of small
// numbers, and YUV is converted to RGB of 16 bits and back in fixed point (kernels/pixel/fixed.h).
// Samples of 8 bits are then at most 0.6 off the exact value, where rounding alone leaves 0.5: one
// or two of a hundred are not the nearest. RGB has 13 significant bits. If the input or the output
// has more than 8 bits, everything stays in floats.
void wr_to_fixed_point(struct wr_program *program);
