// SPDX-License-Identifier: MIT
// What a batch is on the device: upload, every pass, download, on one stream. The passes are a
// graph that is captured once and replayed; where frames lie changes from batch to batch.
#pragma once

#include "kernels/pixel/cuda.h"
#include "lib/engine/cuda/cuda_memory.h"

struct wr_cuda_batch {
    const struct wr_program *program;
    struct wr_cuda_memory *memory;
    cudaStream_t stream;
    wr_cuda_launch **launches; // one for each pass
    cudaGraphExec_t graph;     // NULL where steps are timed
    int first_frame;           // of the portion under way, see cuda_plan.h
    // Only where they are: before upload, after it, after each pass, after download.
    cudaEvent_t *marks;
    float *milliseconds; // from each mark to the next
};

// Upload, each pass, download.
int wr_cuda_step_count(const struct wr_program *program);

// Finds the kernels and runs whatever the input planes hold, which loads them and is the probe
// whether this device can run them at all; then captures the graph. Marks cannot be read back from
// a graph that is replayed, so timed batches are queued step by step. On the current device;
// program, memory and stream must outlive the batch, which is to be closed on failure too.
enum wr_status wr_cuda_batch_open(struct wr_cuda_batch *batch, const struct wr_program *program,
                                  struct wr_cuda_memory *memory, cudaStream_t stream, bool timed,
                                  struct wr_error *error);

// frames and what they point to must stay until the batch is finished. After a failure nothing uses
// them any more.
enum wr_status wr_cuda_batch_start(struct wr_cuda_batch *batch, const struct wr_batch *frames,
                                   struct wr_error *error);

// Waits until the output frames are filled, the only wait there is.
enum wr_status wr_cuda_batch_finish(struct wr_cuda_batch *batch, struct wr_error *error);

void wr_cuda_batch_close(struct wr_cuda_batch *batch);
