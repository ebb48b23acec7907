// SPDX-License-Identifier: MIT
// The instruction-set levels that the CPU kernels were compiled for.
#pragma once

#include "kernels/pixel/cpu.h"
#include "kernels/program/program.h"
#include "lib/base/error.h"

struct wr_cpu_level {
    const char *name; // NULL ends the list
    const struct wr_cpu_kernel *const *families;
};

// Written by CMake from kernels/filters/filters.def, lowest level first.
extern const struct wr_cpu_level wr_cpu_levels[];

// The compiled form of a pass's kernel, NULL: this build does not have it.
wr_cpu_rows *wr_cpu_level_find(const struct wr_cpu_level *level, const struct wr_pass *pass);

// The level called name, or for NULL the highest one this processor has.
enum wr_status wr_cpu_level_choose(const char *name, const struct wr_cpu_level **level,
                                   struct wr_error *error);
