// SPDX-License-Identifier: MIT
// A job for which no frame is decoded: packets of the video are copied, or there is none. Sound and
// text may be converted all the same.
#pragma once

#include "lib/run/job.h"

// Fails with WR_USAGE where something is asked for that needs frames.
enum wr_status wr_copy_job_check(const struct wr_request *request, struct wr_error *error);

// Opens job->packets and the writer, once request, inputs and the first queue are open. Fails
// as wr_copy_job_check does, too.
enum wr_status wr_copy_open(struct wr_job *job, struct wr_error *error);

// Reads and writes until the end, on the caller's thread alone, and concludes the job.
enum wr_status wr_copy_run(struct wr_job *job, struct wr_error *error);
