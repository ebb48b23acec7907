// SPDX-License-Identifier: MIT
// A graph of libavfilter with one output, configured for the frames it will get.
#pragma once

#include <libavfilter/avfilter.h>

#include "lib/base/log.h"
#include "lib/chain/links.h"
#include "lib/media/reason.h"
#include "lib/media/stream.h"

// Where frames come from, and what they are like. The first is what comes through the job's stages,
// "in" in the graph's text; others are the job's further inputs, "in1" and so on.
struct wr_host_inputs {
    int count;
    int number[WR_MAX_FILES]; // of the job's input, 0 for the first
    struct wr_stream streams[WR_MAX_FILES];
    enum AVPixelFormat pix_fmts[WR_MAX_FILES]; // that frames are given in
};

struct wr_host_graph {
    AVFilterGraph *graph;
    AVFilterContext *sources[WR_MAX_FILES], *sink; // the graph's
    struct wr_reason reason;                       // why it could not be configured
};

// Finds out which pixel formats, and so which layouts, frames like those of `in` must have for the
// graph: among those it takes the ones that lose least. Sets in->pix_fmts, and formats to the
// layouts. A filter or parameter that libavfilter refuses is named in the error.
enum wr_status wr_host_graph_format(const char *text, struct wr_host_inputs *in,
                                    struct wr_format *formats, struct wr_error *error);

// Configures text, in FFmpeg's grammar, for frames of `in`, which must have the layouts of its
// pix_fmts. Where filters have no format in common, libavfilter converts between them. What filters
// say of the video goes to log, which must outlive the graph; NULL: nowhere. On failure the graph
// is closed.
enum wr_status wr_host_graph_open(struct wr_host_graph *graph, const char *text,
                                  const struct wr_host_inputs *in, const struct wr_log *log,
                                  struct wr_error *error);

// What comes out: format, time base and frame rate as the graph says, and colours, fields and side
// data as of a first frame that is run through a graph of its own. *like is the caller's to free,
// also after a failure; out->like is the same frame.
enum wr_status wr_host_graph_describe(const struct wr_host_graph *graph, const char *text,
                                      const struct wr_host_inputs *in, struct wr_stream *out,
                                      AVFrame **like, struct wr_error *error);

// Tolerates what is closed or was never opened (zeroed).
void wr_host_graph_close(struct wr_host_graph *graph);
