// SPDX-License-Identifier: MIT
// Runs a program once, for one frame, on the calling thread, with the best instruction-set level.
#pragma once

#include "kernels/program/filter.h"

// See wr_syntax.try_program. Holds no more buffers at a time than passes still read.
enum wr_status wr_cpu_run_once(const struct wr_program *program, const unsigned char *const *planes,
                               wr_look *look, void *context, struct wr_error *error);
