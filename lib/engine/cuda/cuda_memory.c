// SPDX-License-Identifier: MIT
// Gets and counts the memory of a CUDA executor.
#include "lib/engine/cuda/cuda_memory.h"

#include <stdio.h>

#include "lib/engine/cuda/cuda_calls.h"

// Counts what it gets, if anything is wanted. `what` is for the sentence.
static enum wr_status get(struct wr_cuda_memory *cuda, unsigned char **memory, int64_t bytes,
                          cudaError_t (*allocate)(void **memory, size_t bytes), const char *what,
                          struct wr_error *error)
{
    if (!bytes)
        return WR_OK;
    const cudaError_t result = allocate((void **)memory, (size_t)bytes);
    cuda->allocations += result == cudaSuccess;
    if (result == cudaSuccess)
        return WR_OK;
    char call[128];
    snprintf(call, sizeof call, "%s of %lld bytes", what, (long long)bytes);
    return wr_cuda_explain(result, call, error);
}

static cudaError_t get_device_memory(void **memory, size_t bytes)
{
    return cudaMalloc(memory, bytes);
}

static cudaError_t get_pinned_memory(void **memory, size_t bytes)
{
    return cudaMallocHost(memory, bytes);
}

// For the arena, which may ask in the middle of a capture. Captures of other threads go on.
static enum wr_status allocate(void *context, unsigned char **memory, int64_t bytes,
                               struct wr_error *error)
{
    enum cudaStreamCaptureMode mode = cudaStreamCaptureModeRelaxed;
    enum wr_status status = WR_OK;
    WR_CUDA(cudaThreadExchangeStreamCaptureMode(&mode));
    status = get(context, memory, bytes, get_device_memory, "cudaMalloc", error);
    cudaThreadExchangeStreamCaptureMode(&mode);
fail:
    return status;
}

static void release(void *context, unsigned char *memory)
{
    (void)context;
    cudaFree(memory);
}

static enum wr_status fill(void *context, unsigned char *memory, int value, int64_t bytes,
                           struct wr_error *error)
{
    const struct wr_cuda_memory *cuda = context;
    enum wr_status status = WR_OK;
    WR_CUDA(cudaMemsetAsync(memory, value, (size_t)bytes, cuda->stream));
fail:
    return status;
}

static enum wr_status fetch(void *context, unsigned char *to, const unsigned char *memory,
                            int64_t bytes, struct wr_error *error)
{
    (void)context;
    enum wr_status status = WR_OK;
    WR_CUDA(cudaMemcpy(to, memory, (size_t)bytes, cudaMemcpyDeviceToHost));
fail:
    return status;
}

enum wr_status wr_cuda_memory_open(struct wr_cuda_memory *cuda, struct wr_cuda_plan *plan,
                                   struct wr_error *error)
{
    const struct wr_arena_source source = {allocate, release, fill, fetch, cuda};
    *cuda = (struct wr_cuda_memory){.plan = plan};
    const enum wr_status status =
        wr_walk_open(&cuda->walk, &plan->route, 1, &plan->arena, &source, error);
    if (status)
        wr_cuda_memory_close(cuda);
    return status;
}

enum wr_status wr_cuda_memory_reserve(struct wr_cuda_memory *cuda, cudaStream_t stream,
                                      struct wr_error *error)
{
    const struct wr_cuda_plan *plan = cuda->plan;
    const struct wr_program *program = plan->program;
    const int64_t bytes = plan->fixed_bytes + plan->arena_bytes;
    cuda->stream = stream;
    enum wr_status status = get(cuda, &cuda->block, bytes, get_device_memory, "cudaMalloc", error);
    if (!status)
        status = get(cuda, &cuda->values, plan->values_bytes, get_pinned_memory, "cudaMallocHost",
                     error);
    if (status)
        return status;
    wr_arena_lend(&cuda->walk.arena, cuda->block + plan->fixed_bytes, plan->arena_bytes);
    if (plan->in_bytes) // for the warm-up
        WR_CUDA(cudaMemsetAsync(cuda->block, 0, (size_t)plan->in_bytes, stream));
    for (int t = 0; t < program->table_count; t++)
        WR_CUDA(cudaMemcpyAsync(cuda->block + plan->table_offsets[t], program->tables[t].data,
                                program->tables[t].bytes, cudaMemcpyHostToDevice, stream));
fail:
    return status;
}

// ---- of the host

// All calls name the device, since a thread's first call would else begin to use the first one.

static void *get_host_memory(int device, size_t bytes)
{
    void *memory = NULL;
    if (cudaSetDevice(device) == cudaSuccess &&
        cudaHostAlloc(&memory, bytes, cudaHostAllocPortable) == cudaSuccess)
        return memory;
    cudaGetLastError();
    return NULL;
}

static void release_host_memory(int device, void *memory)
{
    cudaSetDevice(device);
    cudaFreeHost(memory);
}

static bool is_host_memory(int device, const void *address)
{
    struct cudaPointerAttributes attributes;
    if (cudaSetDevice(device) == cudaSuccess &&
        cudaPointerGetAttributes(&attributes, address) == cudaSuccess)
        return attributes.type == cudaMemoryTypeHost;
    cudaGetLastError();
    return false;
}

const struct wr_host_memory_type wr_cuda_host_memory = {get_host_memory, release_host_memory,
                                                        is_host_memory};

// ---- counting

void wr_cuda_memory_count(const struct wr_cuda_memory *cuda, struct wr_memory *memory)
{
    const struct wr_cuda_plan *plan = cuda->plan;
    memory->arena = plan->arena_bytes;
    memory->slots = memory->pinned = plan->in_bytes + plan->out_bytes;
    memory->tables = plan->table_bytes;
    memory->allocated = plan->fixed_bytes;
    memory->requested = plan->asked;
    memory->lower_bound = 0;
    memory->allocations = cuda->allocations;
    memory->departures = 0;
    wr_walk_count(&cuda->walk, memory);
    memory->reserved = wr_memory_held(memory);
}

void wr_cuda_memory_close(struct wr_cuda_memory *cuda)
{
    wr_walk_close(&cuda->walk);
    // An estimate has nothing to free, and may not have a device either.
    if (cuda->block)
        cudaFree(cuda->block);
    if (cuda->values)
        cudaFreeHost(cuda->values);
    wr_cuda_plan_close(&cuda->plan);
    *cuda = (struct wr_cuda_memory){0};
}
