// SPDX-License-Identifier: MIT
// Threads that take entries and run them as jobs of one engine.
#pragma once

#include "cli/many/crew_parts.h"

// Starts the threads. On failure *crew is NULL.
enum wr_status wr_crew_open(struct wr_crew **crew, const struct wr_crew_options *options,
                            struct wr_error *error);

// Keeps the threads from the entries, so that the caller can change those that do not run.
void wr_crew_pause(struct wr_crew *crew);
void wr_crew_resume(struct wr_crew *crew);

// Waits for so many seconds, or less if the crew is stopped; false then.
bool wr_crew_wait(struct wr_crew *crew, double seconds);

// No entry is begun any more; from any thread.
void wr_crew_stop(struct wr_crew *crew);

// Waits until no entry waits or runs, and ends the threads.
void wr_crew_finish(struct wr_crew *crew);

// After wr_crew_finish. Tolerates NULL.
void wr_crew_close(struct wr_crew **crew);
