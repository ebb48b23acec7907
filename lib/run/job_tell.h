// SPDX-License-Identifier: MIT
// What a job tells its caller: sentences, losses, progress.
#pragma once

#include "lib/run/job.h"

// What is said is kept in job->report until the notes are closed.
void wr_job_open_notes(struct wr_job *job);
void wr_job_close_notes(struct wr_job *job);

// Says one sentence, unless it is "", to the caller's log, and keeps it for the report. The first
// argument is a struct wr_job, so that this can be a callback. From any thread.
void wr_job_say(void *job, enum wr_log_level level, const char *sentence);

// Tells how many frames are written, if that has changed.
void wr_job_tell_progress(struct wr_job *job);

// Says how many frames were repeated and dropped for an output that counts frames.
void wr_job_tell_evened(struct wr_job *job);

// Says that a device was left out after a failure, if one was.
void wr_job_tell_left_out(struct wr_job *job);

// With --strict, fails if anything was lost so far.
enum wr_status wr_job_check_losses(const struct wr_job *job, struct wr_error *error);
