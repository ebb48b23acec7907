// SPDX-License-Identifier: MIT
// FFmpeg's grammar of filter graphs: takes a text apart into filters, and looks none of them up.
#pragma once

#include <stdbool.h>

#include "lib/base/error.h"

// "[a][b]" before or after a filter.
struct wr_labels {
    char **names;
    int count;
};

// One filter as it is written: "[a][b]name@instance=parameters[c]".
struct wr_graph_filter {
    char *name;       // without "@instance"
    char *parameters; // without the outer level of quotes and escapes, NULL where there are none
    char *text;       // "name@instance=parameters" with all quotes and escapes
    struct wr_labels in, out;
    bool carries; // a comma follows: outputs without a label are inputs of the next filter
};

struct wr_graph {
    char *sws_flags; // of "sws_flags=FLAGS;" at the beginning, NULL where it is not there
    struct wr_graph_filter *filters;
    int count;
};

// Parses text (NULL or "" is a graph without filters). As in FFmpeg, sws_flags are given to each
// "scale" that has no flags of its own, and a label may be used again once it links two filters.
// The caller closes the graph, also after a failure, for which error says what is wrong in the
// text.
enum wr_status wr_graph_open(struct wr_graph *graph, const char *text, struct wr_error *error);

// Takes a filter out of the graph. Those around it are not linked anew.
void wr_graph_remove(struct wr_graph *graph, int at);

// Tolerates a graph that is zeroed or closed.
void wr_graph_close(struct wr_graph *graph);
