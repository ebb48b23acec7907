// SPDX-License-Identifier: MIT
// Threads that take entries and run them as jobs of one engine.
#pragma once

#include "cli/console.h"
#include "cli/many/entries.h"
#include "cli/many/journal.h"
#include "cli/many/overview.h"
#include "cli/signals.h"

struct wr_crew;

// What the threads share with their caller, all borrowed.
struct wr_crew_options {
    const struct wr_settings *settings;
    struct wr_entries *entries;
    struct wr_engine *engine;
    struct wr_signals *signals;
    struct wr_console *console;
    struct wr_overview *overview;
    struct wr_journal *journal; // NULL where nothing is kept
    int jobs;                   // threads
};

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
