// SPDX-License-Identifier: MIT
// Queues, captures and replays a batch.
#include "lib/engine/cuda/cuda_batch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/engine/cuda/cuda_calls.h"
#include "lib/engine/cuda/cuda_kernels.h"

int wr_cuda_step_count(const struct wr_program *program)
{
    return program->pass_count + 2;
}

static wr_cuda_launch *find_launch(const struct wr_kernel *kernel)
{
    for (const struct wr_cuda_kernel *const *family = wr_cuda_families; *family; family++)
        for (const struct wr_cuda_kernel *compiled = *family; compiled->kernel; compiled++)
            if (compiled->kernel == kernel)
                return compiled->launch;
    return NULL;
}

static enum wr_status find_launches(struct wr_cuda_batch *batch, struct wr_error *error)
{
    const struct wr_program *program = batch->program;
    batch->launches = calloc((size_t)program->pass_count + 1, sizeof *batch->launches);
    if (!batch->launches)
        return wr_fail(error, WR_FAILED, "out of memory while starting the CUDA executor");
    for (int k = 0; k < program->pass_count; k++) {
        const struct wr_pass *pass = &program->passes[k];
        if (!(batch->launches[k] = find_launch(pass->kernel)))
            return wr_fail(error, WR_FAILED, "%s: kernel %s is missing in this build", pass->label,
                           pass->kernel->name);
    }
    return WR_OK;
}

// Slots hold all frames of the batch, the arena those of the portion under way.
static struct wr_view view_of(const struct wr_cuda_batch *batch, const struct wr_plane *plane)
{
    const struct wr_cuda_memory *memory = batch->memory;
    const struct wr_cuda_plan *plan = memory->plan;
    const struct wr_buffer *buffer = &batch->program->buffers[plane->buffer];
    const bool is_slot = plan->slots[plane->buffer].bytes > 0;
    const int64_t pitch = (is_slot ? plan->slots : plan->between)[plane->buffer].pitch;
    const int64_t frame = pitch * buffer->height;
    unsigned char *data =
        is_slot ? memory->block + plan->slot_offsets[plane->buffer] + batch->first_frame * frame
                : wr_walk_memory(&memory->walk, plane->buffer);
    data += wr_plane_row(plane) * pitch + plane->x * (ptrdiff_t)wr_storage_bytes(buffer->storage);
    return (struct wr_view){.data = data,
                            .pitch = plane->flipped ? -pitch : pitch,
                            .stride = frame,
                            .width = plane->width,
                            .height = plane->height};
}

static enum wr_status mark(const struct wr_cuda_batch *batch, int n, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (batch->marks)
        WR_CUDA(cudaEventRecord(batch->marks[n], batch->stream));
fail:
    return status;
}

static int frames_of_portion(const struct wr_cuda_batch *batch)
{
    const struct wr_cuda_plan *plan = batch->memory->plan;
    const int left = plan->batch - batch->first_frame;
    return left < plan->portion ? left : plan->portion;
}

static struct wr_pass_view view_of_pass(const struct wr_cuda_batch *batch,
                                        const struct wr_pass *pass)
{
    const struct wr_cuda_memory *memory = batch->memory;
    const int values = batch->program->value_count;
    struct wr_pass_view view = {.values = (const union wr_value *)memory->block +
                                          (ptrdiff_t)batch->first_frame * values,
                                .value_count = values,
                                .first_value = pass->first_value,
                                .when = pass->when,
                                .reach_x = pass->reach_x,
                                .reach_y = pass->reach_y,
                                .span = pass->span};
    for (int n = 0; n < pass->inputs; n++)
        view.in[n] = view_of(batch, &pass->in[n]);
    for (int n = 0; n < pass->outputs; n++)
        view.out[n] = view_of(batch, &pass->out[n]);
    for (int n = 0; n < pass->tables; n++)
        view.table[n] = memory->block + memory->plan->table_offsets[pass->table[n]];
    return view;
}

// Whether plane b, of all frames, lies behind `frames` frames of plane a, as more of those would.
static bool goes_on(const struct wr_view *a, const struct wr_view *b, int frames)
{
    return b->data - a->data == frames * a->stride;
}

static bool all_go_on(const struct wr_pass *pass, const struct wr_pass_view *a,
                      const struct wr_pass_view *b, int frames)
{
    bool all = true;
    for (int n = 0; n < pass->inputs; n++)
        all = all && goes_on(&a->in[n], &b->in[n], frames);
    for (int n = 0; n < pass->outputs; n++)
        all = all && goes_on(&a->out[n], &b->out[n], frames);
    return all;
}

// Pass k and as many of its twins before pass `end` as lie behind each other: the launch takes them
// for more frames. Says how many passes that are; one where each is timed.
static enum wr_status queue_twins(const struct wr_cuda_batch *batch, int k, int end, int *count,
                                  struct wr_error *error)
{
    const struct wr_pass *pass = &batch->program->passes[k];
    const struct wr_pass_view view = view_of_pass(batch, pass);
    const int frames = frames_of_portion(batch);
    for (*count = 1; !batch->marks && k + *count < end; ++*count) {
        const struct wr_pass_view next = view_of_pass(batch, pass + *count);
        if (!all_go_on(pass, &view, &next, *count * frames))
            break;
    }
    cudaGetLastError(); // forgets a former failure, which would be taken for the launch's
    const int result =
        batch->launches[k](&view, pass->arguments, pass->wide, *count * frames, batch->stream);
    return result == cudaSuccess ? mark(batch, k + 2, error)
                                 : wr_cuda_explain((cudaError_t)result, pass->kernel->name, error);
}

static enum wr_status queue_step(void *context, int k, int end, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int count = 0; k < end && !status; k += count)
        status = queue_twins(context, k, end, &count, error);
    return status;
}

// All passes, for the portion of frames that begins with `first`.
static enum wr_status queue_portion(struct wr_cuda_batch *batch, int first, struct wr_error *error)
{
    struct wr_walk *walk = &batch->memory->walk;
    batch->first_frame = first;
    return wr_walk_passes(walk, walk->routes, queue_step, batch, error);
}

// All passes, for one portion after another. A pass that is timed is that of the last portion; the
// first pass takes the time of all portions before.
static enum wr_status queue_passes(struct wr_cuda_batch *batch, struct wr_error *error)
{
    const struct wr_cuda_plan *plan = batch->memory->plan;
    enum wr_status status = WR_OK;
    for (int first = 0; first < plan->batch && !status; first += plan->portion)
        status = queue_portion(batch, first, error);
    return status;
}

// A plane of one frame, on the device and on the host.
struct copy {
    unsigned char *device, *host;
    ptrdiff_t device_pitch, host_pitch;
    size_t width, height; // bytes and rows
};

static struct copy copy_of(const struct wr_cuda_batch *batch, int b, int frame,
                           const struct wr_image *image)
{
    const struct wr_cuda_plan *plan = batch->memory->plan;
    const struct wr_buffer *buffer = &batch->program->buffers[b];
    const int64_t stride = plan->slots[b].bytes / plan->batch;
    return (struct copy){
        .device = batch->memory->block + plan->slot_offsets[b] + frame * stride,
        .host = image->data[buffer->plane],
        .device_pitch = plan->slots[b].pitch,
        .host_pitch = image->pitch[buffer->plane],
        .width = (size_t)buffer->width * wr_storage_bytes(buffer->storage),
        .height = (size_t)buffer->height,
    };
}

// Rows that lie from the last to the first are copied one by one.
static enum wr_status queue_copy(const struct wr_cuda_batch *batch, const struct copy *copy,
                                 enum cudaMemcpyKind kind, struct wr_error *error)
{
    const bool is_up = kind == cudaMemcpyHostToDevice, is_flipped = copy->host_pitch < 0;
    const size_t rows = is_flipped ? 1 : copy->height;
    enum wr_status status = WR_OK;
    for (size_t y = 0; y < copy->height; y += rows) {
        unsigned char *device = copy->device + (ptrdiff_t)y * copy->device_pitch;
        unsigned char *host = copy->host + (ptrdiff_t)y * copy->host_pitch;
        const size_t device_pitch = (size_t)copy->device_pitch;
        const size_t host_pitch = is_flipped ? copy->width : (size_t)copy->host_pitch;
        WR_CUDA(cudaMemcpy2DAsync(is_up ? device : host, is_up ? device_pitch : host_pitch,
                                  is_up ? host : device, is_up ? host_pitch : device_pitch,
                                  copy->width, rows, kind, batch->stream));
    }
fail:
    return status;
}

// All planes of a role of `count` frames.
static enum wr_status queue_copies(const struct wr_cuda_batch *batch, enum wr_role role,
                                   const struct wr_image *images, int count, struct wr_error *error)
{
    const enum cudaMemcpyKind kind =
        role == WR_ROLE_INPUT ? cudaMemcpyHostToDevice : cudaMemcpyDeviceToHost;
    enum wr_status status = WR_OK;
    for (int f = 0; f < count; f++)
        for (int b = 0; b < batch->program->buffer_count && !status; b++) {
            if (batch->program->buffers[b].role != role || !batch->memory->plan->slots[b].bytes)
                continue;
            const struct copy copy = copy_of(batch, b, f, &images[f]);
            status = queue_copy(batch, &copy, kind, error);
        }
    return status;
}

static enum wr_status queue_upload(const struct wr_cuda_batch *batch, const struct wr_batch *frames,
                                   struct wr_error *error)
{
    const struct wr_cuda_memory *memory = batch->memory;
    const size_t bytes = (size_t)memory->plan->values_bytes;
    enum wr_status status = WR_OK;
    if (bytes) {
        memcpy(memory->values, frames->values, bytes);
        WR_CUDA(cudaMemcpyAsync(memory->block, memory->values, bytes, cudaMemcpyHostToDevice,
                                batch->stream));
    }
    status = queue_copies(batch, WR_ROLE_INPUT, frames->in, frames->size, error);
fail:
    return status;
}

// Waits for each portion, since a walk that departs from its plan holds memory of its own until it
// ends.
static enum wr_status warm_up(struct wr_cuda_batch *batch, struct wr_error *error)
{
    const struct wr_cuda_plan *plan = batch->memory->plan;
    enum wr_status status = WR_OK;
    for (int first = 0; first < plan->batch && !status; first += plan->portion) {
        if ((status = queue_portion(batch, first, error)))
            break;
        WR_CUDA(cudaStreamSynchronize(batch->stream));
        status = wr_walk_end(&batch->memory->walk, error);
    }
fail:
    return status;
}

// Ends a capture. One that stays open would keep the runtime from freeing memory, so after a
// failure this is tried once more. If the first try has ended it, the second does nothing.
static cudaError_t end_capture(cudaStream_t stream, cudaGraph_t *graph)
{
    const cudaError_t result = cudaStreamEndCapture(stream, graph);
    if (result != cudaSuccess)
        cudaStreamEndCapture(stream, graph);
    return result;
}

// Records what queue_passes queues, instead of running it. The caller destroys the graph.
static enum wr_status capture(struct wr_cuda_batch *batch, cudaGraph_t *graph,
                              struct wr_error *error)
{
    enum wr_status status = WR_OK;
    WR_CUDA(cudaStreamBeginCapture(batch->stream, cudaStreamCaptureModeThreadLocal));
    status = queue_passes(batch, error);
    const cudaError_t ended = end_capture(batch->stream, graph);
    if (!status && ended != cudaSuccess)
        status = wr_cuda_explain(ended, "cudaStreamEndCapture", error);
fail:
    return status;
}

// Makes the graph of a batch ready for replay. Captures of several runs in one process take turns:
// the runtime's own state is shared.
static enum wr_status prepare_graph(struct wr_cuda_batch *batch, struct wr_error *error)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    const struct wr_arena *arena = &batch->memory->walk.arena;
    const int departures = arena->departures;
    cudaGraph_t graph = NULL;
    pthread_mutex_lock(&lock);
    enum wr_status status = capture(batch, &graph, error);
    if (!status)
        status = wr_walk_end(&batch->memory->walk, error);
    if (status)
        goto fail;
    if (arena->departures > departures) {
        status = wr_fail(error, WR_FAILED,
                         "the filters asked for memory in another order than in the warm-up");
        goto fail;
    }
    WR_CUDA(cudaGraphInstantiateWithFlags(&batch->graph, graph, 0));
    WR_CUDA(cudaGraphUpload(batch->graph, batch->stream));
    WR_CUDA(cudaStreamSynchronize(batch->stream));
fail:
    if (graph)
        cudaGraphDestroy(graph);
    pthread_mutex_unlock(&lock);
    return status;
}

static enum wr_status open_marks(struct wr_cuda_batch *batch, struct wr_error *error)
{
    const size_t steps = (size_t)wr_cuda_step_count(batch->program);
    enum wr_status status = WR_OK;
    batch->marks = calloc(steps + 1, sizeof *batch->marks);
    batch->milliseconds = calloc(steps, sizeof *batch->milliseconds);
    if (!batch->marks || !batch->milliseconds)
        return wr_fail(error, WR_FAILED, "out of memory while starting the CUDA executor");
    for (size_t n = 0; n <= steps; n++)
        WR_CUDA(cudaEventCreate(&batch->marks[n]));
fail:
    return status;
}

enum wr_status wr_cuda_batch_open(struct wr_cuda_batch *batch, const struct wr_program *program,
                                  struct wr_cuda_memory *memory, cudaStream_t stream, bool timed,
                                  struct wr_error *error)
{
    *batch = (struct wr_cuda_batch){.program = program, .memory = memory, .stream = stream};
    enum wr_status status = find_launches(batch, error);
    if (!status && timed)
        status = open_marks(batch, error);
    if (!status)
        status = warm_up(batch, error);
    if (!status && !timed)
        status = prepare_graph(batch, error);
    return status;
}

static enum wr_status launch_passes(struct wr_cuda_batch *batch, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (!batch->graph)
        return queue_passes(batch, error);
    WR_CUDA(cudaGraphLaunch(batch->graph, batch->stream));
fail:
    return status;
}

enum wr_status wr_cuda_batch_start(struct wr_cuda_batch *batch, const struct wr_batch *frames,
                                   struct wr_error *error)
{
    enum wr_status status = mark(batch, 0, error);
    if (!status)
        status = queue_upload(batch, frames, error);
    if (!status)
        status = mark(batch, 1, error);
    if (!status)
        status = launch_passes(batch, error);
    if (!status)
        status = queue_copies(batch, WR_ROLE_OUTPUT, frames->out, frames->valid, error);
    if (!status)
        status = mark(batch, wr_cuda_step_count(batch->program), error);
    if (status)
        cudaStreamSynchronize(batch->stream);
    return status;
}

enum wr_status wr_cuda_batch_finish(struct wr_cuda_batch *batch, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    WR_CUDA(cudaStreamSynchronize(batch->stream));
    if (batch->graph)
        return WR_OK;
    if ((status = wr_walk_end(&batch->memory->walk, error)))
        return status;
    for (int n = 0; n < wr_cuda_step_count(batch->program); n++)
        WR_CUDA(
            cudaEventElapsedTime(&batch->milliseconds[n], batch->marks[n], batch->marks[n + 1]));
fail:
    return status;
}

void wr_cuda_batch_close(struct wr_cuda_batch *batch)
{
    if (batch->graph)
        cudaGraphExecDestroy(batch->graph);
    for (int n = 0; batch->marks && n <= wr_cuda_step_count(batch->program); n++)
        if (batch->marks[n])
            cudaEventDestroy(batch->marks[n]);
    free(batch->marks);
    free(batch->milliseconds);
    free(batch->launches);
    *batch = (struct wr_cuda_batch){0};
}
