// SPDX-License-Identifier: MIT
// Turns SIGINT, SIGTERM and SIGHUP into wr_job_cancel() of all jobs, and SIGUSR1 into a word on how
// far they are.
#pragma once

#include <stdbool.h>

#include "lib/warpreel.h"

struct wr_signals;

// Called from the thread that waits for signals. Either may be NULL.
struct wr_signal_hooks {
    void *opaque;
    void (*show)(void *opaque);    // SIGUSR1: say how far everything is
    void (*stopped)(void *opaque); // the first signal that ends the run
};

// Call it before any other thread is started: all threads then leave the signals to this one.
enum wr_status wr_signals_open(struct wr_signals **signals, const struct wr_signal_hooks *hooks,
                               struct wr_error *error);

// To be called before a job is opened, or its report is written: until wr_signals_end a signal ends
// the program after a second. Returns false, and does nothing, if a signal has ended the run.
bool wr_signals_begin(struct wr_signals *signals);

// Names the job whose partial output is to be removed if a signal ends the program before
// wr_signals_watch. At most WR_SIGNAL_JOBS jobs at a time.
#define WR_SIGNAL_JOBS 64
void wr_signals_hold(struct wr_signals *signals, struct wr_job *job);

// From now on a signal cancels the job; so does one that has already come.
void wr_signals_watch(struct wr_signals *signals, struct wr_job *job);

// Ends what wr_signals_begin began, before wr_job_close. job NULL: it was not held.
void wr_signals_end(struct wr_signals *signals, struct wr_job *job);

// No hook is called any more, since what they use is to be closed; jobs are still cancelled.
// Tolerates NULL.
void wr_signals_drop_hooks(struct wr_signals *signals);

// Signals then end the program again, as by default. Tolerates NULL.
void wr_signals_close(struct wr_signals **signals);
