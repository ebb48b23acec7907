// SPDX-License-Identifier: MIT
// How many frames a batch may have, so that the executors of a program fit into memory.
#pragma once

#include "kernels/program/program.h"
#include "lib/warpreel.h"

// The batch that options ask for, or else the largest up to WR_STANDARD_BATCH that keeps all
// instances within what `taken` bytes leave of the memory limit. WR_OUT_OF_MEMORY where none does.
enum wr_status wr_instances_batch(const struct wr_engine_options *options, int64_t taken,
                                  const char *device, const struct wr_program *program, int *batch,
                                  struct wr_error *error);

// After executors for this batch could not get their memory: says how much they take and what is
// free, where that was too little. Returns WR_OUT_OF_MEMORY.
enum wr_status wr_instances_explain_shortage(const struct wr_engine_options *options,
                                             const char *device, const struct wr_program *program,
                                             int batch, struct wr_error *error);
