// SPDX-License-Identifier: MIT
// From a segment of FFmpeg's filters to a stage, with the programs that make what it takes.
#pragma once

#include "lib/chain/segment_list.h"
#include "lib/run/stage_list.h"

// Appends stages that run the segment of this number: a program for `pending`, the filters since
// the last stage, and the conversion to what FFmpeg's filters take; and these. Where they must be
// cut, only the first part runs, and the rest becomes a segment of its own. *pending is then what
// converts back. Opens the further inputs that the segment takes.
enum wr_status wr_host_use(struct wr_stages *stages, struct wr_chain *pending,
                           struct wr_segments *segments, int number,
                           const struct wr_job_options *options,
                           const struct wr_stages_terms *terms, struct wr_error *error);
