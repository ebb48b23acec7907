// SPDX-License-Identifier: MIT
// The stage that runs FFmpeg's own filters: everything that has no kernel, or touches no pixels.
//
// How many frames come out, and when they are shown, is the filters' business: frames may be
// dropped, repeated and made from several.
#pragma once

#include "lib/run/host_graph.h"
#include "lib/run/stage.h"

struct wr_host_stage {
    struct wr_stage stage;
    char *text; // request.text
    struct wr_host_request request;
    struct wr_log log;
    struct wr_host_graph graph;
    struct wr_stream out;
    AVFrame *like;              // out.like
    struct wr_frame_pool *pool; // for frames that come packed
    AVFrame *pending;           // came out, but its duration is only known with the next one
    int64_t index;              // of the next frame that is sent
    int64_t end;                // of the newest frame that was given
    bool done;                  // the graph wants no more frames
    const char *holder;         // the filter that holds all frames, NULL for none
    int64_t most_frames;        // that it may hold
    int64_t limit;              // because of this
};

// Before the run: where a filter holds all frames (reverse), of this format, says how much memory
// that takes, and lets the stage fail where it becomes more than limit bytes. Fails itself where
// that is known beforehand. `frames` is how many will come, 0 if not known.
enum wr_status wr_host_stage_limit(struct wr_host_stage *stage, const struct wr_format *format,
                                   int64_t limit, int64_t frames, const struct wr_log *notes,
                                   struct wr_error *error);

// Opens the filters that are requested for frames of `in`, which have the layout that
// wr_host_graph_format() found; in->like must outlive the stage. The text is copied. On failure
// *stage is NULL. wr_stage_close() closes it.
enum wr_status wr_host_stage_open(struct wr_host_stage **stage,
                                  const struct wr_host_request *request, const struct wr_stream *in,
                                  const struct wr_log *log, struct wr_error *error);
