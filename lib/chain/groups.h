// SPDX-License-Identifier: MIT
// Groups of filters that are linked with each other, and what they work on.
#pragma once

#include <libavfilter/avfilter.h>

#include "lib/chain/graph.h"

// Whether some of its pads, of those that do not depend on parameters, are of the type.
bool wr_filter_has_pad(const AVFilter *filter, enum AVMediaType type);

// Whether some filter has the label behind it, or before it.
bool wr_graph_links(const struct wr_graph *graph, const char *label, bool behind);

// Gives filters that are linked, over others too, the same number: one of their own.
void wr_groups_number(const struct wr_graph *graph, int *groups);

// Whether a filter of the group has a pad of the type.
bool wr_group_handles(const struct wr_graph *graph, const int *groups, int group,
                      enum AVMediaType type);
