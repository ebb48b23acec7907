// SPDX-License-Identifier: MIT
// What CPU executors of a program hold and where it lies: bands, routes, sizes.
//
// It is made once and does not change while executors use it, so that all their threads, and
// executors opened alike, share it. How long that takes does not depend on the number of threads.
#pragma once

#include <stdatomic.h>

#include "lib/engine/cpu/bands.h"
#include "lib/engine/executor.h"
#include "lib/engine/walk.h"

#define WR_CPU_ALIGNMENT 64 // of every row and block

struct wr_cpu_plan {
    const struct wr_program *program;
    struct wr_arena_options arena;
    atomic_int users;
    int threads;
    int band_rows;              // as the options say, 0: the plan chooses
    int64_t room;               // likewise, 0: any
    int portion;                // frames that are best done before others are decoded
    int group;                  // frames of them that are under way at one time
    struct wr_bands bands;      // where the program is cut into segments
    struct wr_footprint *band;  // of each buffer between the passes of a segment, as high as a band
    struct wr_footprint *whole; // of each buffer that crosses a cut, in all frames of a group
    struct wr_route *routes;    // [segments]: what each thread does with a band
    struct wr_route frames;     // a step for each segment
    int64_t thread_bytes;       // what a thread works in; the last spare_bytes of it are spare:
    int64_t spare_bytes;        // room for one row of any output plane
    int64_t bytes;              // of all threads, and of what crosses cuts
    int64_t slots;              // of the frames of a portion, and their numbers
};

// Gets no memory for pixels. program must outlive the plan, which the caller is to close. On
// failure *plan is NULL.
enum wr_status wr_cpu_plan_open(struct wr_cpu_plan **plan, const struct wr_program *program,
                                const struct wr_executor_options *options, struct wr_error *error);

// Changes the batch of a plan that nobody else uses; keeps what does not depend on it. On failure
// the plan is of no use but to be closed.
enum wr_status wr_cpu_plan_set_batch(struct wr_cpu_plan *plan, int batch, struct wr_error *error);

// The same plan for another user, who closes it too.
struct wr_cpu_plan *wr_cpu_plan_share(struct wr_cpu_plan *plan);

// Frees the plan of the last user. Tolerates NULL.
void wr_cpu_plan_close(struct wr_cpu_plan **plan);
