// SPDX-License-Identifier: MIT
// Tries sizes of a batch, from the largest down, by what executors would hold for them.
#include "lib/run/batches/batch_size.h"

#include <stdbool.h>
#include <stdio.h>

#include "lib/run/batches/device_list.h"
#include "lib/run/batches/resources.h"

// How many executors there are of each device that the text lists; of a list, as many as the
// options say.
static int of_each(const struct wr_engine_options *options, const struct wr_device_list *list,
                   int n, int count)
{
    return list->count == 1 ? count : wr_resources_instances(options, list->names[n]);
}

// What `count` executors hold together; on a list of devices, as many as the options say for each.
// Fails only for lack of memory.
static enum wr_status held(const struct wr_engine_options *options, const char *device,
                           const struct wr_program *program, int count,
                           const struct wr_instance_size *size, int64_t *bytes, int64_t *available,
                           struct wr_error *error)
{
    struct wr_executor_options executor = wr_resources_executor(options, size->batch);
    executor.room = size->room;
    struct wr_device_list list;
    enum wr_status status = wr_device_list_read(&list, device, error);
    *bytes = 0;
    for (int n = 0; n < list.count && !status; n++) {
        struct wr_memory memory;
        status = wr_executor_estimate(list.names[n], program, &executor, &size->batch, 1, &memory,
                                      error);
        *bytes += status ? 0 : of_each(options, &list, n, count) * wr_memory_held(&memory);
        if (available && !status)
            *available = memory.available;
    }
    return status;
}

static bool fits(const struct wr_engine_options *options, const char *device,
                 const struct wr_program *program, int count, const struct wr_instance_size *size,
                 int64_t room)
{
    int64_t bytes;
    return !held(options, device, program, count, size, &bytes, NULL, NULL) && bytes <= room;
}

// The largest batch, up to `most`, that fits into `room` bytes; 0 where none does. each: the room
// that an executor is told of.
static int largest_batch(const struct wr_engine_options *options, const char *device,
                         const struct wr_program *program, int count, int most, int64_t room,
                         int64_t each)
{
    for (int batch = most; batch > 0; batch--)
        if (fits(options, device, program, count, &(struct wr_instance_size){batch, each}, room))
            return batch;
    return 0;
}

// An equal part of `room` for each executor.
static int64_t share_of(const struct wr_engine_options *options, const char *device, int64_t room)
{
    struct wr_device_list list;
    struct wr_error error;
    int count = 0;
    if (!wr_device_list_read(&list, device, &error))
        for (int n = 0; n < list.count; n++)
            count += wr_resources_instances(options, list.names[n]);
    return count && room > count ? room / count : 1;
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

// Says why not even one frame, or not the batch that was asked for, fits into what is left.
static enum wr_status refuse_limit(const struct wr_engine_options *options, int64_t taken,
                                   const char *device, const struct wr_program *program,
                                   const struct wr_instance_size *size, int largest,
                                   struct wr_error *error)
{
    const int64_t left = options->memory_limit - taken;
    const int count = wr_resources_instances(options, device);
    int64_t bytes;
    char room[96];
    const enum wr_status status = held(options, device, program, count, size, &bytes, NULL, error);
    if (taken)
        snprintf(room, sizeof room, "%lld of the memory limit of %lld are left", (long long)left,
                 (long long)options->memory_limit);
    else
        snprintf(room, sizeof room, "the memory limit is %lld", (long long)options->memory_limit);
    return status ? status : refuse_batch(device, count, size->batch, bytes, room, largest, error);
}

enum wr_status wr_instances_choose_size(const struct wr_engine_options *options, int64_t taken,
                                        const char *device, const struct wr_program *program,
                                        struct wr_instance_size *size, struct wr_error *error)
{
    const int most = options->batch ? options->batch : WR_STANDARD_BATCH;
    *size = (struct wr_instance_size){most, 0};
    if (!options->memory_limit)
        return WR_OK;
    const int64_t left = options->memory_limit - taken;
    const int count = wr_resources_instances(options, device);
    int largest = largest_batch(options, device, program, count, most, left, 0);
    if (!largest) {
        const int64_t each = size->room = share_of(options, device, left);
        const struct wr_instance_size one = {1, each};
        if (fits(options, device, program, count, &one, left)) // most of the tries take long
            largest = largest_batch(options, device, program, count, most, left, each);
    }
    size->batch = options->batch ? options->batch : largest ? largest : 1;
    if (largest == most || (largest && !options->batch))
        return WR_OK;
    return refuse_limit(options, taken, device, program, size, largest, error);
}

enum wr_status wr_instances_explain_shortage(const struct wr_engine_options *options,
                                             const char *device, const struct wr_program *program,
                                             int batch, struct wr_error *error)
{
    const int count = options->instances ? options->instances : 1;
    const struct wr_instance_size size = {batch, 0};
    int64_t bytes, available;
    if (held(options, device, program, count, &size, &bytes, &available, NULL) ||
        bytes <= available || available < 0)
        return WR_OUT_OF_MEMORY;
    const int largest = largest_batch(options, device, program, count, batch - 1, available, 0);
    char room[64];
    snprintf(room, sizeof room, "%lld are free", (long long)available);
    return refuse_batch(device, count, batch, bytes, room, largest, error);
}
