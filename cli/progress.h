// SPDX-License-Identifier: MIT
// Shows how far a run has come, to a person or to a program.
#pragma once

#include <stdbool.h>

#include "cli/console.h"
#include "cli/options.h"
#include "lib/warpreel.h"

struct wr_display {
    struct wr_console *console;
    enum wr_progress_mode mode; // WR_PROGRESS_AUTO has been settled
    const char *job;            // which of many it is, for a program; NULL for the only one
    double shown;               // when something was shown last, on the run's own clock
    struct wr_progress latest;
    bool pending; // latest has not been shown yet
};

// With WR_PROGRESS_AUTO: a bar if stderr is a terminal and neither --quiet nor --verbose was given.
void wr_display_open(struct wr_display *display, struct wr_console *console,
                     enum wr_progress_mode mode);

// Shows at most ten times a second; from one thread at a time.
void wr_display_update(struct wr_display *display, const struct wr_progress *progress);

// Wipes the bar, or shows the last state to a program.
void wr_display_close(struct wr_display *display);
