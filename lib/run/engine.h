// SPDX-License-Identifier: MIT
// What jobs share: the choice of a device and how it is used.
#pragma once

#include "lib/engine/devices.h"
#include "lib/warpreel.h"

// Executors of one program at most.
#define WR_MAX_INSTANCES 8

// Frames in a batch where nobody asks for a number.
#define WR_STANDARD_BATCH 16

struct wr_engine {
    struct wr_engine_options options;
};

// Refuses options that make no sense by themselves.
enum wr_status wr_engine_check(const struct wr_engine_options *options, struct wr_error *error);

// What an executor for batches of this size is opened with.
struct wr_executor_options wr_engine_executor(const struct wr_engine_options *options, int batch);

// How many executors of one program the options ask for on a device.
int wr_engine_instances(const struct wr_engine_options *options, const char *device);
