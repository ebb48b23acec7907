// SPDX-License-Identifier: MIT
// Reads an engine's options, starts the threads of its CPU executors, and remembers devices that
// have failed.
#include "lib/run/batches/resources.h"

#include <stdio.h>
#include <string.h>

#include "lib/run/batches/batch.h"

enum wr_status wr_resources_check(const struct wr_engine_options *options, struct wr_error *error)
{
    if (options->batch < 0 || options->batch > WR_MAX_BATCH)
        return wr_fail(error, WR_USAGE, "batch %d is not allowed, it takes 1 to %d, or 0 to choose",
                       options->batch, WR_MAX_BATCH);
    if (options->instances < 0 || options->instances > WR_MAX_INSTANCES)
        return wr_fail(error, WR_USAGE,
                       "instances %d is not allowed, it takes 1 to %d, or 0 to choose",
                       options->instances, WR_MAX_INSTANCES);
    if (options->memory_limit < 0)
        return wr_fail(error, WR_USAGE, "a memory limit of %lld bytes is not possible",
                       (long long)options->memory_limit);
    if (!(options->max_wait >= 0))
        return wr_fail(error, WR_USAGE, "a wait of %g seconds is not possible", options->max_wait);
    return WR_OK;
}

void wr_resources_open(struct wr_resources *resources, const struct wr_engine_options *options)
{
    *resources = (struct wr_resources){.options = *options};
    pthread_mutex_init(&resources->lock, NULL);
    wr_host_memory_open(&resources->host_memory);
}

void wr_resources_close(struct wr_resources *resources)
{
    wr_pool_close(&resources->pool);
    pthread_mutex_destroy(&resources->lock);
}

struct wr_executor_options wr_resources_executor(const struct wr_engine_options *options, int batch)
{
    return (struct wr_executor_options){
        .batch = batch, .threads = options->threads, .cpu_level = options->cpu_level};
}

int wr_resources_instances(const struct wr_engine_options *options, const char *device)
{
    // Two let the copies of one batch overlap the kernels of another; the CPU has nothing to
    // overlap.
    const int standard = strcmp(device, wr_cpu_executor.name) ? 2 : 1;
    return options->instances ? options->instances : standard;
}

enum wr_status wr_resources_pool(struct wr_resources *resources, const char *device,
                                 struct wr_pool **pool, struct wr_error *error)
{
    *pool = NULL;
    if (strcmp(device, wr_cpu_executor.name))
        return WR_OK;
    enum wr_status status = WR_OK;
    pthread_mutex_lock(&resources->lock);
    if (!resources->pool)
        status = wr_pool_open(&resources->pool, resources->options.threads, error);
    *pool = resources->pool;
    pthread_mutex_unlock(&resources->lock);
    return status;
}

struct wr_host_memory *wr_resources_host_memory(struct wr_resources *resources,
                                                const struct wr_executor *executor)
{
    const struct wr_host_memory_type *type = executor->type->host_memory;
    if (type && !resources->host_memory.type) {
        resources->host_memory.type = type;
        resources->host_memory.device = executor->device;
    }
    return type ? &resources->host_memory : NULL;
}

// ---- devices that have failed

static bool is_listed(const struct wr_device_list *list, const char *device)
{
    for (int n = 0; n < list->count; n++)
        if (!strcmp(list->names[n], device))
            return true;
    return false;
}

static void add(struct wr_device_list *list, const char *device)
{
    if (list->count < WR_MAX_DEVICES && !is_listed(list, device))
        snprintf(list->names[list->count++], sizeof list->names[0], "%s", device);
}

void wr_resources_leave_out(struct wr_resources *resources, const char *device)
{
    pthread_mutex_lock(&resources->lock);
    add(&resources->failed, device);
    pthread_mutex_unlock(&resources->lock);
}

bool wr_resources_has_failed(struct wr_resources *resources, const char *device)
{
    pthread_mutex_lock(&resources->lock);
    const bool has_failed = is_listed(&resources->failed, device);
    pthread_mutex_unlock(&resources->lock);
    return has_failed;
}

int wr_resources_drop_failed(struct wr_resources *resources, struct wr_device_list *list)
{
    struct wr_device_list left = {.count = 0};
    pthread_mutex_lock(&resources->lock);
    for (int n = 0; n < list->count; n++)
        if (!is_listed(&resources->failed, list->names[n]))
            add(&left, list->names[n]);
    pthread_mutex_unlock(&resources->lock);
    const int dropped = left.count ? list->count - left.count : 0;
    if (dropped)
        *list = left;
    return dropped;
}
