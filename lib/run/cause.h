// SPDX-License-Identifier: MIT
// Why a job ends early: its first failure, or that it was cancelled.
//
// The threads of a job are stopped by their queues, all of them at once: one that waits for a
// stalled input has to hear of a full disk at the other end. What is kept besides is the cause, for
// the sentence at the end, and how often the job was cancelled, for work that takes long by itself.
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "lib/base/queue.h"

struct wr_cause {
    pthread_mutex_t lock;
    struct wr_error first;          // what failed first; later failures follow from it
    atomic_int cancelled;           // how often
    bool keep_partial;              // the first cancellation only ends the input
    struct wr_queue *const *queues; // of the job, NULL where one is not open
    int queue_count;
};

// queues stay the caller's and may be opened later.
void wr_cause_open(struct wr_cause *cause, bool keep_partial, struct wr_queue *const *queues,
                   int queue_count);
void wr_cause_close(struct wr_cause *cause);

// Keeps error if it is the first. From any thread.
void wr_cause_note(struct wr_cause *cause, const struct wr_error *error);

// Finishes every queue of the job. The status is WR_END where the output has all it wants, and a
// failure elsewhere. From any thread.
void wr_cause_stop(struct wr_cause *cause, int status);

// Finishes `last` and the queues before it: what has come through is still written. From any
// thread.
void wr_cause_stop_before(struct wr_cause *cause, const struct wr_queue *last, int status);

// Non-zero once nobody wants the output any more: cancelled without keep_partial, or twice. The
// argument is a struct wr_cause, so that this can be a callback.
int wr_cause_is_given_up(void *cause);
