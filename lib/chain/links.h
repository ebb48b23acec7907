// SPDX-License-Identifier: MIT
// How the filters of a graph are linked, and which of them are warpreel's.
#pragma once

#include <libavfilter/avfilter.h>
#include <stdint.h>

#include "lib/chain/graph.h"

enum { WR_NOWHERE = -1 }; // instead of a filter's number

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
    int carried;                 // inputs that come from the filter before it without a label
    int open_in;                 // inputs without a label that nothing is linked to
    int open_from[WR_MAX_FILES]; // and what they get: the job's inputs by number
};

struct wr_links {
    struct wr_link_node *nodes; // one for each filter, in the order in which they are written
    int count;
    int uses[WR_MAX_FILES]; // how often the graph uses each of the job's inputs
    int inputs;             // how many the job has
    int output_at;          // the filter whose output is the graph's
};

// Looks up the filters of a graph that has some, and follows their links. The graph may use the
// pictures of `inputs` files, as [0:v], [1:v] and so on; inputs without a label get those that are
// not used yet, in their order, as in ffmpeg. It must use the first and have one output of
// pictures. The graph stays the caller's and must not be closed before links, which the caller
// closes, also after a failure; error is then one sentence.
enum wr_status wr_links_open(struct wr_links *links, const struct wr_graph *graph, int inputs,
                             struct wr_error *error);

// Whether one of the filters from `first` to before `end` has the trait WR_HOST_CHAOTIC.
bool wr_links_are_chaotic(const struct wr_links *links, int first, int end);

// Whether libavfilter has the filter, too, and takes its parameters.
bool wr_links_host_takes(const struct wr_links *links, int at);

// Finds out how many inputs and outputs libavfilter's filter has, and whether they are sound;
// `host` and `written` are set. Fails with WR_USAGE where it does not take the parameters.
enum wr_status wr_node_count_pads(struct wr_link_node *node, struct wr_error *error);

// Tolerates links that are zeroed or closed.
void wr_links_close(struct wr_links *links);

// The number of the input that a label which no filter makes stands for; WR_NOWHERE for none.
int wr_links_input(const char *label);

// The filter that has the label behind it, WR_NOWHERE if it is an input's.
int wr_links_maker(const struct wr_links *links, const char *label);

// The filter that has the label before it, WR_NOWHERE if it is the graph's output.
int wr_links_taker(const struct wr_links *links, const char *label);
