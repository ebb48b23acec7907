// SPDX-License-Identifier: MIT
// A graph of libavfilter with one input and one output, configured for the frames it will get.
#pragma once

#include <libavfilter/avfilter.h>

#include "lib/base/log.h"
#include "lib/media/stream.h"

// What a graph is made from.
struct wr_host_request {
    const char *text;           // in FFmpeg's grammar
    bool converts;              // libavfilter converts formats itself, as it does for ffmpeg
    enum AVPixelFormat pix_fmt; // that frames are given in
    int conversions;            // by libavfilter, between filters that have no format in common
    int cut; // number of the first filter of a line that needs a stage of its own, 0 for none
};

struct wr_host_graph {
    AVFilterGraph *graph;
    AVFilterContext *source, *sink; // the graph's
};

// Sets request->pix_fmt to the pixel format that frames like those of `in` must have for the graph,
// the one among those it takes that loses least, and *format to its layout; conversions and
// cut of the request, too. Where the graph takes none that warpreel makes (floats), that is
// the format of `in`, and libavfilter converts. A filter or parameter that libavfilter refuses is
// named in the error.
enum wr_status wr_host_graph_format(struct wr_host_request *request, const struct wr_stream *in,
                                    struct wr_format *format, struct wr_error *error);

// Configures a graph for frames of `in`, which must have that layout. Where filters have no format
// in common, libavfilter converts between them. What filters say of the video goes to log, which
// must outlive the graph; NULL: nowhere. On failure the graph is closed.
enum wr_status wr_host_graph_open(struct wr_host_graph *graph,
                                  const struct wr_host_request *request, const struct wr_stream *in,
                                  const struct wr_log *log, struct wr_error *error);

// What comes out: format, time base and frame rate as the graph says, and colours, fields and side
// data as of a first frame that is run through a graph of its own. *like is the caller's to free,
// also after a failure; out->like is the same frame.
enum wr_status wr_host_graph_describe(const struct wr_host_graph *graph,
                                      const struct wr_host_request *request,
                                      const struct wr_stream *in, struct wr_stream *out,
                                      AVFrame **like, struct wr_error *error);

// The name of a filter that holds all frames until the last has come, NULL if there is none.
const char *wr_host_graph_holder(const struct wr_host_graph *graph);

// Tolerates what is closed or was never opened (zeroed).
void wr_host_graph_close(struct wr_host_graph *graph);
