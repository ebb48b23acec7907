// SPDX-License-Identifier: MIT
// What a run with many inputs would hold.
#pragma once

#include "cli/console.h"
#include "cli/options.h"

// Says it as a table, and as a report where one is asked for. Inputs for which that fails are said
// and left out; then the run fails at its end.
enum wr_status wr_many_estimate(struct wr_settings *settings, struct wr_console *console,
                                struct wr_error *error);
