// SPDX-License-Identifier: MIT
// Opens the executors of a run: chooses device, number of instances and batch.
#pragma once

#include "lib/engine/devices.h"
#include "lib/run/run.h"

// "auto" takes the first device that works. A batch that nobody asked for is halved while memory is
// short. `note` then says what was not the first choice and why, else it is empty. On failure none
// is open.
enum wr_status wr_instances_open(struct wr_run *run, char *note, size_t note_size,
                                 struct wr_error *error);
void wr_instances_close(struct wr_run *run);

// Tells the caller what the batch that this instance ran took.
void wr_instances_tell(struct wr_run *run, const struct wr_instance *instance);

// Brings the report's memory up to date.
void wr_instances_count(struct wr_run *run);

// How many executors options ask for on a device.
int wr_instances_wanted(const struct wr_options *options, const char *device);

// The batch that options ask for, or else the largest up to WR_STANDARD_BATCH that keeps all
// instances within the memory limit. WR_OUT_OF_MEMORY where none does.
enum wr_status wr_instances_batch(const struct wr_options *options, const char *device,
                                  const struct wr_program *program, int *batch,
                                  struct wr_error *error);

// Whether the device runs program, in batches of one frame.
enum wr_status wr_instances_try(const struct wr_options *options, const char *device,
                                const struct wr_program *program, struct wr_error *error);

struct wr_executor_options wr_instances_options(const struct wr_options *options, int batch);
