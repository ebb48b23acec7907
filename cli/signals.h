// SPDX-License-Identifier: MIT
// Turns SIGINT, SIGTERM and SIGHUP into wr_job_cancel().
#pragma once

#include "lib/warpreel.h"

struct wr_signals;

// Call it before any other thread is started: all threads then leave the signals to this one.
enum wr_status wr_signals_open(struct wr_signals **signals, struct wr_error *error);

// Names the job whose partial output is to be removed if a signal ends the program before
// wr_signals_watch.
void wr_signals_hold(struct wr_signals *signals, struct wr_job *job);

// From now on a signal cancels the job; so does one that has already come.
void wr_signals_watch(struct wr_signals *signals);

// Call it before wr_job_close. Signals then end the program again, as by default. Tolerates NULL.
void wr_signals_close(struct wr_signals **signals);
