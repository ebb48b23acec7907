// SPDX-License-Identifier: MIT
// The devices of this build by name: which there are, how to open an executor on one, and what that
// would hold.
#pragma once

#include "lib/engine/cpu/cpu.h"
#include "lib/engine/executor.h"

// The devices to try for a name, in order: "auto" (or NULL) stands for all, any other name for
// itself. NULL behind the last.
const char *wr_executor_candidate(const char *name, int n);

// How many devices of this type there are: "cpu" or "cuda".
int wr_executor_device_count(const char *type);

// Refuses a device that this build does not know; it need not be there.
enum wr_status wr_executor_check(const char *device, struct wr_error *error);

// device: "cpu", "cuda" or "cuda:N". program must outlive the executor, which the caller is to
// close. On failure *executor is NULL; WR_OUT_OF_MEMORY: the device has not enough.
enum wr_status wr_executor_open(struct wr_executor **executor, const char *device,
                                const struct wr_program *program,
                                const struct wr_executor_options *options, struct wr_error *error);

// Tolerates NULL.
void wr_executor_close(struct wr_executor **executor);

// Fills memory[n] with what an executor opened like this would hold with batches[n], for each n
// below count; options->batch is not read. Needs no device.
enum wr_status wr_executor_estimate(const char *device, const struct wr_program *program,
                                    const struct wr_executor_options *options, const int *batches,
                                    int count, struct wr_memory *memory, struct wr_error *error);
