// SPDX-License-Identifier: MIT
// How the filters of a graph are linked, and which of them are warpreel's.
#pragma once

#include "lib/chain/nodes.h"

enum { WR_NOWHERE = -1 }; // instead of a filter's number

struct wr_links {
    struct wr_link_node *nodes; // one for each filter, in the order in which they are written
    int count;
    int main; // the first of the job's inputs whose picture the graph uses: input 0 of
              // the graph
    int uses[WR_MAX_FILES]; // how often the graph uses each of its inputs
    int inputs;             // how many the job has
    int output_at;          // the filter whose output is the graph's
    bool drops_ends;        // other outputs without a label are dropped
};

// Looks up the filters of a graph that has some, and follows their links. The graph may use the
// pictures of `inputs` files, as [0:v], [1:v] and so on; inputs without a label get those that are
// not used yet, in their order, as in ffmpeg. It must use one and have one output of
// pictures; with drops_ends it may have others that no label names, which are dropped. The graph
// stays the caller's and must not be closed before links, which the caller closes, also after a
// failure; error is then one sentence.
enum wr_status wr_links_open(struct wr_links *links, const struct wr_graph *graph, int inputs,
                             bool drops_ends, struct wr_error *error);

// Whether one of the filters from `first` to before `end` has the trait WR_HOST_CHAOTIC.
bool wr_links_are_chaotic(const struct wr_links *links, int first, int end);

// Tolerates links that are zeroed or closed.
void wr_links_close(struct wr_links *links);

// The graph's input that a label which no filter makes stands for, 0 for links->main and otherwise
// its number; WR_NOWHERE for none.
int wr_links_input(const struct wr_links *links, const char *label);

// The filter that has the label behind it, WR_NOWHERE if it is an input's.
int wr_links_maker(const struct wr_links *links, const char *label);

// The filter that has the label before it, WR_NOWHERE if it is the graph's output.
int wr_links_taker(const struct wr_links *links, const char *label);
