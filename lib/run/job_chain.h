// SPDX-License-Identifier: MIT
// The chain in a job's report: all that is done to frames, conversions included.
#pragma once

#include "lib/run/job.h"

// Writes down how frames are unpacked as they are read, and the chain of the stages; nothing while
// there is no such chain. Fails where memory is short.
enum wr_status wr_job_chain_begin(struct wr_job *job, struct wr_error *error);

// Appends how the writer packs or converts frames for the encoder. Fails where memory is short.
enum wr_status wr_job_chain_end(struct wr_job *job, struct wr_error *error);
