// SPDX-License-Identifier: MIT
// Opens and closes engines, and reads their options.
#include "lib/run/engine.h"

#include <stdlib.h>
#include <string.h>

#include "lib/run/batch.h"

struct wr_engine_options wr_default_engine_options(void)
{
    return (struct wr_engine_options){.device = "auto"};
}

enum wr_status wr_engine_check(const struct wr_engine_options *options, struct wr_error *error)
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
    return WR_OK;
}

struct wr_executor_options wr_engine_executor(const struct wr_engine_options *options, int batch)
{
    return (struct wr_executor_options){
        .batch = batch, .threads = options->threads, .cpu_level = options->cpu_level};
}

int wr_engine_instances(const struct wr_engine_options *options, const char *device)
{
    // Two let the copies of one batch overlap the kernels of another; the CPU has nothing to
    // overlap.
    const int standard = strcmp(device, wr_cpu_executor.name) ? 2 : 1;
    return options->instances ? options->instances : standard;
}

enum wr_status wr_engine_open(struct wr_engine **engine, const struct wr_engine_options *options,
                              struct wr_error *error)
{
    *engine = NULL;
    const enum wr_status status = wr_engine_check(options, error);
    if (status)
        return status;
    struct wr_engine *new = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->options = *options;
    *engine = new;
    return WR_OK;
}

void wr_engine_close(struct wr_engine **engine)
{
    free(*engine);
    *engine = NULL;
}
