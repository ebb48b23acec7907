// SPDX-License-Identifier: MIT
// A job that encodes in closed pieces, and whose pieces several runs may share.
//
// The run of a part filters only the frames of its own pieces. All others go through the job as
// frames without a picture: expressions that remember the frame before see every frame's number and
// time, and so come to the same as in one run.
#pragma once

#include "lib/input/skip.h"
#include "lib/run/stages/stages.h"

struct wr_chunk {
    struct wr_part_frames share; // of the pieces, for this job; chunk is 0 where the video is one
    int joined_parts;            // that the video comes from
};

// Reads the options, and refuses what does not go with pieces.
enum wr_status wr_chunk_open(struct wr_chunk *chunk, const struct wr_job_options *options,
                             struct wr_error *error);

// Refuses stages that would not give a part the frames of the whole. One part is the whole.
enum wr_status wr_chunk_check_stages(const struct wr_chunk *chunk, const struct wr_stages *stages,
                                     struct wr_error *error);

// Whether the frame belongs to a piece that another run does.
bool wr_chunk_is_elsewhere(const struct wr_chunk *chunk, int64_t index);
