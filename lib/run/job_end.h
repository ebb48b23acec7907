// SPDX-License-Identifier: MIT
// How a job ends, once every thread of it has stopped.
#pragma once

#include "lib/run/job.h"

// Tells the caller how many frames are written, if that has changed. Also while the job runs.
void wr_job_tell_progress(struct wr_job *job);

// Completes the report with what reader, stages and writer have counted.
void wr_job_complete_report(struct wr_job *job);

// Finishes the file where the last queue ended with WR_END, and says what the job comes to: what
// failed first, that it was interrupted, or that the input was damaged. `status` is what the last
// queue was finished with. After wr_job_complete_report.
enum wr_status wr_job_conclude(struct wr_job *job, int status, struct wr_error *error);

// Says that a device was left out after a failure, if one was.
void wr_job_tell_left_out(struct wr_job *job);
