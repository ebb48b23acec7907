// SPDX-License-Identifier: MIT
// A graph of libavfilter with one output, configured for the frames it will get.
#pragma once

#include <libavfilter/avfilter.h>

#include "lib/base/log.h"
#include "lib/chain/links.h"
#include "lib/media/reason.h"
#include "lib/media/stream.h"

// Where frames come from, and what they are like.
struct wr_host_input {
    int number; // of the job's input; 0, "in" in the text, is what comes through the job's stages
    struct wr_stream stream;    // its `like` is borrowed
    enum AVPixelFormat pix_fmt; // that frames are given in
};

// What a graph is made from.
struct wr_host_request {
    const char *text; // in FFmpeg's grammar
    bool converts;    // libavfilter converts formats itself, as it does for ffmpeg
    int conversions;  // by libavfilter, between filters that have no format in common
    int cut; // number of the first filter of a line that needs a stage of its own, 0 for none
    int input_count;
    struct wr_host_input inputs[WR_MAX_FILES]; // the first is number 0, others are "in1" and so on
};

struct wr_host_graph {
    AVFilterGraph *graph;
    AVFilterContext *sources[WR_MAX_FILES], *sink; // the graph's
    unsigned traits;                               // of all its filters, enum wr_host_trait
    struct wr_reason reason;                       // why it could not be configured
};

// Sets the pixel format of each input of the request to what frames like those of its stream must
// have for the graph, among those it takes the one that loses least; conversions and cut of the
// request, too. Where the graph takes none that warpreel makes (floats), that is the format of the
// stream, and libavfilter converts. A filter or parameter that libavfilter refuses is named in the
// error.
enum wr_status wr_host_graph_format(struct wr_host_request *request, struct wr_error *error);

// The format of an input's frames with the layout of its pix_fmt.
struct wr_format wr_host_input_format(const struct wr_host_input *input);

// Configures a graph for frames of the request's inputs, whose streams must have the layouts of
// their pixel formats. Where filters have no format in common, libavfilter converts between them.
// What filters say of the video goes where wr_findings_go_to says. On failure the graph is closed.
enum wr_status wr_host_graph_open(struct wr_host_graph *graph,
                                  const struct wr_host_request *request, struct wr_error *error);

// The filter behind a source that holds most frames, NULL if none holds many.
const AVFilterContext *wr_host_graph_holder(const AVFilterContext *source);

// Tolerates what is closed or was never opened (zeroed).
void wr_host_graph_close(struct wr_host_graph *graph);
