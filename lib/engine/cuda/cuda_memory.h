// SPDX-License-Identifier: MIT
// The memory of one CUDA executor, as it was planned (see cuda_plan.h).
#pragma once

#include <cuda_runtime_api.h>

#include "lib/engine/cuda/cuda_plan.h"

struct wr_cuda_memory {
    struct wr_cuda_plan *plan;
    struct wr_walk walk;
    cudaStream_t stream;   // borrowed; work that uses the memory is queued there
    unsigned char *block;  // on the device
    unsigned char *values; // pinned: the numbers of each frame
    int allocations;       // of all this
};

// Gets no memory for pixels yet, and calls nothing of CUDA. The plan is the memory's to close from
// now on, also on failure. *cuda must stay where it is.
enum wr_status wr_cuda_memory_open(struct wr_cuda_memory *cuda, struct wr_cuda_plan *plan,
                                   struct wr_error *error);

// Gets the memory on the current device and queues the tables' upload.
enum wr_status wr_cuda_memory_reserve(struct wr_cuda_memory *cuda, cudaStream_t stream,
                                      struct wr_error *error);

// Brings memory up to date.
void wr_cuda_memory_count(const struct wr_cuda_memory *cuda, struct wr_memory *memory);

void wr_cuda_memory_close(struct wr_cuda_memory *cuda);

// Pinned memory, which copies of every device are fast with.
extern const struct wr_host_memory_type wr_cuda_host_memory;
