// SPDX-License-Identifier: MIT
// Takes out of a graph what makes outputs that nobody wants.
#pragma once

#include "lib/chain/graph.h"

// Takes out the filters that only lead to labels beside those in `wanted`, "[a]", which ends with
// NULL. Of a `split` that has one output left nothing stays; what other filters make beside what is
// wanted is dropped. Fails where memory is short.
enum wr_status wr_graph_prune(struct wr_graph *graph, const char *const *wanted,
                              struct wr_error *error);
