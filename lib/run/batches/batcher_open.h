// SPDX-License-Identifier: MIT
// Opening and closing batchers.
#pragma once

#include "lib/run/batches/batcher.h"

// Moves program into a new batcher; room for other programs' memory is `taken`. On failure
// *batcher is NULL and the program still the caller's. *note as for wr_instances_open.
enum wr_status wr_batcher_open(struct wr_batcher **batcher, struct wr_resources *resources,
                               struct wr_program *program, const struct wr_batcher_key *key,
                               const struct wr_batcher_how *how, int64_t taken,
                               struct wr_note *note, struct wr_error *error);

// All feeds must have left. Tolerates NULL.
void wr_batcher_close(struct wr_batcher **batcher);
