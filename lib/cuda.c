// SPDX-License-Identifier: MIT
// The CUDA executor: one stream, one arena, pinned slots for what goes up and comes down, one
// graph.
//
// open() runs the program once on a full batch, so that every kernel is loaded, then captures
// upload, passes and download as a graph. From then on a batch is: copy the frames into the input
// slot, launch the graph, wait, copy the real frames out of the output slot. Nothing moves, so
// nothing is allocated, and nothing is waited for but the slot.
#include <cuda_runtime_api.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/cuda.h"
#include "lib/cuda_kernels.h"
#include "lib/executor.h"

enum { ALIGNMENT = 256 };

// Where a buffer lies: frame f, row y at offset + f * stride + y * pitch.
struct cuda_buffer {
    size_t offset; // in the arena on the device; of input and output planes also in their slot
    ptrdiff_t pitch, stride;
};

struct cuda {
    struct wr_executor executor;
    const struct wr_program *program;
    int device, batch;
    cudaStream_t stream;
    cudaGraphExec_t graph;
    wr_cuda_launch **launches; // one for each pass
    struct cuda_buffer *buffers;
    unsigned char *arena;              // on the device: input, output, intermediate buffers
    void **tables;                     // on the device
    unsigned char *slot_in, *slot_out; // pinned: changing numbers and input planes, output planes
    size_t in_bytes, out_bytes;        // the arena begins with these
    const struct wr_batch *pending;
    // Only where steps are timed: before upload, after it, after each pass, after download.
    cudaEvent_t *marks;
    float *milliseconds; // from each mark to the next
    double submitted;
    struct wr_track *track;
};

static enum wr_status explain(cudaError_t result, const char *call, struct wr_error *error)
{
    cudaGetLastError(); // sticky otherwise
    return wr_fail(error, WR_FAILED, "CUDA: %s failed: %s (%s)", call, cudaGetErrorString(result),
                   cudaGetErrorName(result));
}

// Runs a CUDA call; where it fails, makes the sentence and jumps to `fail`.
#define CALL(call)                                                                                 \
    do {                                                                                           \
        const cudaError_t result_ = (call);                                                        \
        if (result_ != cudaSuccess) {                                                              \
            status = explain(result_, #call, error);                                               \
            goto fail;                                                                             \
        }                                                                                          \
    } while (0)

static wr_cuda_launch *find_launch(const char *name)
{
    for (const struct wr_cuda_kernel *const *family = wr_cuda_families; *family; family++)
        for (const struct wr_cuda_kernel *kernel = *family; kernel->name; kernel++)
            if (!strcmp(kernel->name, name))
                return kernel->launch;
    return NULL;
}

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

// Places buffer b at offset; returns the first byte behind it.
static size_t place(struct cuda *cuda, int b, size_t offset)
{
    const struct wr_buffer *buffer = &cuda->program->buffers[b];
    const size_t pitch = aligned((size_t)buffer->width * wr_storage_bytes(buffer->storage));
    const size_t stride = pitch * (size_t)buffer->height;
    cuda->buffers[b] = (struct cuda_buffer){offset, (ptrdiff_t)pitch, (ptrdiff_t)stride};
    return offset + stride * (size_t)cuda->batch;
}

// The numbers that change from frame to frame, which the arena begins with.
static size_t values_bytes(const struct cuda *cuda)
{
    return (size_t)cuda->batch * (size_t)cuda->program->value_count * sizeof(union wr_value);
}

static size_t lay_out(struct cuda *cuda)
{
    const struct wr_program *program = cuda->program;
    const int inputs = wr_format_planes(&program->input.format);
    size_t end = aligned(values_bytes(cuda));
    for (int b = 0; b < inputs; b++)
        end = place(cuda, b, end);
    cuda->in_bytes = end;
    for (int p = 0; p < wr_format_planes(&program->output.format); p++)
        end = place(cuda, program->output.plane[p].buffer, end);
    cuda->out_bytes = end - cuda->in_bytes;
    for (int b = inputs; b < program->buffer_count; b++)
        if (wr_program_output_plane(program, b) < 0)
            end = place(cuda, b, end);
    cuda->executor.arena_bytes = (int64_t)end;
    return end;
}

// Steps are those of wr_executor.step_milliseconds.
static int step_count(const struct cuda *cuda)
{
    return cuda->program->pass_count + 2;
}

static void cuda_close(struct wr_executor *executor)
{
    struct cuda *cuda = (struct cuda *)executor;
    if (cuda->stream) {
        cudaSetDevice(cuda->device);
        cudaStreamSynchronize(cuda->stream);
        cudaStreamDestroy(cuda->stream);
    }
    if (cuda->graph)
        cudaGraphExecDestroy(cuda->graph);
    for (int n = 0; cuda->marks && n <= step_count(cuda); n++)
        if (cuda->marks[n])
            cudaEventDestroy(cuda->marks[n]);
    for (int t = 0; cuda->tables && t < cuda->program->table_count; t++)
        cudaFree(cuda->tables[t]);
    cudaFree(cuda->arena);
    cudaFreeHost(cuda->slot_in);
    cudaFreeHost(cuda->slot_out);
    free(cuda->milliseconds);
    free(cuda->marks);
    free(cuda->tables);
    free(cuda->buffers);
    free(cuda->launches);
    free(cuda);
}

static struct wr_view view_of(const struct cuda *cuda, const struct wr_plane *plane)
{
    const struct cuda_buffer *buffer = &cuda->buffers[plane->buffer];
    const size_t element = wr_storage_bytes(cuda->program->buffers[plane->buffer].storage);
    return (struct wr_view){cuda->arena + buffer->offset + plane->y * buffer->pitch +
                                (size_t)plane->x * element,
                            buffer->pitch, buffer->stride, plane->width, plane->height};
}

static cudaError_t queue_pass(const struct cuda *cuda, int k)
{
    const struct wr_pass *pass = &cuda->program->passes[k];
    struct wr_pass_view view = {.values = (const union wr_value *)cuda->arena,
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
        view.table[n] = cuda->tables[pass->table[n]];
    cudaGetLastError(); // of a call whose failure nobody minds is not the launch's
    return (cudaError_t)cuda->launches[k](&view, pass->arguments, pass->wide, cuda->batch,
                                          cuda->stream);
}

static enum wr_status mark(const struct cuda *cuda, int n, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (cuda->marks)
        CALL(cudaEventRecord(cuda->marks[n], cuda->stream));
fail:
    return status;
}

// Everything one batch needs, from the pinned input slot to the pinned output slot.
static enum wr_status queue_batch(struct cuda *cuda, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if ((status = mark(cuda, 0, error)))
        goto fail;
    CALL(cudaMemcpyAsync(cuda->arena, cuda->slot_in, cuda->in_bytes, cudaMemcpyHostToDevice,
                         cuda->stream));
    if ((status = mark(cuda, 1, error)))
        goto fail;
    for (int k = 0; k < cuda->program->pass_count; k++) {
        const cudaError_t result = queue_pass(cuda, k);
        if (result != cudaSuccess)
            return explain(result, cuda->program->passes[k].kernel->name, error);
        if ((status = mark(cuda, k + 2, error)))
            goto fail;
    }
    CALL(cudaMemcpyAsync(cuda->slot_out, cuda->arena + cuda->in_bytes, cuda->out_bytes,
                         cudaMemcpyDeviceToHost, cuda->stream));
    status = mark(cuda, step_count(cuda), error);
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

// Records what queue_batch queues, instead of running it, and makes it ready for replay. Captures
// of several runs in one process take turns: the runtime's own state is shared.
static enum wr_status capture(struct cuda *cuda, struct wr_error *error)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    cudaGraph_t graph = NULL;
    pthread_mutex_lock(&lock);
    enum wr_status status = WR_OK;
    CALL(cudaStreamBeginCapture(cuda->stream, cudaStreamCaptureModeThreadLocal));
    status = queue_batch(cuda, error);
    const cudaError_t ended = end_capture(cuda->stream, &graph);
    if (status)
        goto fail;
    if (ended != cudaSuccess) {
        status = explain(ended, "cudaStreamEndCapture", error);
        goto fail;
    }
    CALL(cudaGraphInstantiateWithFlags(&cuda->graph, graph, 0));
    CALL(cudaGraphUpload(cuda->graph, cuda->stream));
    CALL(cudaStreamSynchronize(cuda->stream));
fail:
    if (graph)
        cudaGraphDestroy(graph);
    pthread_mutex_unlock(&lock);
    return status;
}

static enum wr_status find_device(int device, struct wr_error *error)
{
    int count = 0; // a failing call leaves it untouched
    const cudaError_t result = cudaGetDeviceCount(&count);
    if (result != cudaSuccess || count == 0) {
        cudaGetLastError();
        return wr_fail(error, WR_FAILED, "no CUDA device (%s)",
                       result == cudaSuccess ? "none found" : cudaGetErrorString(result));
    }
    if (device >= count)
        return wr_fail(error, WR_FAILED, "no CUDA device %d, there %s %d", device,
                       count == 1 ? "is" : "are", count);
    return WR_OK;
}

static enum wr_status upload_tables(struct cuda *cuda, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int t = 0; t < cuda->program->table_count; t++) {
        const struct wr_table *table = &cuda->program->tables[t];
        CALL(cudaMalloc(&cuda->tables[t], table->bytes));
        CALL(cudaMemcpyAsync(cuda->tables[t], table->data, table->bytes, cudaMemcpyHostToDevice,
                             cuda->stream));
    }
fail:
    return status;
}

static enum wr_status find_launches(struct cuda *cuda, struct wr_error *error)
{
    for (int k = 0; k < cuda->program->pass_count; k++) {
        const struct wr_pass *pass = &cuda->program->passes[k];
        if (!(cuda->launches[k] = find_launch(pass->kernel->name)))
            return wr_fail(error, WR_FAILED, "%s: kernel %s is missing in this build", pass->label,
                           pass->kernel->name);
    }
    return WR_OK;
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
        CALL(cudaEventCreate(&cuda->marks[n]));
    cuda->executor.step_milliseconds = cuda->milliseconds;
fail:
    return status;
}

static enum wr_status cuda_wait(struct wr_executor *executor, struct wr_error *error);

static enum wr_status cuda_open(struct wr_executor **executor, const struct wr_program *program,
                                const struct wr_executor_options *options, struct wr_error *error)
{
    *executor = NULL;
    enum wr_status status = find_device(options->device, error);
    if (status)
        return status;
    struct cuda *cuda = calloc(1, sizeof *cuda);
    if (!cuda)
        return wr_fail(error, WR_FAILED, "out of memory while starting the CUDA executor");
    cuda->executor.type = &wr_cuda_executor;
    cuda->program = program;
    cuda->device = options->device;
    cuda->batch = options->batch;
    cuda->launches = calloc((size_t)program->pass_count + 1, sizeof *cuda->launches);
    cuda->buffers = calloc((size_t)program->buffer_count, sizeof *cuda->buffers);
    cuda->tables = calloc((size_t)program->table_count + 1, sizeof *cuda->tables);
    if (!cuda->launches || !cuda->buffers || !cuda->tables) {
        status = wr_fail(error, WR_FAILED, "out of memory while starting the CUDA executor");
        goto fail;
    }
    if ((status = find_launches(cuda, error)))
        goto fail;
    const size_t bytes = lay_out(cuda);
    CALL(cudaSetDevice(cuda->device));
    CALL(cudaStreamCreateWithFlags(&cuda->stream, cudaStreamNonBlocking));
    CALL(cudaMalloc((void **)&cuda->arena, bytes));
    CALL(cudaMallocHost((void **)&cuda->slot_in, cuda->in_bytes));
    CALL(cudaMallocHost((void **)&cuda->slot_out, cuda->out_bytes));
    memset(cuda->slot_in, 0, cuda->in_bytes);
    if ((status = upload_tables(cuda, error)))
        goto fail;
    // Warm-up, and the probe whether this device can run our kernels at all.
    if ((status = open_marks(cuda, options, error)) || (status = queue_batch(cuda, error)) ||
        (status = cuda_wait(&cuda->executor, error)))
        goto fail;
    if (!cuda->marks && (status = capture(cuda, error)))
        goto fail;
    cuda->track =
        wr_trace_track(options->trace, "cuda:%d instance %d", cuda->device, options->instance);
    *executor = &cuda->executor;
    return WR_OK;

fail:
    cuda_close(&cuda->executor);
    return status;
}

static void copy_rows(unsigned char *to, ptrdiff_t to_pitch, const unsigned char *from,
                      ptrdiff_t from_pitch, const struct wr_buffer *buffer)
{
    const size_t bytes = (size_t)buffer->width * wr_storage_bytes(buffer->storage);
    for (int y = 0; y < buffer->height; y++)
        memcpy(to + y * to_pitch, from + y * from_pitch, bytes);
}

static enum wr_status cuda_submit(struct wr_executor *executor, const struct wr_batch *batch,
                                  struct wr_error *error)
{
    struct cuda *cuda = (struct cuda *)executor;
    if (values_bytes(cuda))
        memcpy(cuda->slot_in, batch->values, values_bytes(cuda));
    for (int f = 0; f < batch->size; f++)
        for (int p = 0; p < wr_format_planes(&cuda->program->input.format); p++) {
            const struct cuda_buffer *to = &cuda->buffers[p];
            copy_rows(cuda->slot_in + to->offset + f * to->stride, to->pitch, batch->in[f].data[p],
                      batch->in[f].pitch[p], &cuda->program->buffers[p]);
        }
    enum wr_status status = WR_OK;
    CALL(cudaSetDevice(cuda->device));
    cuda->submitted = wr_span_begin(cuda->track);
    if (cuda->graph)
        CALL(cudaGraphLaunch(cuda->graph, cuda->stream));
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
        CALL(cudaEventElapsedTime(&cuda->milliseconds[n], cuda->marks[n], cuda->marks[n + 1]));
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
    enum wr_status status = WR_OK;
    CALL(cudaStreamSynchronize(cuda->stream));
    if ((status = read_marks(cuda, error)))
        goto fail;
    if (cuda->track && cuda->pending)
        trace_steps(cuda);
    for (int f = 0; cuda->pending && f < cuda->pending->valid; f++)
        for (int p = 0; p < wr_format_planes(&cuda->program->output.format); p++) {
            const int b = cuda->program->output.plane[p].buffer;
            const struct cuda_buffer *from = &cuda->buffers[b];
            copy_rows(cuda->pending->out[f].data[p], cuda->pending->out[f].pitch[p],
                      cuda->slot_out + (from->offset - cuda->in_bytes) + f * from->stride,
                      from->pitch, &cuda->program->buffers[b]);
        }
fail:
    cuda->pending = NULL;
    return status;
}

static void cuda_describe(const struct wr_executor *executor, char *text, size_t size)
{
    const struct cuda *cuda = (const struct cuda *)executor;
    struct cudaDeviceProp properties;
    if (cudaGetDeviceProperties(&properties, cuda->device) != cudaSuccess)
        snprintf(properties.name, sizeof properties.name, "unknown");
    snprintf(text, size, "cuda:%d (%s)", cuda->device, properties.name);
}

const struct wr_executor_type wr_cuda_executor = {
    .name = "cuda",
    .open = cuda_open,
    .describe = cuda_describe,
    .submit = cuda_submit,
    .wait = cuda_wait,
    .close = cuda_close,
};
