// SPDX-License-Identifier: MIT
// Finds mistakes of filters before anything runs their passes.
#pragma once

#include "kernels/program/program.h"

// Whether every pass has what its kernel needs and nothing beyond: at most as many inputs as the
// kernel declares and just as many outputs, holding what it declares; planes inside their buffers;
// memory to work in where the kernel needs it; tables as large as what it reads of them; numbers
// and rows that there are; and no input that neither an earlier pass nor the program's input wrote.
// Returns WR_FAILED with a sentence that names the filter, or WR_OK. Only a mistake in a filter can
// make it fail, but it is always on: it takes microseconds.
enum wr_status wr_program_check(const struct wr_program *program, struct wr_error *error);
