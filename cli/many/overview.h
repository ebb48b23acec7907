// SPDX-License-Identifier: MIT
// Shows how far a run with many inputs has come: a line for each job that runs, and one for all.
#pragma once

#include <pthread.h>

#include "cli/console.h"
#include "cli/options.h"

struct wr_overview;

// For at most `slots` jobs at a time, and for the file that --progress-to names: it tells of all
// jobs together.
enum wr_status wr_overview_open(struct wr_overview **overview, struct wr_console *console,
                                const struct wr_settings *settings, int slots,
                                struct wr_error *error);

// All below may be called from any thread, and from one at a time for each slot.

// How many inputs have not ended, those under way among them.
void wr_overview_set_left(struct wr_overview *overview, int left);

// A job begins, runs and ends in its slot. name is borrowed until the end. An input that is
// skipped only ends.
void wr_overview_begin(struct wr_overview *overview, int slot, const char *name);
void wr_overview_update(struct wr_overview *overview, int slot, const struct wr_progress *progress);
void wr_overview_end(struct wr_overview *overview, int slot);

// Says at once how far everything is, whatever the mode.
void wr_overview_say(struct wr_overview *overview);

// Wipes what is drawn, and ends the file. Tolerates NULL.
void wr_overview_close(struct wr_overview **overview);
