// SPDX-License-Identifier: MIT
// The sentences that are said of a job.
#pragma once

#include <pthread.h>

#include "lib/warpreel.h"

struct wr_notes {
    const struct wr_job_options *options; // of the job: they say who listens
    struct wr_report *report;             // lists the sentences until the notes are closed
    pthread_mutex_t lock;                 // of what follows, and of the report's lists
    char **all, **losses;                 // the second has those of the first that tell a loss
};

// options and report are the job's and must outlive the notes.
void wr_notes_open(struct wr_notes *notes, const struct wr_job_options *options,
                   struct wr_report *report);

// Says one sentence, unless it is "", to the caller's log, and keeps it for the report. The first
// argument is a struct wr_notes, so that this can be a callback. From any thread.
void wr_notes_say(void *notes, enum wr_log_level level, const char *sentence);

// With --strict, fails if anything was lost so far.
enum wr_status wr_notes_check_losses(const struct wr_notes *notes, struct wr_error *error);

void wr_notes_close(struct wr_notes *notes);
