// SPDX-License-Identifier: MIT
// What jobs share: programs with their instances, the threads of the CPU, the memory limit.
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "lib/run/batches/batcher.h"

struct wr_engine {
    struct wr_resources resources; // by the lock, but for the options
    pthread_mutex_t lock;          // of all that follows
    struct wr_batcher *batchers;   // one for each program
    struct wr_engine_report past;  // of batchers that are closed
    atomic_flag has_said;          // to one job what is news once
};

// The batcher of a finished program. Where one with the same key does the same, that one is shared,
// and program is closed; else program moves into a new one. If `how` asks for anything, the
// job gets a batcher of its own. programs_left: how many the job is still going to join, with this
// one; it gets no more than its share of what is left of the memory limit. On failure *batcher is
// NULL and the program still the caller's; WR_OUT_OF_MEMORY: other jobs hold what it needs. *note
// as for wr_instances_open. From any thread.
enum wr_status wr_engine_join(struct wr_engine *engine, struct wr_program *program,
                              const struct wr_batcher_key *key, const struct wr_batcher_how *how,
                              int programs_left, struct wr_batcher **batcher, struct wr_note *note,
                              struct wr_error *error);

// The caller's feed must have left. A batcher that nobody uses is kept until another is opened.
// Tolerates NULL.
void wr_engine_leave(struct wr_engine *engine, struct wr_batcher **batcher);
