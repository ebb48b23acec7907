// SPDX-License-Identifier: MIT
// The CUDA executor: one stream, one block of device memory, pinned slots for what goes up and
// comes down, one graph.
//
// open() plans the memory and gets it, runs the program once on a full batch, so that every kernel
// is loaded, then captures upload, passes and download as a graph. From then on a batch is: copy
// the frames into the input slot, launch the graph, wait, copy the real frames out of the output
// slot. Nothing moves, so nothing is allocated, and nothing is waited for but the slot.
#include <cuda_runtime_api.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/cuda.h"
#include "lib/cuda_calls.h"
#include "lib/cuda_kernels.h"
#include "lib/cuda_memory.h"

struct cuda {
    struct wr_executor executor;
    const struct wr_program *program;
    cudaStream_t stream;
    cudaGraphExec_t graph;
    wr_cuda_launch **launches; // one for each pass
    struct wr_cuda_memory memory;
    const struct wr_batch *pending;
    // Only where steps are timed: before upload, after it, after each pass, after download.
    cudaEvent_t *marks;
    float *milliseconds; // from each mark to the next
    double submitted;
    struct wr_track *track;
};

static wr_cuda_launch *find_launch(const char *name)
{
    for (const struct wr_cuda_kernel *const *family = wr_cuda_families; *family; family++)
        for (const struct wr_cuda_kernel *kernel = *family; kernel->name; kernel++)
            if (!strcmp(kernel->name, name))
                return kernel->launch;
    return NULL;
}

static enum wr_status find_launches(struct cuda *cuda, struct wr_error *error)
{
    const struct wr_program *program = cuda->program;
    cuda->launches = calloc((size_t)program->pass_count + 1, sizeof *cuda->launches);
    if (!cuda->launches)
        return wr_fail(error, WR_FAILED, "out of memory while starting the CUDA executor");
    for (int k = 0; k < program->pass_count; k++) {
        const struct wr_pass *pass = &program->passes[k];
        if (!(cuda->launches[k] = find_launch(pass->kernel->name)))
            return wr_fail(error, WR_FAILED, "%s: kernel %s is missing in this build", pass->label,
                           pass->kernel->name);
    }
    return WR_OK;
}

// Steps are those of wr_executor.step_milliseconds.
static int step_count(const struct cuda *cuda)
{
    return cuda->program->pass_count + 2;
}

static struct wr_view view_of(const struct cuda *cuda, const struct wr_plane *plane)
{
    const struct wr_cuda_memory *memory = &cuda->memory;
    const struct wr_buffer *buffer = &cuda->program->buffers[plane->buffer];
    const bool is_slot = memory->slots[plane->buffer].bytes > 0;
    const int64_t pitch = (is_slot ? memory->slots : memory->between)[plane->buffer].pitch;
    unsigned char *data = is_slot ? memory->block + memory->slot_offsets[plane->buffer]
                                  : memory->walk.memory[plane->buffer];
    return (struct wr_view){data + plane->y * pitch +
                                plane->x * (ptrdiff_t)wr_storage_bytes(buffer->storage),
                            pitch, pitch * buffer->height, plane->width, plane->height};
}

static enum wr_status mark(const struct cuda *cuda, int n, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (cuda->marks)
        WR_CUDA(cudaEventRecord(cuda->marks[n], cuda->stream));
fail:
    return status;
}

static enum wr_status queue_pass(void *context, int k, int end, struct wr_error *error)
{
    (void)end;
    const struct cuda *cuda = context;
    const struct wr_cuda_memory *memory = &cuda->memory;
    const struct wr_pass *pass = &cuda->program->passes[k];
    struct wr_pass_view view = {.values = (const union wr_value *)memory->block,
                                .value_count = cuda->program->value_count,
                                .first_value = pass->first_value,
                                .when = pass->when,
                                .reach_x = pass->reach_x,
                                .reach_y = pass->reach_y,
                                .span = pass->span};
    for (int n = 0; n < pass->inputs; n++)
        view.in[n] = view_of(cuda, &pass->in[n]);
    for (int n = 0; n < pass->outputs; n++)
        view.out[n] = view_of(cuda, &pass->out[n]);
    for (int n = 0; n < pass->tables; n++)
        view.table[n] = memory->block + memory->table_offsets[pass->table[n]];
    cudaGetLastError(); // of a call whose failure nobody minds is not the launch's
    const int result =
        cuda->launches[k](&view, pass->arguments, pass->wide, memory->batch, cuda->stream);
    return result == cudaSuccess ? mark(cuda, k + 2, error)
                                 : wr_cuda_explain((cudaError_t)result, pass->kernel->name, error);
}

// Everything one batch needs, from the pinned input slot to the pinned output slot.
static enum wr_status queue_batch(struct cuda *cuda, struct wr_error *error)
{
    const struct wr_cuda_memory *memory = &cuda->memory;
    enum wr_status status = mark(cuda, 0, error);
    if (status)
        goto fail;
    WR_CUDA(cudaMemcpyAsync(memory->block, memory->slot_in, memory->in_bytes,
                            cudaMemcpyHostToDevice, cuda->stream));
    if ((status = mark(cuda, 1, error)) ||
        (status = wr_walk_passes(&cuda->memory.walk, queue_pass, cuda, error)))
        goto fail;
    WR_CUDA(cudaMemcpyAsync(memory->slot_out, memory->block + memory->in_bytes, memory->out_bytes,
                            cudaMemcpyDeviceToHost, cuda->stream));
    status = mark(cuda, step_count(cuda), error);
fail:
    return status;
}

// Runs a batch without a graph, whatever the input slot holds: loads every kernel, and is the probe
// whether this device can run them at all.
static enum wr_status warm_up(struct cuda *cuda, struct wr_error *error)
{
    enum wr_status status = queue_batch(cuda, error);
    if (status)
        return status;
    WR_CUDA(cudaStreamSynchronize(cuda->stream));
    status = wr_walk_end(&cuda->memory.walk, error);
fail:
    return status;
}

// A capture that is not ended keeps the runtime from freeing memory, so a failure is followed by
// another try; where the first one did end it, that does nothing.
static cudaError_t end_capture(cudaStream_t stream, cudaGraph_t *graph)
{
    const cudaError_t result = cudaStreamEndCapture(stream, graph);
    if (result != cudaSuccess)
        cudaStreamEndCapture(stream, graph);
    return result;
}

// Records what queue_batch queues, instead of running it. The caller destroys the graph.
static enum wr_status capture(struct cuda *cuda, cudaGraph_t *graph, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    WR_CUDA(cudaStreamBeginCapture(cuda->stream, cudaStreamCaptureModeThreadLocal));
    status = queue_batch(cuda, error);
    const cudaError_t ended = end_capture(cuda->stream, graph);
    if (!status && ended != cudaSuccess)
        status = wr_cuda_explain(ended, "cudaStreamEndCapture", error);
fail:
    return status;
}

// Makes the graph of a batch ready for replay. Captures of several runs in one process take turns:
// the runtime's own state is shared.
static enum wr_status prepare_graph(struct cuda *cuda, struct wr_error *error)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    const struct wr_arena *arena = &cuda->memory.walk.arena;
    const int departures = arena->departures;
    cudaGraph_t graph = NULL;
    pthread_mutex_lock(&lock);
    enum wr_status status = capture(cuda, &graph, error);
    if (!status)
        status = wr_walk_end(&cuda->memory.walk, error);
    if (status)
        goto fail;
    if (arena->departures > departures) {
        status = wr_fail(error, WR_FAILED,
                         "the filters asked for memory in another order than "
                         "in the warm-up");
        goto fail;
    }
    WR_CUDA(cudaGraphInstantiateWithFlags(&cuda->graph, graph, 0));
    WR_CUDA(cudaGraphUpload(cuda->graph, cuda->stream));
    WR_CUDA(cudaStreamSynchronize(cuda->stream));
fail:
    if (graph)
        cudaGraphDestroy(graph);
    pthread_mutex_unlock(&lock);
    return status;
}

static void cuda_close(struct wr_executor *executor)
{
    struct cuda *cuda = (struct cuda *)executor;
    if (cuda->stream) {
        cudaSetDevice(executor->device);
        cudaStreamSynchronize(cuda->stream);
        cudaStreamDestroy(cuda->stream);
    }
    if (cuda->graph)
        cudaGraphExecDestroy(cuda->graph);
    for (int n = 0; cuda->marks && n <= step_count(cuda); n++)
        if (cuda->marks[n])
            cudaEventDestroy(cuda->marks[n]);
    free(cuda->marks);
    free(cuda->milliseconds);
    wr_cuda_memory_close(&cuda->memory);
    free(cuda->launches);
    free(cuda);
}

// Marks cannot be read back from a graph that is replayed, so timed batches are queued step by
// step.
static enum wr_status open_marks(struct cuda *cuda, const struct wr_executor_options *options,
                                 struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (!options->timed && !options->trace)
        return status;
    const size_t steps = (size_t)step_count(cuda);
    cuda->marks = calloc(steps + 1, sizeof *cuda->marks);
    cuda->milliseconds = calloc(steps, sizeof *cuda->milliseconds);
    if (!cuda->marks || !cuda->milliseconds)
        return wr_fail(error, WR_FAILED, "out of memory while starting the CUDA executor");
    for (size_t n = 0; n <= steps; n++)
        WR_CUDA(cudaEventCreate(&cuda->marks[n]));
    cuda->executor.step_milliseconds = cuda->milliseconds;
fail:
    return status;
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
    cuda->program = program;
    if ((status = find_launches(cuda, error)) ||
        (status = wr_cuda_memory_open(&cuda->memory, program, options, error)))
        goto fail;
    WR_CUDA(cudaSetDevice(options->device));
    WR_CUDA(cudaStreamCreateWithFlags(&cuda->stream, cudaStreamNonBlocking));
    if ((status = wr_cuda_memory_reserve(&cuda->memory, cuda->stream, error)) ||
        (status = open_marks(cuda, options, error)) || (status = warm_up(cuda, error)) ||
        (!cuda->marks && (status = prepare_graph(cuda, error))))
        goto fail;
    cuda->track =
        wr_trace_track(options->trace, "cuda:%d instance %d", options->device, options->instance);
    wr_cuda_memory_count(&cuda->memory, &cuda->executor.memory);
    wr_memory_reset_peaks(&cuda->executor.memory);
    cuda->executor.arena = &cuda->memory.walk.arena;
    *executor = &cuda->executor;
    return WR_OK;

fail:
    cuda_close(&cuda->executor);
    return status;
}

static enum wr_status cuda_estimate(const struct wr_program *program,
                                    const struct wr_executor_options *options,
                                    struct wr_memory *memory, struct wr_error *error)
{
    struct wr_cuda_memory cuda;
    *memory = (struct wr_memory){0};
    const enum wr_status status = wr_cuda_memory_open(&cuda, program, options, error);
    if (status)
        return status;
    wr_cuda_memory_count(&cuda, memory);
    wr_memory_note_batch(memory);
    memory->available = wr_cuda_available(options->device);
    wr_cuda_memory_close(&cuda);
    return WR_OK;
}

// The planes of a frame in a slot, which holds what lies at `from` in the block.
static struct wr_image slot_image(const struct cuda *cuda, unsigned char *slot, int64_t from,
                                  const struct wr_picture *picture, int frame)
{
    const struct wr_cuda_memory *memory = &cuda->memory;
    struct wr_image image = {0};
    for (int p = 0; p < wr_format_planes(&picture->format); p++) {
        const int b = picture == &cuda->program->input ? p : picture->plane[p].buffer;
        const int64_t stride = memory->slots[b].bytes / memory->batch;
        image.data[p] = slot + (memory->slot_offsets[b] - from) + frame * stride;
        image.pitch[p] = memory->slots[b].pitch;
    }
    return image;
}

static void copy_image(const struct wr_image *to, const struct wr_image *from,
                       const struct wr_format *format)
{
    for (int p = 0; p < wr_format_planes(format); p++) {
        const size_t bytes = (size_t)wr_format_width(format, p) * (size_t)wr_format_bytes(format);
        for (int y = 0; y < wr_format_height(format, p); y++)
            memcpy(to->data[p] + y * to->pitch[p], from->data[p] + y * from->pitch[p], bytes);
    }
}

static enum wr_status cuda_submit(struct wr_executor *executor, const struct wr_batch *batch,
                                  struct wr_error *error)
{
    struct cuda *cuda = (struct cuda *)executor;
    const struct wr_cuda_memory *memory = &cuda->memory;
    const struct wr_picture *input = &cuda->program->input;
    if (memory->values_bytes)
        memcpy(memory->slot_in, batch->values, (size_t)memory->values_bytes);
    for (int f = 0; f < batch->size; f++) {
        const struct wr_image to = slot_image(cuda, memory->slot_in, 0, input, f);
        copy_image(&to, &batch->in[f], &input->format);
    }
    enum wr_status status = WR_OK;
    WR_CUDA(cudaSetDevice(executor->device));
    cuda->submitted = wr_span_begin(cuda->track);
    if (cuda->graph)
        WR_CUDA(cudaGraphLaunch(cuda->graph, cuda->stream));
    else if ((status = queue_batch(cuda, error)))
        goto fail;
    cuda->pending = batch;
fail:
    return status;
}

static enum wr_status read_marks(struct cuda *cuda, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; cuda->marks && n < step_count(cuda); n++)
        WR_CUDA(cudaEventElapsedTime(&cuda->milliseconds[n], cuda->marks[n], cuda->marks[n + 1]));
fail:
    return status;
}

// The device's clock is not the host's, so the first step is shown where the batch was submitted.
static void trace_steps(const struct cuda *cuda)
{
    struct wr_span span = {.end = cuda->submitted, .key = "batch", .number = cuda->pending->number};
    for (int n = 0; n < step_count(cuda); n++) {
        const bool is_pass = n >= 1 && n <= cuda->program->pass_count;
        const struct wr_pass *pass = is_pass ? &cuda->program->passes[n - 1] : NULL;
        span.name = pass ? pass->kernel->name : n ? "download" : "upload";
        span.category = pass ? pass->label : "copy";
        span.start = span.end;
        span.end += 1e-3 * (double)cuda->milliseconds[n];
        wr_track_add(cuda->track, &span);
    }
}

static enum wr_status cuda_wait(struct wr_executor *executor, struct wr_error *error)
{
    struct cuda *cuda = (struct cuda *)executor;
    const struct wr_cuda_memory *memory = &cuda->memory;
    const struct wr_picture *output = &cuda->program->output;
    enum wr_status status = WR_OK;
    WR_CUDA(cudaStreamSynchronize(cuda->stream));
    if (!cuda->graph && (status = wr_walk_end(&cuda->memory.walk, error)))
        goto fail;
    if ((status = read_marks(cuda, error)))
        goto fail;
    if (cuda->track && cuda->pending)
        trace_steps(cuda);
    for (int f = 0; cuda->pending && f < cuda->pending->valid; f++) {
        const struct wr_image from =
            slot_image(cuda, memory->slot_out, memory->in_bytes, output, f);
        copy_image(&cuda->pending->out[f], &from, &output->format);
    }
    wr_cuda_memory_count(memory, &executor->memory);
    wr_memory_note_batch(&executor->memory);
fail:
    cuda->pending = NULL;
    return status;
}

static void cuda_describe(const struct wr_executor *executor, char *text, size_t size)
{
    struct cudaDeviceProp properties;
    if (cudaGetDeviceProperties(&properties, executor->device) != cudaSuccess)
        snprintf(properties.name, sizeof properties.name, "unknown");
    snprintf(text, size, "cuda:%d (%s)", executor->device, properties.name);
}

const struct wr_executor_type wr_cuda_executor = {
    .name = "cuda",
    .open = cuda_open,
    .describe = cuda_describe,
    .submit = cuda_submit,
    .wait = cuda_wait,
    .close = cuda_close,
    .estimate = cuda_estimate,
};
