// SPDX-License-Identifier: MIT
// What a thread of a crew does with one entry: it opens a job, runs it and says how it ended.
#pragma once

#include "cli/many/crew_parts.h"

// Runs the entry that the worker has taken, and returns how it ended. Where it is not done, error
// has a sentence. An entry that finds no memory waits until another one has ended; it fails where
// no other one runs.
enum wr_entry_state wr_crew_run_entry(struct wr_worker *worker, struct wr_error *error);

// Says why the entry is not as it should be, also with --quiet, where no table follows.
void wr_crew_say_trouble(const struct wr_worker *worker, enum wr_entry_state state,
                         const struct wr_error *error);

// Lets threads share as many heaps as there are processors. glibc has eight times as many, and each
// keeps gaps that only its own threads fill, so that memory grew from file to file. Call it before
// there are other threads.
void wr_crew_share_heaps(void);

// Gives memory that the threads of a job leave behind back to the system: those of the next job do
// not find it, so it would add up. The first call has to come while there is one thread. Where
// another allocator stands in for glibc's, such as a sanitizer's, that call sets up glibc's, which
// two threads must not do at once.
void wr_crew_give_back_memory(void);
