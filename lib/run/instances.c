// SPDX-License-Identifier: MIT
// Opens the executors of a run: chooses device, number of instances and batch.
#include "lib/run/instances.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/input/reader.h"

struct wr_executor_options wr_instances_options(const struct wr_options *options, int batch)
{
    return (struct wr_executor_options){
        .batch = batch, .threads = options->threads, .cpu_level = options->cpu_level};
}

int wr_instances_wanted(const struct wr_options *options, const char *device)
{
    // Two let the copies of one batch overlap the kernels of another; the CPU has nothing to
    // overlap.
    const int standard = strcmp(device, wr_cpu_executor.name) ? 2 : 1;
    return options->instances ? options->instances : standard;
}

// What `count` executors hold together, for batches of this size. Fails only for lack of memory.
static enum wr_status held(const struct wr_options *options, const char *device,
                           const struct wr_program *program, int count, int batch, int64_t *bytes,
                           int64_t *available, struct wr_error *error)
{
    const struct wr_executor_options executor = wr_instances_options(options, batch);
    struct wr_memory memory;
    const enum wr_status status =
        wr_executor_estimate(device, program, &executor, &batch, 1, &memory, error);
    if (status)
        return status;
    *bytes = count * wr_memory_held(&memory);
    if (available)
        *available = memory.available;
    return WR_OK;
}

// The largest batch, up to `most`, that fits into `room` bytes; 0 where none does.
static int largest_batch(const struct wr_options *options, const char *device,
                         const struct wr_program *program, int count, int most, int64_t room)
{
    for (int batch = most; batch > 0; batch--) {
        int64_t bytes;
        if (!held(options, device, program, count, batch, &bytes, NULL, NULL) && bytes <= room)
            return batch;
    }
    return 0;
}

// bytes: of `count` instances. room: a clause, "N are free".
static enum wr_status refuse_batch(const char *device, int count, int batch, int64_t bytes,
                                   const char *room, int largest, struct wr_error *error)
{
    char most[64] = "not even one frame at a time fits", instances[32] = "";
    if (count > 1)
        snprintf(instances, sizeof instances, " for %d instances", count);
    if (largest)
        snprintf(most, sizeof most, "the largest batch that fits is %d", largest);
    return wr_fail(error, WR_OUT_OF_MEMORY, "a batch of %d takes %lld bytes on %s%s, and %s: %s",
                   batch, (long long)bytes, device, instances, room, most);
}

enum wr_status wr_instances_batch(const struct wr_options *options, const char *device,
                                  const struct wr_program *program, int *batch,
                                  struct wr_error *error)
{
    const int most = options->batch ? options->batch : WR_STANDARD_BATCH;
    *batch = most;
    if (!options->memory_limit)
        return WR_OK;
    const int count = wr_instances_wanted(options, device);
    const int largest = largest_batch(options, device, program, count, most, options->memory_limit);
    *batch = largest;
    if (largest == most || (largest && !options->batch))
        return WR_OK;
    const int refused = options->batch ? options->batch : 1;
    int64_t bytes;
    const enum wr_status status =
        held(options, device, program, count, refused, &bytes, NULL, error);
    char room[64];
    snprintf(room, sizeof room, "the memory limit is %lld", (long long)options->memory_limit);
    return status ? status : refuse_batch(device, count, refused, bytes, room, largest, error);
}

enum wr_status wr_instances_try(const struct wr_options *options, const char *device,
                                const struct wr_program *program, struct wr_error *error)
{
    const struct wr_executor_options smallest = wr_instances_options(options, 1);
    struct wr_executor *executor;
    const enum wr_status status = wr_executor_open(&executor, device, program, &smallest, error);
    wr_executor_close(&executor);
    return status;
}

// After an executor could not get its memory: says how much is missing, where that was the
// device's.
static enum wr_status explain_shortage(const struct wr_run *run, const char *device, int batch,
                                       struct wr_error *error)
{
    const struct wr_options *options = &run->options;
    const int count = options->instances ? options->instances : 1;
    int64_t bytes, available;
    if (held(options, device, &run->program, count, batch, &bytes, &available, NULL) ||
        bytes <= available || available < 0)
        return WR_OUT_OF_MEMORY;
    const int largest = largest_batch(options, device, &run->program, count, batch - 1, available);
    char room[64];
    snprintf(room, sizeof room, "%lld are free", (long long)available);
    return refuse_batch(device, count, batch, bytes, room, largest, error);
}

// All that are wanted, or one at least where nobody asked for a number.
static enum wr_status open_all(struct wr_run *run, const char *device, int batch,
                               struct wr_error *error)
{
    struct wr_executor_options options = wr_instances_options(&run->options, batch);
    options.trace = run->trace;
    options.timed = run->options.batch_done != NULL;
    options.is_given_up = wr_is_given_up;
    options.opaque = run;
    const int wanted = wr_instances_wanted(&run->options, device);
    enum wr_status status = WR_OK;
    while (run->instance_count < wanted && !status) {
        struct wr_executor **executor = &run->instances[run->instance_count].executor;
        options.instance = run->instance_count;
        options.like = run->instances[0].executor;
        status = wr_executor_open(executor, device, &run->program, &options, error);
        run->instance_count += !status;
    }
    if (status && run->instance_count && !run->options.instances)
        return WR_OK;
    if (status)
        wr_instances_close(run);
    return status;
}

// The batch to begin with. That a limit is too low is said of devices that there are.
static enum wr_status choose_batch(const struct wr_run *run, const char *device, int *batch,
                                   struct wr_error *error)
{
    struct wr_error refusal;
    const enum wr_status status =
        wr_instances_batch(&run->options, device, &run->program, batch, &refusal);
    if (!status)
        return WR_OK;
    const enum wr_status tried = wr_instances_try(&run->options, device, &run->program, error);
    return tried && tried != WR_OUT_OF_MEMORY ? tried : wr_fail(error, status, "%s", refusal.text);
}

// On one device, with the batch halved as long as that helps.
static enum wr_status open_on(struct wr_run *run, const char *device, char *note, size_t note_size,
                              struct wr_error *error)
{
    int batch;
    enum wr_status status = choose_batch(run, device, &batch, error);
    if (status)
        return status;
    const int first = batch;
    while ((status = open_all(run, device, batch, error)) == WR_OUT_OF_MEMORY &&
           !run->options.batch && batch > 1)
        batch /= 2;
    if (status == WR_OUT_OF_MEMORY)
        return explain_shortage(run, device, batch, error);
    if (!status && batch < first)
        snprintf(note, note_size, "memory on %s is short: batches have %d frame%s instead of %d",
                 device, batch, batch == 1 ? "" : "s", first);
    run->report.batch = batch;
    return status;
}

void wr_instances_count(struct wr_run *run)
{
    run->report.memory = (struct wr_memory){0};
    for (int n = 0; n < run->instance_count; n++)
        wr_memory_add(&run->report.memory, &run->instances[n].executor->memory);
}

// Steps of a device: upload, passes, download.
static void take_times(const struct wr_run *run, const struct wr_instance *instance,
                       struct wr_batch_report *batch)
{
    const float *steps = instance->executor->step_milliseconds;
    if (!steps)
        return;
    batch->upload = steps[0];
    batch->kernels = 0;
    for (int k = 1; k <= run->program.pass_count; k++)
        batch->kernels += steps[k];
    batch->download = steps[run->program.pass_count + 1];
}

void wr_instances_tell(struct wr_run *run, const struct wr_instance *instance)
{
    if (!run->options.batch_done)
        return;
    const int before = run->report.memory.allocations;
    wr_instances_count(run);
    struct wr_batch_report batch = {
        .number = instance->frames.batch.number,
        .instance = (int)(instance - run->instances),
        .valid = instance->frames.valid,
        .padded = instance->frames.size - instance->frames.valid,
        .memory = run->report.memory,
        .allocations = run->report.memory.allocations - before,
        .kernels = 1e3 * instance->submitting,
    };
    take_times(run, instance, &batch);
    run->options.batch_done(run->options.opaque, &batch);
}

static const struct wr_arena_plan *followed(const struct wr_walk *walk, int route)
{
    return wr_arena_followed(&walk->arena, &walk->routes[route].plan);
}

// Where an arena lies is given in bytes from the first one's beginning.
static void add_blocks(struct wr_memory_plan *plan, const struct wr_arena_plan *from,
                       int64_t offset)
{
    for (int n = 0; n < from->record.count; n++) {
        const struct wr_arena_take *take = &from->record.takes[n];
        plan->blocks[plan->count++] =
            (struct wr_memory_block){take->label, offset + from->places.offsets[n],
                                     from->record.blocks[n].size, take->from, take->to};
    }
}

const struct wr_memory_plan *wr_get_memory_plan(struct wr_run *run)
{
    const struct wr_executor *executor = run->instances[0].executor;
    struct wr_memory_plan *plan = &run->memory_plan;
    size_t count = 0;
    for (int n = 0; n < executor->walk_count; n++)
        for (int r = 0; r < executor->walks[n].route_count; r++)
            count += (size_t)followed(&executor->walks[n], r)->record.count;
    struct wr_memory_block *blocks = realloc(plan->blocks, (count + 1) * sizeof *blocks);
    if (!blocks)
        return NULL;
    *plan = (struct wr_memory_plan){.peak = executor->memory.arena,
                                    .lower_bound = executor->memory.lower_bound,
                                    .blocks = blocks};
    for (int n = 0; n < executor->walk_count; n++) {
        const struct wr_walk *walk = &executor->walks[n];
        const int64_t offset = walk->arena.memory - executor->walks[0].arena.memory;
        for (int r = 0; r < walk->route_count; r++)
            add_blocks(plan, followed(walk, r), offset);
    }
    return plan;
}

static enum wr_status prepare(struct wr_run *run, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < run->instance_count && !status; n++)
        status = wr_frames_open(&run->instances[n].frames, run->state, run->report.batch,
                                run->instances[n].executor->portion,
                                wr_reader_time_base(run->reader), error);
    const struct wr_executor *first = run->instances[0].executor;
    first->type->describe(first, run->report.device, sizeof run->report.device);
    run->report.instances = run->instance_count;
    wr_instances_count(run);
    return status;
}

enum wr_status wr_instances_open(struct wr_run *run, char *note, size_t note_size,
                                 struct wr_error *error)
{
    const char *device;
    enum wr_status status = WR_FAILED;
    *note = '\0';
    for (int n = 0; (device = wr_executor_candidate(run->options.device, n)); n++) {
        char shortage[256] = "";
        const char *next = wr_executor_candidate(run->options.device, n + 1);
        status = open_on(run, device, shortage, sizeof shortage, error);
        if (!status && *shortage)
            snprintf(note, note_size, "%s", shortage);
        // Nobody wants a batch of his own choice on another device than the first.
        if (!status || !next || (status == WR_OUT_OF_MEMORY && run->options.batch))
            break;
        snprintf(note, note_size, "%s; running on the %s instead", error->text, next);
    }
    if (status == WR_OUT_OF_MEMORY) // what a caller of the library need not tell apart
        status = error->status = WR_FAILED;
    return status ? status : prepare(run, error);
}

void wr_instances_close(struct wr_run *run)
{
    for (int n = 0; n < WR_MAX_INSTANCES; n++) {
        wr_executor_close(&run->instances[n].executor);
        wr_frames_close(&run->instances[n].frames);
    }
    run->instance_count = 0;
}
