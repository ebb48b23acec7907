// SPDX-License-Identifier: MIT
// The stage that runs FFmpeg's own filters: everything that has no kernel, or touches no pixels.
//
// How many frames come out, and when they are shown, is the filters' business: frames may be
// dropped, repeated and made from several.
#pragma once

#include "lib/run/stages/host_graph.h"
#include "lib/run/stages/host_source.h"
#include "lib/run/stages/stage.h"
#include "lib/run/stages/tally.h"

struct wr_host_stage {
    struct wr_stage stage;
    char *text; // of the filters
    struct wr_host_graph graph;
    AVRational time_base; // of frames that are given
    struct wr_stream out;
    bool is_interlaced;         // what comes in
    AVFrame *like;              // out.like
    struct wr_frame_pool *pool; // for frames that come packed
    AVFrame *pending;           // came out, but its duration is only known with the next one
    int64_t index;              // of the next frame that is sent
    struct wr_host_source sources[WR_MAX_FILES]; // the first gets what comes to the stage
    int source_count;
    struct wr_tally tally; // of the first source's frames
    int64_t begin, end;    // of the newest frame that came to the stage
    bool done;             // the graph wants no more frames
    bool ends_input;       // then nothing more is read; set before the job runs
    bool keeps_palette; // frames go on with their palette, not in planes; set before the job runs
};

// Opens the filters that are requested, in formats that wr_host_graph_format() found. The text is
// copied; the `like` of the request's streams must outlive the stage, and so must `further`, the
// inputs behind the first, in their order. On failure *stage is NULL. wr_stage_close() closes it.
enum wr_status wr_host_stage_open(struct wr_host_stage **stage,
                                  const struct wr_host_request *request,
                                  struct wr_further *const *further, struct wr_error *error);

// Before the run: where a filter holds many frames (reverse), says how much memory that takes, and
// lets the stage fail where it becomes more than limit bytes. Fails itself where that is known
// beforehand. `frames` is how many will come to the stage, 0 if not known.
enum wr_status wr_host_stage_limit(struct wr_host_stage *stage, int64_t limit, int64_t frames,
                                   const struct wr_log *notes, struct wr_error *error);

// How many bytes of frames its filters will hold; -1 where the number of frames is not known.
int64_t wr_host_stage_held(const struct wr_host_stage *stage);

// Whether the stage is one of these.
bool wr_is_host_stage(const struct wr_stage *stage);
