// SPDX-License-Identifier: MIT
// What the threads of a crew share with each other and with their caller.
#pragma once

#include <pthread.h>

#include "cli/console.h"
#include "cli/many/entries.h"
#include "cli/many/journal.h"
#include "cli/many/overview.h"
#include "cli/signals.h"

// What the caller lends the threads.
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

struct wr_worker {
    struct wr_crew *crew;
    int slot;
    pthread_t thread;
    struct wr_entry *entry; // that it works on
};

struct wr_crew {
    struct wr_crew_options with;
    pthread_mutex_t lock; // over the entries' states and what follows
    pthread_cond_t changed;
    bool stopped, closing;
    int started;
    int running;        // workers that work on an entry, without those that wait for memory
    int64_t ended;      // entries
    int64_t given_back; // times that memory was given back: by an end, or a job that was not opened
    struct wr_worker workers[]; // with.jobs
};
