// SPDX-License-Identifier: MIT
// How far a run over many files has come, in one line on a terminal.
#pragma once

#include <pthread.h>

#include "cli/progress.h"
#include "cli/tasks.h"

enum { WR_TOTAL_MOST = 64 }; // files at once

struct wr_total {
    struct wr_display display; // settles whether there is a line
    pthread_mutex_t lock;
    int files, finished;
    struct {
        int64_t frames;  // of the file under way
        double fraction; // of it that is done, 0 where not known
    } running[WR_TOTAL_MOST];
    int64_t frames;      // of finished files
    double began, shown; // seconds of the monotonic clock
};

void wr_total_open(struct wr_total *total, struct wr_console *console, enum wr_progress_mode mode,
                   const struct wr_tasks *tasks);

// The file that worker `number` has under way has come so far. From any thread.
void wr_total_update(struct wr_total *total, int number, const struct wr_progress *progress);

// It has ended.
void wr_total_finish(struct wr_total *total, int number);

// Wipes the line.
void wr_total_close(struct wr_total *total);
