// SPDX-License-Identifier: MIT
// The list of executors, and the choice among them.
#include "lib/executor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// In order of preference.
static const struct wr_executor_type *const types[] = {
#ifdef WARPREEL_CUDA
    &wr_cuda_executor,
#endif
    &wr_cpu_executor,
};

enum { TYPES = sizeof types / sizeof types[0] };

static enum wr_status open_one(const struct wr_executor_type *type, struct wr_executor **executor,
                               const struct wr_program *program,
                               const struct wr_executor_options *options, struct wr_error *error)
{
    const enum wr_status status = type->open(executor, program, options, error);
    if (!status)
        (*executor)->device = options->device;
    return status;
}

static enum wr_status open_first_that_works(struct wr_executor **executor,
                                            const struct wr_program *program,
                                            const struct wr_executor_options *options, char *note,
                                            size_t note_size, struct wr_error *error)
{
    enum wr_status status = WR_FAILED;
    for (int n = 0; n < TYPES && status; n++) {
        status = open_one(types[n], executor, program, options, error);
        if (status && n + 1 < TYPES)
            snprintf(note, note_size, "%s; running on the %s instead", error->text,
                     types[n + 1]->name);
    }
    return status;
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

enum wr_status wr_executor_open(struct wr_executor **executor, const char *device,
                                const struct wr_program *program,
                                const struct wr_executor_options *options, char *note,
                                size_t note_size, struct wr_error *error)
{
    *executor = NULL;
    *note = '\0';
    if (!device || !strcmp(device, "auto"))
        return open_first_that_works(executor, program, options, note, note_size, error);
    for (int n = 0; n < TYPES; n++) {
        struct wr_executor_options chosen = *options;
        chosen.device = (int)device_number(device, types[n]->name);
        if (chosen.device >= 0)
            return open_one(types[n], executor, program, &chosen, error);
    }
    if (device_number(device, "cuda") >= 0)
        return wr_fail(error, WR_FAILED, "device '%s': this warpreel was built without CUDA",
                       device);
    return wr_fail(error, WR_USAGE, "no device '%s', there are auto, cpu, cuda and cuda:N", device);
}

enum wr_status wr_executor_open_like(struct wr_executor **executor, const struct wr_executor *like,
                                     const struct wr_program *program,
                                     const struct wr_executor_options *options,
                                     struct wr_error *error)
{
    struct wr_executor_options chosen = *options;
    chosen.device = like->device;
    return open_one(like->type, executor, program, &chosen, error);
}

void wr_executor_close(struct wr_executor **executor)
{
    if (*executor)
        (*executor)->type->close(*executor);
    *executor = NULL;
}
