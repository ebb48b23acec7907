// SPDX-License-Identifier: MIT
// What a filter of a graph takes and gives: pictures or sound.
#pragma once

#include <libavfilter/avfilter.h>

#include "lib/chain/graph.h"

enum { WR_MOST_PADS = 128 };

// The types of a filter's inputs and outputs, in their order.
struct wr_pads {
    enum AVMediaType in[WR_MOST_PADS], out[WR_MOST_PADS];
    int in_count, out_count;
};

// Reads them from the filter, or from one with its parameters where they depend on these; a source
// that opens files has as many outputs as it has labels. Fails with WR_USAGE where libavfilter has
// no such filter, or not with these parameters.
enum wr_status wr_pads_read(struct wr_pads *pads, const struct wr_graph_filter *written,
                            struct wr_error *error);
