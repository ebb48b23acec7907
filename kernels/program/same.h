// SPDX-License-Identifier: MIT
// Whether two programs do the same, so that jobs can share one of them.
#pragma once

#include "kernels/program/program.h"

// Compares two finished programs that were lowered from the same text: formats, buffers, passes,
// tables, and what changing numbers are computed from. Expressions are not compared, since the text
// says what they are.
bool wr_program_same(const struct wr_program *a, const struct wr_program *b);
