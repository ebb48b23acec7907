// SPDX-License-Identifier: MIT
// The list of executors, and the choice among them.
#include "lib/engine/devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/engine/cpu/cpu_levels.h"
#ifdef WARPREEL_CUDA_ARCHITECTURES
#include "lib/engine/cuda/cuda.h"
#endif

// In order of preference.
static const struct wr_executor_type *const types[] = {
#ifdef WARPREEL_CUDA_ARCHITECTURES
    &wr_cuda_executor,
#endif
    &wr_cpu_executor,
};

enum { TYPES = sizeof types / sizeof types[0] };

const char *wr_executor_candidate(const char *name, int n)
{
    if (name && strcmp(name, "auto"))
        return n ? NULL : name;
    return n < TYPES ? types[n]->name : NULL;
}

// "cpu", "cuda" or "cuda:N" with a small number; -1 where device is of another type.
static long device_number(const char *device, const char *name)
{
    const size_t length = strlen(name);
    if (strncmp(device, name, length))
        return -1;
    if (!device[length])
        return 0;
    if (!strcmp(name, wr_cpu_executor.name))
        return -1; // there is but one
    char *end;
    const long number = device[length] == ':' ? strtol(device + length + 1, &end, 10) : -1;
    return number >= 0 && end != device + length + 1 && !*end && number < 1024 ? number : -1;
}

static enum wr_status find_type(const char *device, const struct wr_executor_type **type,
                                int *number, struct wr_error *error)
{
    for (int n = 0; n < TYPES; n++)
        if ((*number = (int)device_number(device, types[n]->name)) >= 0) {
            *type = types[n];
            return WR_OK;
        }
    if (device_number(device, "cuda") >= 0)
        return wr_fail(error, WR_FAILED, "device '%s': this warpreel was built without CUDA",
                       device);
    return wr_fail(error, WR_USAGE, "no device '%s', there are auto, cpu, cuda and cuda:N", device);
}

enum wr_status wr_executor_check(const char *device, struct wr_error *error)
{
    const struct wr_executor_type *type;
    int number;
    return find_type(device, &type, &number, error);
}

int wr_executor_device_count(const char *type)
{
#ifdef WARPREEL_CUDA_ARCHITECTURES
    if (!strcmp(type, wr_cuda_executor.name))
        return wr_cuda_device_count();
#endif
    return !strcmp(type, wr_cpu_executor.name);
}

enum wr_status wr_executor_open(struct wr_executor **executor, const char *device,
                                const struct wr_program *program,
                                const struct wr_executor_options *options, struct wr_error *error)
{
    *executor = NULL;
    const struct wr_executor_type *type = NULL;
    struct wr_executor_options chosen = *options;
    const enum wr_status status = find_type(device, &type, &chosen.device, error);
    return status ? status : type->open(executor, program, &chosen, error);
}

enum wr_status wr_executor_estimate(const char *device, const struct wr_program *program,
                                    const struct wr_executor_options *options, const int *batches,
                                    int count, struct wr_memory *memory, struct wr_error *error)
{
    const struct wr_executor_type *type = NULL;
    struct wr_executor_options chosen = *options;
    const enum wr_status status = find_type(device, &type, &chosen.device, error);
    return status ? status : type->estimate(program, &chosen, batches, count, memory, error);
}

void wr_executor_close(struct wr_executor **executor)
{
    if (*executor)
        (*executor)->type->close(*executor);
    *executor = NULL;
}

enum wr_status wr_engine_describe(struct wr_engine_info *info, const char *cpu_level,
                                  struct wr_error *error)
{
    *info = (struct wr_engine_info){0};
#ifdef WARPREEL_CUDA_ARCHITECTURES
    info->cuda = WARPREEL_CUDA_ARCHITECTURES;
#endif
    const struct wr_cpu_level *level;
    for (const struct wr_cpu_level *l = wr_cpu_levels; l->name; l++) {
        char *const text = info->cpu_levels;
        const size_t used = strlen(text);
        if (!wr_cpu_level_choose(l->name, &level, NULL))
            snprintf(text + used, sizeof(info->cpu_levels) - used, "%s%s", used ? ", " : "",
                     l->name);
    }
    const enum wr_status status = wr_cpu_level_choose(cpu_level, &level, error);
    info->cpu_level = status ? NULL : level->name;
    return status;
}
