// SPDX-License-Identifier: MIT
// Tries sizes of a batch, from the largest down, by what executors would hold for them.
#include "lib/run/batch_size.h"

#include <stdio.h>

#include "lib/run/device_list.h"
#include "lib/run/resources.h"

// What `count` executors hold together, for batches of this size; on a list of devices, as many as
// the options say for each. Fails only for lack of memory.
static enum wr_status held(const struct wr_engine_options *options, const char *device,
                           const struct wr_program *program, int count, int batch, int64_t *bytes,
                           int64_t *available, struct wr_error *error)
{
    const struct wr_executor_options executor = wr_resources_executor(options, batch);
    struct wr_device_list list;
    enum wr_status status = wr_device_list_read(&list, device, error);
    *bytes = 0;
    for (int n = 0; n < list.count && !status; n++) {
        struct wr_memory memory;
        status = wr_executor_estimate(list.names[n], program, &executor, &batch, 1, &memory, error);
        const int of_device =
            list.count == 1 ? count : wr_resources_instances(options, list.names[n]);
        *bytes += status ? 0 : of_device * wr_memory_held(&memory);
        if (available && !status)
            *available = memory.available;
    }
    return status;
}

// The largest batch, up to `most`, that fits into `room` bytes; 0 where none does.
static int largest_batch(const struct wr_engine_options *options, const char *device,
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

enum wr_status wr_instances_batch(const struct wr_engine_options *options, int64_t taken,
                                  const char *device, const struct wr_program *program, int *batch,
                                  struct wr_error *error)
{
    const int most = options->batch ? options->batch : WR_STANDARD_BATCH;
    *batch = most;
    if (!options->memory_limit)
        return WR_OK;
    const int64_t left = options->memory_limit - taken;
    const int count = wr_resources_instances(options, device);
    const int largest = largest_batch(options, device, program, count, most, left);
    *batch = largest;
    if (largest == most || (largest && !options->batch))
        return WR_OK;
    const int refused = options->batch ? options->batch : 1;
    int64_t bytes;
    const enum wr_status status =
        held(options, device, program, count, refused, &bytes, NULL, error);
    char room[96];
    if (taken)
        snprintf(room, sizeof room, "%lld of the memory limit of %lld are left", (long long)left,
                 (long long)options->memory_limit);
    else
        snprintf(room, sizeof room, "the memory limit is %lld", (long long)options->memory_limit);
    return status ? status : refuse_batch(device, count, refused, bytes, room, largest, error);
}

enum wr_status wr_instances_explain_shortage(const struct wr_engine_options *options,
                                             const char *device, const struct wr_program *program,
                                             int batch, struct wr_error *error)
{
    const int count = options->instances ? options->instances : 1;
    int64_t bytes, available;
    if (held(options, device, program, count, batch, &bytes, &available, NULL) ||
        bytes <= available || available < 0)
        return WR_OUT_OF_MEMORY;
    const int largest = largest_batch(options, device, program, count, batch - 1, available);
    char room[64];
    snprintf(room, sizeof room, "%lld are free", (long long)available);
    return refuse_batch(device, count, batch, bytes, room, largest, error);
}
