// SPDX-License-Identifier: MIT
// Plans and gets the memory of a CUDA executor.
#include "lib/engine/cuda/cuda_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/engine/cuda/cuda_calls.h"

enum { ALIGNMENT = 256 };

static int64_t aligned(int64_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

// Puts all inputs that passes read, or all outputs, behind each other, from *end on.
static enum wr_status place_buffers(struct wr_cuda_memory *cuda, enum wr_role role, int64_t *end,
                                    struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int b = 0; b < cuda->program->buffer_count && !status; b++) {
        const struct wr_buffer *buffer = &cuda->program->buffers[b];
        if (buffer->role != role || (role == WR_ROLE_INPUT && !wr_program_reads(cuda->program, b)))
            continue;
        status =
            wr_footprint_of(buffer, ALIGNMENT, buffer->height, cuda->batch, &cuda->slots[b], error);
        cuda->slot_offsets[b] = *end;
        cuda->asked += cuda->slots[b].asked;
        *end += cuda->slots[b].bytes;
    }
    return status;
}

static enum wr_status lay_out(struct wr_cuda_memory *cuda, struct wr_error *error)
{
    const struct wr_program *program = cuda->program;
    cuda->values_bytes = (int64_t)cuda->batch * program->value_count * sizeof(union wr_value);
    cuda->asked = cuda->values_bytes;
    int64_t end = aligned(cuda->values_bytes);
    enum wr_status status = place_buffers(cuda, WR_ROLE_INPUT, &end, error);
    cuda->in_bytes = end;
    if (!status)
        status = place_buffers(cuda, WR_ROLE_OUTPUT, &end, error);
    cuda->out_bytes = end - cuda->in_bytes;
    for (int t = 0; t < program->table_count; t++) {
        cuda->table_offsets[t] = end;
        cuda->asked += (int64_t)program->tables[t].bytes;
        end += aligned((int64_t)program->tables[t].bytes);
    }
    cuda->table_bytes = end - cuda->out_bytes - cuda->in_bytes;
    for (int b = 0; b < program->buffer_count && !status; b++)
        if (program->buffers[b].role == WR_ROLE_BETWEEN)
            status = wr_footprint_of(&program->buffers[b], ALIGNMENT, program->buffers[b].height,
                                     cuda->batch, &cuda->between[b], error);
    return status;
}

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

// For the arena, which may ask in the middle of a capture. Other threads' captures do not mind.
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

enum wr_status wr_cuda_memory_open(struct wr_cuda_memory *cuda, const struct wr_program *program,
                                   const struct wr_executor_options *options,
                                   struct wr_error *error)
{
    const size_t buffers = (size_t)program->buffer_count;
    *cuda = (struct wr_cuda_memory){.program = program, .batch = options->batch};
    cuda->slots = calloc(buffers, sizeof *cuda->slots);
    cuda->between = calloc(buffers, sizeof *cuda->between);
    cuda->slot_offsets = calloc(buffers, sizeof *cuda->slot_offsets);
    cuda->table_offsets = calloc((size_t)program->table_count + 1, sizeof *cuda->table_offsets);
    enum wr_status status = WR_OK;
    if (!cuda->slots || !cuda->between || !cuda->slot_offsets || !cuda->table_offsets)
        status = wr_fail(error, WR_FAILED, "out of memory while starting the CUDA executor");
    if (!status)
        status = lay_out(cuda, error);
    const struct wr_arena_options arena = {ALIGNMENT, options->mode};
    const struct wr_arena_source source = {allocate, release, fill, cuda};
    const struct wr_walk_range all = {0, program->pass_count, NULL, false};
    if (!status)
        status = wr_walk_open(&cuda->walk, program, cuda->between, &all, &arena, &source, error);
    cuda->arena_bytes = cuda->walk.arena.plan.peak;
    if (status)
        wr_cuda_memory_close(cuda);
    return status;
}

static int64_t fixed_bytes(const struct wr_cuda_memory *cuda)
{
    return cuda->in_bytes + cuda->out_bytes + cuda->table_bytes;
}

enum wr_status wr_cuda_memory_reserve(struct wr_cuda_memory *cuda, cudaStream_t stream,
                                      struct wr_error *error)
{
    const struct wr_program *program = cuda->program;
    const int64_t bytes = fixed_bytes(cuda) + cuda->arena_bytes;
    cuda->stream = stream;
    enum wr_status status = get(cuda, &cuda->block, bytes, get_device_memory, "cudaMalloc", error);
    if (!status)
        status =
            get(cuda, &cuda->slot_in, cuda->in_bytes, get_pinned_memory, "cudaMallocHost", error);
    if (!status)
        status =
            get(cuda, &cuda->slot_out, cuda->out_bytes, get_pinned_memory, "cudaMallocHost", error);
    if (status)
        return status;
    wr_arena_lend(&cuda->walk.arena, cuda->block + fixed_bytes(cuda));
    if (cuda->slot_in)
        memset(cuda->slot_in, 0, (size_t)cuda->in_bytes); // for the warm-up
    for (int t = 0; t < program->table_count; t++)
        WR_CUDA(cudaMemcpyAsync(cuda->block + cuda->table_offsets[t], program->tables[t].data,
                                program->tables[t].bytes, cudaMemcpyHostToDevice, stream));
fail:
    return status;
}

void wr_cuda_memory_count(const struct wr_cuda_memory *cuda, struct wr_memory *memory)
{
    const struct wr_arena *arena = &cuda->walk.arena;
    memory->arena = cuda->arena_bytes + (arena->is_own ? arena->bytes : 0);
    memory->slots = cuda->in_bytes + cuda->out_bytes;
    memory->tables = cuda->table_bytes;
    memory->pinned = cuda->in_bytes + cuda->out_bytes;
    memory->allocated = fixed_bytes(cuda);
    memory->reserved = wr_memory_held(memory);
    memory->requested = cuda->asked + arena->planned.most_asked;
    memory->lower_bound = arena->plan.lower_bound;
    memory->allocations = cuda->allocations;
    memory->departures = arena->departures;
}

void wr_cuda_memory_close(struct wr_cuda_memory *cuda)
{
    wr_walk_close(&cuda->walk);
    // An estimate has nothing to free, and may not have a device either.
    if (cuda->block)
        cudaFree(cuda->block);
    if (cuda->slot_in)
        cudaFreeHost(cuda->slot_in);
    if (cuda->slot_out)
        cudaFreeHost(cuda->slot_out);
    free(cuda->slots);
    free(cuda->between);
    free(cuda->slot_offsets);
    free(cuda->table_offsets);
    *cuda = (struct wr_cuda_memory){0};
}
