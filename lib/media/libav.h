// SPDX-License-Identifier: MIT
// What libraries of FFmpeg log, beyond what they can tell otherwise.
#pragma once

#include <libavfilter/avfilter.h>
#include <stdatomic.h>

struct wr_surfaces;

// What `opaque` of a decoder points to.
struct wr_decoding {
    atomic_int *complaints;       // counts the errors that it logs
    struct wr_surfaces *surfaces; // where its frames lie
};

// Frees a graph, whose `opaque` is the struct wr_log that its filters tell what they find, or NULL.
// Some tell it only when they are freed. Tolerates NULL.
void wr_filter_graph_free(AVFilterGraph **graph);
