// SPDX-License-Identifier: MIT
// Chooses a device, opens its executors with a batch each, and closes them.
#include "lib/run/batches/instances_open.h"

#include <stdio.h>
#include <string.h>

#include "lib/run/batches/batch_size.h"
#include "lib/run/batches/cost.h"
#include "lib/run/batches/device_list.h"

// ---- the device

// Whether there is a choice: "auto", in a build with CUDA.
static bool can_choose(const struct wr_engine_options *options)
{
    return wr_executor_candidate(options->device, 1) != NULL;
}

enum wr_status wr_instances_try(const struct wr_engine_options *options, const char *device,
                                const struct wr_program *program, struct wr_error *error)
{
    const struct wr_executor_options smallest = wr_resources_executor(options, 1);
    struct wr_device_list list;
    enum wr_status status = wr_device_list_read(&list, device, error);
    for (int n = 0; n < list.count && !status; n++) {
        struct wr_executor *executor;
        status = wr_executor_open(&executor, list.names[n], program, &smallest, error);
        wr_executor_close(&executor);
    }
    return status;
}

const char *wr_instances_first_device(const struct wr_engine_options *options,
                                      const struct wr_program *program, int64_t frames,
                                      bool device_is_ready, char *why, size_t size)
{
    const char *first = wr_executor_candidate(options->device, 0);
    const struct wr_workload work = {
        .frames = frames,
        .jobs = options->jobs > 0 ? options->jobs : 1,
        .threads = wr_pool_size(options->threads),
        .device_is_ready = device_is_ready,
    };
    const struct wr_cost cost = wr_cost_of(program);
    *why = '\0';
    if (!can_choose(options) || !wr_cost_prefers_cpu(&cost, &work, why, size))
        return first;
    return wr_cpu_executor.name;
}

// ---- opening

// What the steps of opening share.
struct opening {
    struct wr_instances *instances;
    struct wr_resources *resources;
    const struct wr_engine_options *options; // the engine's
    int64_t taken;                           // of the memory limit
    const struct wr_executor_options *how;
};

static void close_executors(struct wr_instances *instances)
{
    for (int n = 0; n < WR_MAX_EXECUTORS; n++)
        wr_executor_close(&instances->items[n].executor);
    instances->count = 0;
}

// All that are wanted on one device, or one at least where nobody asked for a number.
static enum wr_status open_device(const struct opening *o, const char *device,
                                  const struct wr_instance_size *size, struct wr_error *error)
{
    struct wr_instances *instances = o->instances;
    struct wr_executor_options options = wr_resources_executor(o->options, size->batch);
    options.room = size->room;
    options.trace = o->how->trace;
    options.timed = o->how->timed;
    const int first = instances->count;
    const int end = first + wr_resources_instances(o->options, device);
    if (end > WR_MAX_EXECUTORS)
        return wr_fail(error, WR_USAGE, "more than %d instances on all devices together",
                       WR_MAX_EXECUTORS);
    enum wr_status status = wr_resources_pool(o->resources, device, &options.pool, error);
    while (instances->count < end && !status) {
        struct wr_instance *instance = &instances->items[instances->count];
        options.instance = instance->number = instances->count;
        options.like = instances->items[first].executor;
        snprintf(instance->device, sizeof instance->device, "%s", device);
        status = wr_executor_open(&instance->executor, device, instances->program, &options, error);
        instances->count += !status;
    }
    return status && instances->count > first && !o->options->instances ? WR_OK : status;
}

static enum wr_status open_all(const struct opening *o, const char *device,
                               const struct wr_instance_size *size, struct wr_error *error)
{
    struct wr_device_list list;
    enum wr_status status = wr_device_list_read(&list, device, error);
    wr_resources_drop_failed(o->resources, &list);
    for (int n = 0; n < list.count && !status; n++)
        status = open_device(o, list.names[n], size, error);
    if (status)
        close_executors(o->instances);
    return status;
}

// The size to begin with. Only a device that is there can have too low a limit.
static enum wr_status choose_size(const struct opening *o, const char *device,
                                  struct wr_instance_size *size, struct wr_error *error)
{
    const struct wr_program *program = o->instances->program;
    struct wr_error refusal;
    const enum wr_status status =
        wr_instances_choose_size(o->options, o->taken, device, program, size, &refusal);
    if (!status)
        return WR_OK;
    const enum wr_status tried = wr_instances_try(o->options, device, program, error);
    return tried && tried != WR_OUT_OF_MEMORY ? tried : wr_fail(error, status, "%s", refusal.text);
}

static void note_smaller_batch(struct wr_note *note, enum wr_log_level level, const char *cause,
                               int batch, int usual)
{
    note->level = level;
    snprintf(note->text, sizeof note->text, "%s: batches have %d frame%s instead of %d", cause,
             batch, batch == 1 ? "" : "s", usual);
}

// On one device, with the batch halved as long as that helps.
static enum wr_status open_on(const struct opening *o, const char *device, struct wr_note *note,
                              struct wr_error *error)
{
    struct wr_instance_size size;
    enum wr_status status = choose_size(o, device, &size, error);
    if (status)
        return status;
    const int first = size.batch, usual = o->options->batch ? o->options->batch : WR_STANDARD_BATCH;
    while ((status = open_all(o, device, &size, error)) == WR_OUT_OF_MEMORY && !o->options->batch &&
           size.batch > 1)
        size.batch /= 2;
    if (status == WR_OUT_OF_MEMORY)
        return wr_instances_explain_shortage(o->options, device, o->instances->program, size.batch,
                                             error);
    if (!status && size.batch < first) {
        char cause[320];
        snprintf(cause, sizeof cause, "memory on %s is short", device);
        note_smaller_batch(note, WR_LOG_WARNING, cause, size.batch, first);
    } else if (!status && size.batch < usual) {
        note_smaller_batch(note, WR_LOG_WARNING, "the memory limit has no room for more",
                           size.batch, usual);
        note->once = true;
    }
    o->instances->batch = size.batch;
    return status;
}

static enum wr_status open_on_any(const struct opening *o, int64_t frames, struct wr_note *note,
                                  struct wr_error *error)
{
    const char *device;
    enum wr_status status = WR_FAILED;
    *note = (struct wr_note){0};
    char why[256];
    device = wr_instances_first_device(o->options, o->instances->program, frames,
                                       o->resources->host_memory.type, why, sizeof why);
    if (!*why && can_choose(o->options) && wr_resources_has_failed(o->resources, device)) {
        snprintf(why, sizeof why, "%s has failed before", device);
        device = wr_cpu_executor.name;
    }
    if (*why) {
        note->level = WR_LOG_INFO;
        snprintf(note->text, sizeof note->text, "running on the %s: %s", device, why);
        return open_on(o, device, note, error);
    }
    for (int n = 0; (device = wr_executor_candidate(o->options->device, n)); n++) {
        const char *next = wr_executor_candidate(o->options->device, n + 1);
        status = open_on(o, device, note, error);
        // A batch that somebody asked for is not tried on another device than the first.
        if (!status || !next || (status == WR_OUT_OF_MEMORY && o->options->batch))
            break;
        note->level = status == WR_OUT_OF_MEMORY ? WR_LOG_WARNING : WR_LOG_INFO;
        snprintf(note->text, sizeof note->text, "%s; running on the %s instead", error->text, next);
    }
    return status;
}

// "cuda:0 (NVIDIA ...), cpu (avx2, 4 threads)".
static void describe(struct wr_instances *instances)
{
    size_t used = 0;
    const char *last = "";
    *instances->device = '\0';
    for (int n = 0; n < instances->count; n++) {
        const struct wr_instance *instance = &instances->items[n];
        if (!strcmp(instance->device, last) || used + 2 >= sizeof instances->device)
            continue;
        if (used)
            used +=
                (size_t)snprintf(instances->device + used, sizeof instances->device - used, ", ");
        instance->executor->type->describe(instance->executor, instances->device + used,
                                           sizeof instances->device - used);
        used += strlen(instances->device + used);
        last = instance->device;
    }
}

enum wr_status wr_instances_open(struct wr_instances *instances, struct wr_resources *resources,
                                 const struct wr_program *program, int64_t taken,
                                 const struct wr_executor_options *how, int64_t frames,
                                 struct wr_note *note, struct wr_error *error)
{
    *instances = (struct wr_instances){.program = program, .resources = resources};
    const struct opening opening = {instances, resources, &resources->options, taken, how};
    enum wr_status status = open_on_any(&opening, frames, note, error);
    for (int n = 0; n < instances->count && !status; n++) {
        struct wr_instance *instance = &instances->items[n];
        instance->memory = instance->executor->memory;
        if (!instances->host_memory)
            instances->host_memory = wr_resources_host_memory(resources, instance->executor);
        status = wr_frames_open(&instance->frames, program, instances->batch,
                                instance->executor->portion, error);
    }
    if (status) {
        wr_instances_close(instances);
        return status;
    }
    instances->trace = how->trace;
    instances->has_reserve = can_choose(&resources->options) &&
                             strcmp(instances->items[0].device, wr_cpu_executor.name) != 0;
    describe(instances);
    return WR_OK;
}

struct wr_instance *wr_instances_open_reserve(struct wr_instances *instances)
{
    const char *device = wr_cpu_executor.name;
    struct wr_resources *resources = instances->resources;
    struct wr_executor_options options =
        wr_resources_executor(&resources->options, instances->batch);
    if (!instances->has_reserve || instances->count == WR_MAX_EXECUTORS)
        return NULL;
    instances->has_reserve = false;
    struct wr_instance *instance = &instances->items[instances->count];
    options.trace = instances->trace;
    options.instance = instance->number = instances->count;
    snprintf(instance->device, sizeof instance->device, "%s", device);
    if (wr_resources_pool(resources, device, &options.pool, NULL) ||
        wr_executor_open(&instance->executor, device, instances->program, &options, NULL))
        return NULL;
    if (wr_frames_open(&instance->frames, instances->program, instances->batch,
                       instance->executor->portion, NULL)) {
        wr_executor_close(&instance->executor);
        return NULL;
    }
    instance->memory = instance->executor->memory;
    instances->count++;
    describe(instances);
    return instance;
}

void wr_instances_close(struct wr_instances *instances)
{
    close_executors(instances);
    for (int n = 0; n < WR_MAX_EXECUTORS; n++)
        wr_frames_close(&instances->items[n].frames);
}
