// SPDX-License-Identifier: MIT
// How a job ends, once all has been read and written or something has failed.
#pragma once

#include "lib/run/job.h"

// Tells the caller how far the job has come, where that is news.
void wr_job_show_progress(struct wr_job *job);

// Fills in what is known once every thread has stopped.
void wr_job_complete_report(struct wr_job *job);

// Finishes the file, and returns what the job comes to, once every thread has stopped and the
// report is complete. status is what the writer stopped with: WR_END where all was written.
enum wr_status wr_job_conclude(struct wr_job *job, int status, struct wr_error *error);
