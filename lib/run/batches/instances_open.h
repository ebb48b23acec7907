// SPDX-License-Identifier: MIT
// Opening and closing the instances of a program, and choosing their device.
#pragma once

#include "lib/run/batches/instances.h"

// Opens as many instances as the engine's options ask for. Of a list of devices, each gets them
// that has not failed for another program. Device "auto" is the first that works, or the CPU where
// that is expected to finish before a CUDA device (see cost.h).
//
// frames: how many will come, 0 if that is not known. taken: bytes of the memory limit that others
// hold. how: what else executors are opened with (trace, timed). While memory is short, the batch
// is halved, unless the options name its size. *note says so as a warning, or as information that a
// device cannot be used. program must outlive the instances. On failure none is open;
// WR_OUT_OF_MEMORY: there is no memory left.
enum wr_status wr_instances_open(struct wr_instances *instances, struct wr_resources *resources,
                                 const struct wr_program *program, int64_t taken,
                                 const struct wr_executor_options *how, int64_t frames,
                                 struct wr_note *note, struct wr_error *error);

// All of them must have been given back, or their users must have ended.
void wr_instances_close(struct wr_instances *instances);

// Opens an instance on the CPU, after the device that "auto" took has failed. NULL if that fails,
// too.
struct wr_instance *wr_instances_open_reserve(struct wr_instances *instances);

// The device to begin with, as the options say. For "auto" it is the CPU where that is expected to
// finish first; then the clause `why` says so, else it is "". device_is_ready: a CUDA device
// already runs another program.
const char *wr_instances_first_device(const struct wr_engine_options *options,
                                      const struct wr_program *program, int64_t frames,
                                      bool device_is_ready, char *why, size_t size);

// Whether the device runs program, in batches of one frame.
enum wr_status wr_instances_try(const struct wr_engine_options *options, const char *device,
                                const struct wr_program *program, struct wr_error *error);
