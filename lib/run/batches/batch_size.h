// SPDX-License-Identifier: MIT
// How many frames a batch may have, and how much memory an executor may take, so that the executors
// of a program fit into memory.
#pragma once

#include "kernels/program/program.h"
#include "lib/warpreel.h"

struct wr_instance_size {
    int batch;
    int64_t room; // as in wr_executor_options
};

// The batch that options ask for, or else the largest up to WR_STANDARD_BATCH that keeps all
// instances within what `taken` bytes leave of the memory limit: where none does, with executors
// that take more time to hold less. WR_OUT_OF_MEMORY where that does not help either.
enum wr_status wr_instances_choose_size(const struct wr_engine_options *options, int64_t taken,
                                        const char *device, const struct wr_program *program,
                                        struct wr_instance_size *size, struct wr_error *error);

// After executors for this batch could not get their memory: says how much they take and what is
// free, where that was too little. Returns WR_OUT_OF_MEMORY.
enum wr_status wr_instances_explain_shortage(const struct wr_engine_options *options,
                                             const char *device, const struct wr_program *program,
                                             int batch, struct wr_error *error);
