// SPDX-License-Identifier: MIT
// What libavfilter logs, beyond what a graph can tell itself.
#pragma once

#include <libavfilter/avfilter.h>

// Frees a graph, whose `opaque` is the struct wr_log that its filters tell what they find, or NULL.
// Some tell it only when they are freed. Tolerates NULL.
void wr_filter_graph_free(AVFilterGraph **graph);
