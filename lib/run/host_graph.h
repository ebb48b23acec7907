// SPDX-License-Identifier: MIT
// A graph of libavfilter with one input and one output, configured for the frames it will get.
#pragma once

#include <libavfilter/avfilter.h>

#include "lib/base/log.h"
#include "lib/media/reason.h"
#include "lib/media/stream.h"

struct wr_host_graph {
    AVFilterGraph *graph;
    AVFilterContext *source, *sink; // the graph's
    enum AVPixelFormat pix_fmt;     // that frames are given in
    struct wr_reason reason;        // why it could not be configured
};

// Which pixel format, and so which layout, frames like those of `in` must have for the graph: the
// one among those it takes that loses least. A filter or parameter that libavfilter refuses is
// named in the error.
enum wr_status wr_host_graph_format(const char *text, const struct wr_stream *in,
                                    enum AVPixelFormat *pix_fmt, struct wr_format *format,
                                    struct wr_error *error);

// Configures text, in FFmpeg's grammar, for frames of `in`, which must have that layout, packed as
// pix_fmt. Where filters have no format in common, libavfilter converts between them. What filters
// say of the video goes to log, which must outlive the graph; NULL: nowhere. On failure the graph
// is closed.
enum wr_status wr_host_graph_open(struct wr_host_graph *graph, const char *text,
                                  const struct wr_stream *in, enum AVPixelFormat pix_fmt,
                                  const struct wr_log *log, struct wr_error *error);

// What comes out: format, time base and frame rate as the graph says, and colours, fields and side
// data as of a first frame that is run through a graph of its own. *like is the caller's to free,
// also after a failure; out->like is the same frame.
enum wr_status wr_host_graph_describe(const struct wr_host_graph *graph, const char *text,
                                      const struct wr_stream *in, struct wr_stream *out,
                                      AVFrame **like, struct wr_error *error);

// Tolerates what is closed or was never opened (zeroed).
void wr_host_graph_close(struct wr_host_graph *graph);
