// SPDX-License-Identifier: MIT
// A filter of a graph: who runs it, what it takes and gives.
#pragma once

#include <libavfilter/avfilter.h>
#include <stdint.h>

#include "lib/chain/graph.h"

// Files that a job reads at most: the one whose video is filtered, number 0, and further ones.
enum { WR_MAX_FILES = 32 };

// A filter of the graph and how it is linked.
struct wr_link_node {
    const struct wr_graph_filter *written;
    const AVFilter *host;        // NULL: only warpreel has it
    bool is_native;              // warpreel has it and takes the parameters
    const char *yields;          // why it is not, although it could be; NULL elsewhere
    int in, out;                 // how many inputs and outputs
    uint64_t hears, sounds;      // bit N is set if input N is sound, output N
    bool is_dropped;             // nobody takes its picture
    int carried;                 // inputs that come from the filter before it without a label
    int open_in;                 // inputs without a label that nothing is linked to
    int open_from[WR_MAX_FILES]; // and what they get: the job's inputs by number
};

// Finds out where a filter runs, and how many inputs and outputs it has; `written` is set. Fails
// with WR_USAGE where there is no such filter, or where it does not take the parameters.
enum wr_status wr_node_look_up(struct wr_link_node *node, struct wr_error *error);

// Finds out how many inputs and outputs libavfilter's filter has, and whether they are sound;
// `host` and `written` are set. Fails with WR_USAGE where it does not take the parameters.
enum wr_status wr_node_count_pads(struct wr_link_node *node, struct wr_error *error);

// What libavfilter's filter has with these parameters (enum wr_host_trait), 0 where it does not
// take them.
unsigned wr_node_host_traits(const struct wr_link_node *node);

// Whether libavfilter has the filter, too, and takes its parameters.
bool wr_node_host_takes(const struct wr_link_node *node);
