// SPDX-License-Identifier: MIT
// What CUDA executors of a program hold, and where everything lies in it. On the device, all in one
// allocation:
//
//     numbers of each frame, input planes | output planes | tables | arena
//
// Every plane of an input or output lies there for all frames of a batch, one after the other.
// Frames are copied from where they lie to the first part, and from the second to where they are to
// be. Any part may be empty. The arena holds what lies between passes for a portion of the batch:
// all of it, unless that is very large, as in networks, or a pass would take very long for it.
//
// A plan does not change once it is open, so that executors opened alike share it.
#pragma once

#include <stdatomic.h>

#include "lib/engine/executor.h"
#include "lib/engine/walk.h"

struct wr_cuda_plan {
    const struct wr_program *program;
    struct wr_arena_options arena;
    atomic_int users;
    int batch;
    int portion;                  // frames that go through all passes before the next ones do
    struct wr_footprint *slots;   // of each input that passes read and each output, for a batch
    struct wr_footprint *between; // of each buffer between passes, for a portion
    int64_t *slot_offsets;        // of each buffer in slots, in the block
    int64_t *table_offsets;       // of each table, in the block
    int64_t values_bytes, in_bytes, out_bytes, table_bytes;
    int64_t fixed_bytes; // of all parts before the arena
    int64_t arena_bytes;
    int64_t asked; // of slots and tables, before any rounding
    struct wr_route route;
    int *ends; // of the steps of the route, see cuda_steps.h
};

// Calls nothing of CUDA. program must outlive the plan, which the caller is to close. On failure
// *plan is NULL.
enum wr_status wr_cuda_plan_open(struct wr_cuda_plan **plan, const struct wr_program *program,
                                 const struct wr_executor_options *options, struct wr_error *error);

// The same plan for another user, who closes it too.
struct wr_cuda_plan *wr_cuda_plan_share(struct wr_cuda_plan *plan);

// Frees the plan of the last user. Tolerates NULL.
void wr_cuda_plan_close(struct wr_cuda_plan **plan);
