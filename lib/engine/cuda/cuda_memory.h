// SPDX-License-Identifier: MIT
// The memory of a CUDA executor. On the device, all in one allocation:
//
//     numbers of each frame, input planes | output planes | tables | arena
//       \__________ slot_in ___________/    \_ slot_out _/
//
// The first two parts have counterparts in pinned memory, which they are filled from and emptied
// into by one copy each. Every plane lies there for all frames of a batch, one after the other.
// Any part may be empty.
#pragma once

#include <cuda_runtime_api.h>

#include "lib/engine/executor.h"
#include "lib/engine/walk.h"

struct wr_cuda_memory {
    const struct wr_program *program;
    int batch;
    struct wr_footprint *slots;   // of each input that passes read and each output, for a batch
    struct wr_footprint *between; // of each buffer between passes, likewise
    int64_t *slot_offsets;        // of each buffer in slots, in block
    int64_t *table_offsets;       // of each table, in block
    int64_t values_bytes, in_bytes, out_bytes, table_bytes, arena_bytes;
    int64_t asked; // of slots and tables, before any rounding
    struct wr_walk walk;
    cudaStream_t stream;               // borrowed; work that uses the memory is queued there
    unsigned char *block;              // on the device
    unsigned char *slot_in, *slot_out; // pinned
    int allocations;                   // of all this
};

// Plans, without calling CUDA. program must outlive it. On failure it is closed.
enum wr_status wr_cuda_memory_open(struct wr_cuda_memory *cuda, const struct wr_program *program,
                                   const struct wr_executor_options *options,
                                   struct wr_error *error);

// Gets the memory on the current device and queues the tables' upload. *cuda must stay where it is.
enum wr_status wr_cuda_memory_reserve(struct wr_cuda_memory *cuda, cudaStream_t stream,
                                      struct wr_error *error);

// Brings memory up to date.
void wr_cuda_memory_count(const struct wr_cuda_memory *cuda, struct wr_memory *memory);

void wr_cuda_memory_close(struct wr_cuda_memory *cuda);
