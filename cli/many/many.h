// SPDX-License-Identifier: MIT
// A run with many inputs: each becomes a job of one engine, several at a time.
#pragma once

#include "cli/console.h"
#include "cli/options.h"

// Finds the inputs, makes all outputs, and says at the end what became of each. One that fails does
// not stop the others. WR_FAILED if any failed, else WR_DIFFERS if any was not as expected, else
// WR_DAMAGED if any was damaged; WR_INTERRUPTED if the run was ended by a signal.
enum wr_status wr_many_run(struct wr_settings *settings, struct wr_console *console,
                           struct wr_error *error);
