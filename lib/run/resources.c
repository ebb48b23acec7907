// SPDX-License-Identifier: MIT
// Reads an engine's options, and starts the threads of its CPU executors.
#include "lib/run/resources.h"

#include <string.h>

#include "lib/run/batch.h"

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
    if (!resources->pool) {
        const enum wr_status status =
            wr_pool_open(&resources->pool, resources->options.threads, error);
        if (status)
            return status;
    }
    *pool = resources->pool;
    return WR_OK;
}
