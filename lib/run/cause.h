// SPDX-License-Identifier: MIT
// Why a job ends early: its first failure, or that it was cancelled.
//
// The threads of a job are stopped by their queues. What is kept here is only the cause, for the
// sentence at the end, and how often the job was cancelled, for work that takes long by itself.
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "lib/base/error.h"

struct wr_cause {
    pthread_mutex_t lock;
    struct wr_error first; // what failed first; later failures follow from it
    atomic_int cancelled;  // how often
    bool keep_partial;     // the first cancellation only ends the input
};

void wr_cause_open(struct wr_cause *cause, bool keep_partial);
void wr_cause_close(struct wr_cause *cause);

// Keeps error if it is the first. From any thread.
void wr_cause_note(struct wr_cause *cause, const struct wr_error *error);

// Non-zero once nobody wants the output any more: cancelled without keep_partial, or twice. The
// argument is a struct wr_cause, so that this can be a callback.
int wr_cause_is_given_up(void *cause);
