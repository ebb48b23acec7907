// SPDX-License-Identifier: MIT
// The memory of one CPU executor: for each thread an arena as high as one band and, where the
// program is cut (see bands.h), whole planes of the frames that are under way at one time.
#pragma once

#include "lib/engine/cpu/cpu_plan.h"

struct wr_cpu_memory {
    struct wr_cpu_plan *plan;
    struct wr_walk *walks;  // of each thread along the plan's routes, then frames
    struct wr_walk *frames; // along plan->frames
    int walk_count;         // with frames
    unsigned char *block;   // all of it: thread after thread, then what crosses cuts
};

// Gets no memory for pixels yet. The plan is the memory's to close from now on, also on failure.
enum wr_status wr_cpu_memory_open(struct wr_cpu_memory *cpu, struct wr_cpu_plan *plan,
                                  struct wr_error *error);

// Gets the memory, all in one.
enum wr_status wr_cpu_memory_reserve(struct wr_cpu_memory *cpu, struct wr_error *error);

// Where a thread may write rows of the output that are not its band's own (see wr_bands_own()).
unsigned char *wr_cpu_memory_spare(const struct wr_cpu_memory *cpu, int thread);

// Brings memory up to date.
void wr_cpu_memory_count(const struct wr_cpu_memory *cpu, struct wr_memory *memory);

void wr_cpu_memory_close(struct wr_cpu_memory *cpu);
