// SPDX-License-Identifier: MIT
// The threads of a batcher's instances, one each.
#pragma once

#include "lib/run/batches/batcher.h"

// Starts them. On failure wr_runners_end() ends those that run.
enum wr_status wr_runners_start(struct wr_batcher *batcher, struct wr_error *error);

// Lets each end the portion that it runs, and waits for them.
void wr_runners_end(struct wr_batcher *batcher);
