// SPDX-License-Identifier: MIT
// The stage that runs FFmpeg's own filters: everything that has no kernel, or touches no pixels.
//
// How many frames come out, and when they are shown, is the filters' business: frames may be
// dropped, repeated and made from several.
#pragma once

#include "lib/run/further.h"
#include "lib/run/host_graph.h"
#include "lib/run/stage.h"

// A source of the graph and what was given to it.
struct wr_host_source {
    AVFilterContext *context;         // the graph's
    enum AVPixelFormat pix_fmt;       // that frames are given in
    const struct wr_further *further; // where its frames come from; NULL for the stage's own queue
    int64_t end;                      // of the newest frame
    bool is_closed;                   // no more frames come
};

struct wr_host_stage {
    struct wr_stage stage;
    char *text;
    struct wr_log log;
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
    int64_t begin, end;   // of the newest frame that came to the stage
    bool done;            // the graph wants no more frames
    bool keeps_palette;   // frames go on with their palette, not in planes; set before the job runs
};

// Opens the filters of text for frames of `in`, which have the layouts of its pix_fmts, as
// wr_host_graph_format() found them; the `like` of its streams must outlive the stage, and so must
// `further`, the inputs behind the first of `in`, in their order. On failure *stage is NULL.
// wr_stage_close() closes it.
enum wr_status wr_host_stage_open(struct wr_host_stage **stage, const char *text,
                                  const struct wr_host_inputs *in,
                                  const struct wr_further *const *further, const struct wr_log *log,
                                  struct wr_error *error);
