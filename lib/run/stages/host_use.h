// SPDX-License-Identifier: MIT
// From a segment of FFmpeg's filters to a stage, with the programs that make what it takes.
#pragma once

#include "lib/chain/segment_list.h"
#include "lib/run/stages/stage_list.h"

// Appends the stages that run segment `number`. The first is a program. It runs `pending`, our own
// filters since the last stage, and the conversion to what FFmpeg's filters take. The second is the
// host stage with FFmpeg's filters. Afterwards *pending is the conversion back. Where the segment
// has to be cut, only its first part runs, and the rest becomes a segment of its own. Opens the
// further inputs that the segment takes.
enum wr_status wr_host_use(struct wr_stages *stages, struct wr_chain *pending,
                           struct wr_segments *segments, int number,
                           const struct wr_job_options *options,
                           const struct wr_stages_terms *terms, struct wr_error *error);
