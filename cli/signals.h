// SPDX-License-Identifier: MIT
// Turns SIGINT, SIGTERM and SIGHUP into wr_job_cancel().
#pragma once

#include "lib/warpreel.h"

struct wr_signals;

// What signals end: one job, or many.
struct wr_signals_target {
    void (*cancel)(void *what);
    void (*abandon)(void *what); // before the program ends without closing anything
    void *what;
};

// Call it before any other thread is started: all threads then leave the signals to this one.
enum wr_status wr_signals_open(struct wr_signals **signals, struct wr_error *error);

// Names what is to be abandoned if a signal ends the program before wr_signals_watch.
void wr_signals_hold(struct wr_signals *signals, const struct wr_signals_target *target);

// One job as a target.
struct wr_signals_target wr_signals_job(struct wr_job *job);

// From now on a signal cancels the target; so does one that has already come.
void wr_signals_watch(struct wr_signals *signals);

// Call it before wr_job_close. Signals then end the program again, as by default. Tolerates NULL.
void wr_signals_close(struct wr_signals **signals);
