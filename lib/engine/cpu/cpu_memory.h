// SPDX-License-Identifier: MIT
// The memory of the CPU executor: for each thread an arena as high as one band and, where the
// program is cut (see bands.h), whole planes of the frames that are under way at one time.
#pragma once

#include "lib/engine/cpu/bands.h"
#include "lib/engine/executor.h"
#include "lib/engine/walk.h"

struct wr_cpu_memory {
    struct wr_bands bands;
    int threads;
    int portion;                // frames that are best done before others are decoded
    int group;                  // frames of them that are under way at one time
    struct wr_footprint *band;  // of each buffer between the passes of a segment, as high as a band
    struct wr_footprint *whole; // of each buffer that crosses a cut, in all frames of a group
    struct wr_walk *walks;      // [threads][segments], then frames
    struct wr_walk *frames;     // a step for each segment
    int walk_count;             // with frames
    unsigned char *block;       // all of it: thread after thread, then what crosses cuts
    int64_t thread_bytes, bytes; // of the block: for one thread, in all
    int64_t spare_bytes;         // of a thread's: the last of them, one row of any output plane
    int64_t slots;               // of the frames of a portion, and their numbers
};

// Plans, without getting any memory for pixels. program must outlive it. On failure it is closed.
enum wr_status wr_cpu_memory_open(struct wr_cpu_memory *cpu, const struct wr_program *program,
                                  const struct wr_executor_options *options,
                                  struct wr_error *error);

// Gets the memory, all in one.
enum wr_status wr_cpu_memory_reserve(struct wr_cpu_memory *cpu, struct wr_error *error);

// Where a thread may write rows of the output that are not its band's own (see wr_bands_own()).
unsigned char *wr_cpu_memory_spare(const struct wr_cpu_memory *cpu, int thread);

// Brings memory up to date.
void wr_cpu_memory_count(const struct wr_cpu_memory *cpu, struct wr_memory *memory);

void wr_cpu_memory_close(struct wr_cpu_memory *cpu);
