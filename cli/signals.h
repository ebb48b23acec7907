// SPDX-License-Identifier: MIT
// Turns SIGINT, SIGTERM and SIGHUP into wr_cancel().
#pragma once

#include "lib/warpreel.h"

struct wr_signals;

// Before any other thread is started, so that all of them leave the signals to ours.
enum wr_status wr_signals_open(struct wr_signals **signals, struct wr_error *error);

// From now on a signal cancels run, one that has come before included.
void wr_signals_watch(struct wr_signals *signals, struct wr_run *run);

// Before wr_close(). Tolerates NULL.
void wr_signals_close(struct wr_signals **signals);
