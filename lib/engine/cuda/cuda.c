// SPDX-License-Identifier: MIT
// Runs batches on one stream, with one block of device memory and one graph.
//
// open() plans the memory and gets it, runs the program once on a full batch, and captures its
// passes as a graph. From then on a batch is: queue the copies of its frames to the device, launch
// the graph, queue the copies of the real frames back, wait. Nothing moves on the device, so
// nothing is allocated, and nothing is waited for but the batch.
#include "lib/engine/cuda/cuda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/engine/cuda/cuda_batch.h"
#include "lib/engine/cuda/cuda_calls.h"

struct cuda {
    struct wr_executor executor;
    const struct wr_program *program;
    cudaStream_t stream;
    struct wr_cuda_memory memory;
    struct wr_cuda_batch batch;
    const struct wr_batch *pending;
    double submitted;
    struct wr_track *track;
};

static void cuda_close(struct wr_executor *executor)
{
    struct cuda *cuda = (struct cuda *)executor;
    if (cuda->stream) {
        cudaSetDevice(executor->device);
        cudaStreamSynchronize(cuda->stream);
        cudaStreamDestroy(cuda->stream);
    }
    wr_cuda_batch_close(&cuda->batch);
    wr_cuda_memory_close(&cuda->memory);
    free(cuda);
}

static enum wr_status open_memory(struct cuda *cuda, const struct wr_executor_options *options,
                                  struct wr_error *error)
{
    const struct cuda *like = (const struct cuda *)options->like;
    struct wr_cuda_plan *plan = like ? wr_cuda_plan_share(like->memory.plan) : NULL;
    const enum wr_status status =
        plan ? WR_OK : wr_cuda_plan_open(&plan, cuda->program, options, error);
    return status ? status : wr_cuda_memory_open(&cuda->memory, plan, error);
}

static enum wr_status cuda_open(struct wr_executor **executor, const struct wr_program *program,
                                const struct wr_executor_options *options, struct wr_error *error)
{
    *executor = NULL;
    enum wr_status status = wr_cuda_find_device(options->device, error);
    if (status)
        return status;
    struct cuda *cuda = calloc(1, sizeof *cuda);
    if (!cuda)
        return wr_fail(error, WR_FAILED, "out of memory while starting the CUDA executor");
    cuda->executor.type = &wr_cuda_executor;
    cuda->executor.device = options->device;
    cuda->executor.portion = options->batch;
    cuda->program = program;
    if ((status = open_memory(cuda, options, error)))
        goto fail;
    WR_CUDA(cudaSetDevice(options->device));
    WR_CUDA(cudaStreamCreateWithFlags(&cuda->stream, cudaStreamNonBlocking));
    if ((status = wr_cuda_memory_reserve(&cuda->memory, cuda->stream, error)) ||
        (status = wr_cuda_batch_open(&cuda->batch, program, &cuda->memory, cuda->stream,
                                     options->timed || options->trace, error)))
        goto fail;
    cuda->executor.step_milliseconds = cuda->batch.milliseconds;
    cuda->track = wr_trace_track(options->trace, "cuda:%d instance %d", options->device,
                                 options->instance + 1);
    wr_cuda_memory_count(&cuda->memory, &cuda->executor.memory);
    wr_memory_reset_peaks(&cuda->executor.memory);
    cuda->executor.walks = &cuda->memory.walk;
    cuda->executor.walk_count = 1;
    *executor = &cuda->executor;
    return WR_OK;

fail:
    cuda_close(&cuda->executor);
    return status;
}

static enum wr_status estimate_batch(const struct wr_program *program,
                                     const struct wr_executor_options *options,
                                     struct wr_memory *memory, struct wr_error *error)
{
    struct wr_cuda_plan *plan;
    struct wr_cuda_memory cuda;
    *memory = (struct wr_memory){0};
    enum wr_status status = wr_cuda_plan_open(&plan, program, options, error);
    if (!status)
        status = wr_cuda_memory_open(&cuda, plan, error);
    if (status)
        return status;
    wr_cuda_memory_count(&cuda, memory);
    wr_memory_note_batch(memory);
    memory->available = wr_cuda_available(options->device);
    wr_cuda_memory_close(&cuda);
    return WR_OK;
}

static enum wr_status cuda_estimate(const struct wr_program *program,
                                    const struct wr_executor_options *options, const int *batches,
                                    int count, struct wr_memory *memory, struct wr_error *error)
{
    struct wr_executor_options one = *options;
    enum wr_status status = WR_OK;
    for (int n = 0; n < count && !status; n++) {
        one.batch = batches[n];
        status = estimate_batch(program, &one, &memory[n], error);
    }
    return status;
}

static enum wr_status cuda_submit(struct wr_executor *executor, const struct wr_batch *batch,
                                  struct wr_error *error)
{
    struct cuda *cuda = (struct cuda *)executor;
    enum wr_status status = WR_OK;
    WR_CUDA(cudaSetDevice(executor->device));
    cuda->submitted = wr_span_begin(cuda->track);
    if ((status = wr_cuda_batch_start(&cuda->batch, batch, error)))
        goto fail;
    cuda->pending = batch;
fail:
    return status;
}

// The device's clock is not the host's, so the first step is shown where the batch was submitted.
static void trace_steps(const struct cuda *cuda, const struct wr_batch *batch)
{
    struct wr_span span = {.end = cuda->submitted, .key = "batch", .number = batch->number + 1};
    for (int n = 0; n < wr_cuda_step_count(cuda->program); n++) {
        const bool is_pass = n >= 1 && n <= cuda->program->pass_count;
        const struct wr_pass *pass = is_pass ? &cuda->program->passes[n - 1] : NULL;
        span.name = pass ? pass->kernel->name : n ? "download" : "upload";
        span.category = pass ? pass->label : "copy";
        span.start = span.end;
        span.end += 1e-3 * (double)cuda->batch.milliseconds[n];
        wr_track_add(cuda->track, &span);
    }
}

static enum wr_status cuda_wait(struct wr_executor *executor, struct wr_error *error)
{
    struct cuda *cuda = (struct cuda *)executor;
    const struct wr_cuda_memory *memory = &cuda->memory;
    const struct wr_batch *pending = cuda->pending;
    cuda->pending = NULL;
    const enum wr_status status = wr_cuda_batch_finish(&cuda->batch, error);
    if (status || !pending)
        return status;
    if (cuda->track)
        trace_steps(cuda, pending);
    wr_cuda_memory_count(memory, &executor->memory);
    wr_memory_note_batch(&executor->memory);
    return WR_OK;
}

static void cuda_describe(const struct wr_executor *executor, char *text, size_t size)
{
    struct cudaDeviceProp properties;
    if (cudaGetDeviceProperties(&properties, executor->device) != cudaSuccess)
        snprintf(properties.name, sizeof properties.name, "unknown");
    snprintf(text, size, "cuda:%d (%s)", executor->device, properties.name);
}

int wr_cuda_device_count(void)
{
    int count = 0; // a failing call leaves it untouched
    if (cudaGetDeviceCount(&count) != cudaSuccess)
        cudaGetLastError();
    return count;
}

const struct wr_executor_type wr_cuda_executor = {
    .name = "cuda",
    .host_memory = &wr_cuda_host_memory,
    .open = cuda_open,
    .describe = cuda_describe,
    .submit = cuda_submit,
    .wait = cuda_wait,
    .close = cuda_close,
    .estimate = cuda_estimate,
};
