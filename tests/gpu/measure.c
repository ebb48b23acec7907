// SPDX-License-Identifier: MIT
// Runs a chain on the executors themselves: no file is read or written.
#include "tests/gpu/measure.h"

#include <cuda_runtime_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/state.h"
#include "tests/gpu/machine.h"

// ---- allocations, counted at the linker's door (-Wl,--wrap)

static long allocations;

#define COUNTED(function, parameters, arguments)                                                   \
    cudaError_t __real_##function parameters;                                                      \
    cudaError_t __wrap_##function parameters;                                                      \
    cudaError_t __wrap_##function parameters                                                       \
    {                                                                                              \
        allocations++;                                                                             \
        return __real_##function arguments;                                                        \
    }
COUNTED(cudaMalloc, (void **memory, size_t bytes), (memory, bytes))
COUNTED(cudaMallocHost, (void **memory, size_t bytes), (memory, bytes))
COUNTED(cudaMallocAsync, (void **memory, size_t bytes, cudaStream_t stream),
        (memory, bytes, stream))
COUNTED(cudaHostAlloc, (void **memory, size_t bytes, unsigned flags), (memory, bytes, flags))

// ---- a chain

struct job {
    struct wr_program program;
    struct wr_batch batch;
    struct wr_image *in;
    union wr_value *values;
    struct test_frames out;
    int batches;
    struct gpu_result *result;
};

// Notes the first problem; true if there is none.
static bool check(struct job *job, enum wr_status status, const struct wr_error *error)
{
    if (status && !job->result->problem[0])
        snprintf(job->result->problem, sizeof job->result->problem, "%s", error->text);
    return !status;
}

static bool open_executor(struct job *job, const char *device, bool timed,
                          struct wr_executor **executor)
{
    const struct wr_executor_options options = {.batch = job->batch.size, .timed = timed};
    struct wr_error error;
    return check(job, wr_executor_open(executor, device, &job->program, &options, &error), &error);
}

static bool submit(struct job *job, struct wr_executor *executor)
{
    struct wr_error error;
    return check(job, executor->type->submit(executor, &job->batch, &error), &error);
}

static bool wait(struct job *job, struct wr_executor *executor)
{
    struct wr_error error;
    return check(job, executor->type->wait(executor, &error), &error);
}

static double plane_bytes(const struct job *job, const struct wr_plane *plane)
{
    return (double)plane->width * plane->height * job->result->batch *
           (double)wr_storage_bytes(job->program.buffers[plane->buffer].storage);
}

static int window_of(const struct wr_pass *pass)
{
    return pass->span ? pass->span
                      : pass->inputs * (2 * pass->reach_x + 1) * (2 * pass->reach_y + 1);
}

// What has to be read and written if every sample is touched once, and how many make one.
static void count_steps(struct job *job)
{
    struct gpu_result *result = job->result;
    const struct wr_program *program = &job->program;
    result->pass_count = program->pass_count;
    for (int k = 0; k < program->pass_count; k++) {
        const struct wr_pass *pass = &program->passes[k];
        struct gpu_step *step = &result->passes[k];
        snprintf(step->name, sizeof step->name, "%s", pass->kernel->name);
        snprintf(step->filter, sizeof step->filter, "%s", pass->label);
        step->window = window_of(pass);
        for (int n = 0; n < pass->inputs; n++)
            step->bytes += plane_bytes(job, &pass->in[n]);
        for (int n = 0; n < pass->outputs; n++)
            step->bytes += plane_bytes(job, &pass->out[n]);
    }
    for (int p = 0; p < wr_format_planes(&program->input.format); p++)
        if (wr_program_reads(program, program->input.plane[p].buffer))
            result->upload.bytes += plane_bytes(job, &program->input.plane[p]);
    for (int p = 0; p < wr_format_planes(&program->output.format); p++)
        if (!wr_program_hands_over(program, p))
            result->download.bytes += plane_bytes(job, &program->output.plane[p]);
}

static struct gpu_step *step_of(struct gpu_result *result, int n)
{
    return n == 0                   ? &result->upload
           : n > result->pass_count ? &result->download
                                    : &result->passes[n - 1];
}

// Step by step: the times of upload, passes, download.
static void measure_steps(struct job *job)
{
    struct wr_executor *executor;
    if (!open_executor(job, "cuda", true, &executor))
        return;
    const int steps = job->program.pass_count + 2;
    double *times = calloc((size_t)steps * (size_t)job->batches, sizeof *times);
    if (!times)
        abort();
    bool good = true;
    for (int n = 0; good && n < job->batches; n++) {
        good = submit(job, executor) && wait(job, executor);
        for (int s = 0; good && s < steps; s++)
            times[s * job->batches + n] = (double)executor->step_milliseconds[s];
    }
    for (int s = 0; good && s < steps; s++)
        step_of(job->result, s)->milliseconds = gpu_median(times + s * job->batches, job->batches);
    free(times);
    wr_executor_close(&executor);
}

static double free_bytes(void)
{
    size_t left = 0, total = 0;
    return cudaMemGetInfo(&left, &total) ? 0 : (double)left;
}

// What one instance is said to take of the device.
static void estimate(struct job *job)
{
    struct wr_executor *executor;
    const struct wr_executor_options options = {.batch = job->batch.size};
    struct wr_memory memory;
    struct wr_error error;
    if (!open_executor(job, "cuda", false, &executor))
        return;
    if (check(job,
              executor->type->estimate(&job->program, &options, &options.batch, 1, &memory, &error),
              &error))
        job->result->estimated = (double)wr_memory_held(&memory);
    wr_executor_close(&executor);
}

// As runs do it: the graph replayed, one batch after the other.
static void measure_batches(struct job *job)
{
    struct wr_executor *executor;
    const double free_before = free_bytes();
    if (!open_executor(job, "cuda", false, &executor))
        return;
    const long before = allocations;
    double *times = calloc((size_t)job->batches, sizeof *times);
    if (!times)
        abort();
    bool good = true;
    for (int n = 0; good && n < job->batches; n++) {
        const double start = wr_now();
        good = submit(job, executor) && wait(job, executor);
        times[n] = wr_now() - start;
    }
    if (good) {
        job->result->held = free_before - free_bytes();
        job->result->first_over_median = times[0] / gpu_median(times, job->batches);
        job->result->allocations_per_batch = (double)(allocations - before) / job->batches;
        if (allocations > before)
            snprintf(job->result->problem, sizeof job->result->problem, "batches allocate memory");
    }
    free(times);
    wr_executor_close(&executor);
}

// Several instances take turns.
static void measure_instances(struct job *job, int count)
{
    struct wr_executor *executors[GPU_MOST_INSTANCES] = {NULL};
    bool good = true;
    for (int n = 0; good && n < count; n++)
        good = open_executor(job, "cuda", false, &executors[n]);
    const double start = wr_now();
    for (int n = 0; good && n < job->batches + count; n++) {
        struct wr_executor *executor = executors[n % count];
        good = (n < count || wait(job, executor)) && (n >= job->batches || submit(job, executor));
    }
    job->result->batches_per_second[count - 1] = job->batches / (wr_now() - start);
    for (int n = 0; n < count; n++)
        wr_executor_close(&executors[n]);
}

// Frames lie in pinned memory, as those of a job do.
static bool pin(struct job *job, const struct test_frames *frames)
{
    const cudaError_t result =
        cudaHostRegister(frames->memory, frames->bytes, cudaHostRegisterPortable);
    if (result != cudaSuccess && !job->result->problem[0])
        snprintf(job->result->problem, sizeof job->result->problem, "cannot pin frames: %s",
                 cudaGetErrorString(result));
    return result == cudaSuccess;
}

static void prepare_batch(struct job *job, const struct test_frames *in, int size)
{
    const size_t count = (size_t)size;
    job->in = calloc(count, sizeof *job->in);
    job->values = calloc(count * (size_t)job->program.value_count + 1, sizeof *job->values);
    if (!job->in || !job->values)
        abort();
    struct wr_program_state *state;
    if (wr_program_state_open(&state, &job->program, NULL))
        abort();
    for (int n = 0; n < size; n++) {
        const struct wr_moment moment = {n, n / 25.0};
        job->in[n] = in->images[n % in->count];
        wr_program_compute(state, &moment,
                           job->values + (size_t)n * (size_t)job->program.value_count);
    }
    wr_program_state_close(&state);
    job->out = test_frames_new(&job->program.output.format, size);
    job->batch = (struct wr_batch){
        .size = size, .valid = size, .in = job->in, .out = job->out.images, .values = job->values};
}

static void close_job(struct job *job)
{
    test_frames_free(&job->out);
    free(job->values);
    free(job->in);
    wr_program_close(&job->program);
}

// Begins a result: lowers the chain and counts; true if there was no problem.
static bool open_job(struct job *job, const char *chain, const struct wr_format *format, int batch)
{
    struct gpu_result *result = job->result;
    *result = (struct gpu_result){
        .width = format->width, .height = format->height, .depth = format->depth, .batch = batch};
    snprintf(result->chain, sizeof result->chain, "%s", chain);
    struct wr_error error;
    if (!check(job, test_lower(chain, format, &job->program, NULL, &error), &error))
        return false;
    if (job->program.pass_count > GPU_MOST_PASSES) {
        snprintf(result->problem, sizeof result->problem, "more than %d passes", GPU_MOST_PASSES);
        wr_program_close(&job->program);
        return false;
    }
    count_steps(job);
    return true;
}

void gpu_count(struct gpu_result *result, const char *chain, const struct wr_format *format,
               int batch)
{
    struct job job = {.result = result};
    if (open_job(&job, chain, format, batch))
        wr_program_close(&job.program);
}

void gpu_measure(struct gpu_result *result, const char *chain, const struct test_frames *in,
                 int batch, int batches)
{
    struct job job = {.batches = batches, .result = result};
    if (!open_job(&job, chain, &in->format, batch))
        return;
    prepare_batch(&job, in, batch);
    if (pin(&job, in) && pin(&job, &job.out)) {
        measure_steps(&job);
        measure_batches(&job);
        for (int n = 1; n <= GPU_MOST_INSTANCES; n++)
            measure_instances(&job, n);
        estimate(&job);
        cudaHostUnregister(job.out.memory);
    }
    cudaHostUnregister(in->memory);
    close_job(&job);
}

void gpu_compare(struct gpu_result *result, const struct test_frames *in)
{
    struct job job = {.result = result};
    struct wr_error error;
    if (!check(&job, test_lower(result->chain, &in->format, &job.program, NULL, &error), &error))
        return;
    prepare_batch(&job, in, in->count);
    struct test_frames outs[2] = {job.out, test_frames_new(&job.program.output.format, in->count)};
    static const char *const devices[] = {"cuda", "cpu"};
    bool good = true;
    for (int n = 0; n < 2; n++) {
        struct wr_executor *executor = NULL;
        job.batch.out = outs[n].images;
        good = good && open_executor(&job, devices[n], false, &executor) &&
               submit(&job, executor) && wait(&job, executor);
        wr_executor_close(&executor);
    }
    result->is_compared = good;
    if (good && !test_frames_equal(&outs[0], &outs[1]))
        snprintf(result->problem, sizeof result->problem, "differs from the CPU");
    test_frames_free(&outs[1]);
    close_job(&job);
}
