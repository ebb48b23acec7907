// SPDX-License-Identifier: MIT
// Shows how far a run has come, to a person or to a program.
#pragma once

#include <pthread.h>
#include <stdbool.h>

#include "cli/console.h"
#include "cli/options.h"
#include "cli/progress_file.h"
#include "lib/warpreel.h"

struct wr_display {
    struct wr_console *console;
    pthread_mutex_t lock;       // over what follows
    enum wr_progress_mode mode; // WR_PROGRESS_AUTO has been settled
    double shown;               // when something was shown last, on the run's own clock
    struct wr_progress latest;
    bool pending;                 // latest has not been shown yet
    struct wr_progress_file file; // as ffmpeg writes it
};

// Settles WR_PROGRESS_AUTO: a bar if stderr is a terminal and neither --quiet nor --verbose was
// given.
enum wr_progress_mode wr_progress_settle(enum wr_progress_mode mode,
                                         const struct wr_console *console);

// "45%  120 frames  22.0 fps  ETA 0:10" and a bar, as far as they are known and fit on the terminal
// beside `taken` columns.
void wr_progress_write(char line[WR_CONSOLE_LINE], const struct wr_progress *progress, int taken);

// Seconds that a job still takes at its present speed; 0 where that is not known yet.
double wr_progress_seconds_left(const struct wr_progress *progress);

// How much of a job is done, 0 to 1; negative where that is not known.
double wr_progress_fraction(const struct wr_progress *progress);

// Prints a JSON line; job NULL for the only one.
void wr_progress_print(struct wr_console *console, const struct wr_progress *progress,
                       const char *job);

// Says at once how far the job is, whatever the mode; from any thread.
void wr_display_say(struct wr_display *display);

// With WR_PROGRESS_AUTO: a bar if stderr is a terminal and neither --quiet nor --verbose was given.
void wr_display_open(struct wr_display *display, struct wr_console *console,
                     enum wr_progress_mode mode);

// Shows at most ten times a second; from one thread at a time.
void wr_display_update(struct wr_display *display, const struct wr_progress *progress);

// A job has ended: wipes the bar, or shows the last state to a program. Another job may follow.
void wr_display_finish(struct wr_display *display);

void wr_display_close(struct wr_display *display);
