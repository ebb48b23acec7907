// SPDX-License-Identifier: MIT
// What executors of an engine are opened with: its options, and threads that they share.
#pragma once

#include <pthread.h>

#include "lib/engine/devices.h"
#include "lib/run/batches/device_list.h"
#include "lib/warpreel.h"

// Executors of one program at most: on each device, and on all.
#define WR_MAX_INSTANCES 8
#define WR_MAX_EXECUTORS 16

// Frames in a batch where nobody asks for a number.
#define WR_STANDARD_BATCH 16

struct wr_resources {
    struct wr_engine_options options;
    struct wr_host_memory host_memory; // of frames, for the devices that care; not open before
    pthread_mutex_t lock;              // of what follows
    struct wr_pool *pool;              // NULL until a CPU executor needs it
    struct wr_device_list failed;      // while they ran a batch that another device then did
};

// The options are copied. wr_resources_close() closes the threads, too; executors that use them
// must have been closed.
void wr_resources_open(struct wr_resources *resources, const struct wr_engine_options *options);
void wr_resources_close(struct wr_resources *resources);

// Refuses options that make no sense by themselves.
enum wr_status wr_resources_check(const struct wr_engine_options *options, struct wr_error *error);

// What an executor for batches of this size is opened with.
struct wr_executor_options wr_resources_executor(const struct wr_engine_options *options,
                                                 int batch);

// How many executors of one program the options ask for on a device.
int wr_resources_instances(const struct wr_engine_options *options, const char *device);

// The threads that CPU executors share, which the caller is to close last; NULL for other devices.
// From any thread: programs may have to go on on the CPU at the same time.
enum wr_status wr_resources_pool(struct wr_resources *resources, const char *device,
                                 struct wr_pool **pool, struct wr_error *error);

// Where frames for that executor are best; NULL: anywhere. Borrowed until the resources are closed.
// One thread at a time.
struct wr_host_memory *wr_resources_host_memory(struct wr_resources *resources,
                                                const struct wr_executor *executor);

// Remembers that a device has failed.
void wr_resources_leave_out(struct wr_resources *resources, const char *device);

bool wr_resources_has_failed(struct wr_resources *resources, const char *device);

// Takes the devices that have failed off the list, unless that leaves none. Returns how many.
int wr_resources_drop_failed(struct wr_resources *resources, struct wr_device_list *list);
