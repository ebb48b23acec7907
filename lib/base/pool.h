// SPDX-License-Identifier: MIT
// A pool of threads that share out numbered pieces of work.
#pragma once

#include "lib/base/error.h"

struct wr_pool;

// How many threads a pool opened for `threads` has.
int wr_pool_size(int threads);

// threads counts the caller of wr_pool_run, which works too; 0 for all processors.
enum wr_status wr_pool_open(struct wr_pool **pool, int threads, struct wr_error *error);
int wr_pool_threads(const struct wr_pool *pool);

// Calls work(context, item, worker) for every item below count; returns when all are done. worker
// is below wr_pool_threads and never the same in two calls at once. Several threads may share a
// pool: they take turns, in the order in which they came.
void wr_pool_run(struct wr_pool *pool, int count, void (*work)(void *context, int item, int worker),
                 void *context);
void wr_pool_close(struct wr_pool **pool); // tolerates NULL
