// SPDX-License-Identifier: MIT
// What comes out of a graph of libavfilter.
#pragma once

#include "lib/run/stages/host_graph.h"

// What comes out: format, time base and frame rate as the graph says, and colours, fields and side
// data as of a first frame that is run through a graph of its own. *like is the caller's to free,
// also after a failure; out->like is the same frame.
enum wr_status wr_host_graph_describe(const struct wr_host_graph *graph,
                                      const struct wr_host_request *request, struct wr_stream *out,
                                      AVFrame **like, struct wr_error *error);
