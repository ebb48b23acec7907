// SPDX-License-Identifier: MIT
// Turns SIGINT, SIGTERM and SIGHUP into wr_job_cancel().
#pragma once

#include "lib/warpreel.h"

struct wr_signals;

// Before any other thread is started, so that all of them leave the signals to ours.
enum wr_status wr_signals_open(struct wr_signals **signals, struct wr_error *error);

// The run is open: should the program end before it is watched, its partial output goes, too.
void wr_signals_hold(struct wr_signals *signals, struct wr_job *job);

// From now on a signal cancels the run, one that has come before included.
void wr_signals_watch(struct wr_signals *signals);

// Before wr_job_close(). From now on signals end the program, as they did before. Tolerates NULL.
void wr_signals_close(struct wr_signals **signals);
