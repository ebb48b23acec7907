// SPDX-License-Identifier: MIT
// Opening and closing the instances of a program, and choosing their device.
#pragma once

#include "lib/run/instances.h"

// Opens as many as the engine's options ask for, on each device of a list that has not failed for
// another program. Device "auto" takes the first that works, but the CPU where that is expected to
// be done before a CUDA device (see cost.h), of `frames` frames, 0 if nobody knows how many. A
// batch that nobody asked for is halved while memory is short. taken: bytes of the memory limit
// that others hold. `how` says what else executors are opened with (trace, timed). Sets
// *note: short memory is a warning, a device that cannot be used only information. program must
// outlive the instances. On failure none is open; WR_OUT_OF_MEMORY: there is no memory left.
enum wr_status wr_instances_open(struct wr_instances *instances, struct wr_resources *resources,
                                 const struct wr_program *program, int64_t taken,
                                 const struct wr_executor_options *how, int64_t frames,
                                 struct wr_note *note, struct wr_error *error);

// All of them must have been given back, or their users must have ended.
void wr_instances_close(struct wr_instances *instances);

// After the device that "auto" took has failed: opens an instance on the CPU, which NULL says there
// cannot be.
struct wr_instance *wr_instances_open_reserve(struct wr_instances *instances);

// The device to begin with: as the options say, but under "auto" the CPU where that is expected to
// be done first. Then the clause `why` says so, else it is "". device_is_ready: a CUDA device runs
// another program already.
const char *wr_instances_first_device(const struct wr_engine_options *options,
                                      const struct wr_program *program, int64_t frames,
                                      bool device_is_ready, char *why, size_t size);

// Whether the device runs program, in batches of one frame.
enum wr_status wr_instances_try(const struct wr_engine_options *options, const char *device,
                                const struct wr_program *program, struct wr_error *error);
