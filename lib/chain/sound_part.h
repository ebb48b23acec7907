// SPDX-License-Identifier: MIT
// The filters of a graph that stand apart from its pictures and make sound of sound.
#pragma once

#include "lib/chain/graph.h"

enum { WR_MOST_SOUNDS = 32 }; // that a graph takes

// A stream of sound: the first that FFmpeg's specifier names in the input with this number; below
// 0, and NULL, for the first one of all inputs that nothing takes yet.
struct wr_sound_input {
    int file;
    char *specifier; // "a", "a:1"
};

// One sound that the filters make. Those of one group of linked filters each have the whole group,
// and drop what the others take of it.
struct wr_sound_output {
    // For libavfilter, each filter followed by ';', from the links "in0", "in1" to the link "end":
    // "[in0]volume=2[0];[0][in1]amix[end0];[end0]anull[end];".
    char *graph;
    char *label;      // behind the last one, NULL for none
    int first, count; // of the part's inputs: "in0" is number `first`
};

// Owned, of one graph.
struct wr_sound_part {
    struct wr_sound_output outputs[WR_MOST_SOUNDS];
    int output_count; // 0 for no sound
    char *names;      // the filters for sentences: "volume, amix"
    struct wr_sound_input inputs[WR_MOST_SOUNDS];
    int input_count;
    // Filters that make sound of nothing, for the device lavfi: inputs of the job behind its files.
    char *made[WR_MOST_SOUNDS];
    int made_count;
    bool is_all; // the graph has no other filters
};

// Moves the filters of sound out of a graph over so many input files: those that are linked, by
// labels or commas, to filters and inputs of sound alone. Fails with WR_USAGE where a filter is
// not known or takes other links, and where a group of them gives no sound. `mixed` is a
// further graph, all of whose filters belong to the part. The caller closes the part, also after a
// failure.
enum wr_status wr_sound_part_take(struct wr_sound_part *part, struct wr_graph *graph,
                                  const struct wr_graph *mixed, int files, struct wr_error *error);

// Tolerates a part that is zeroed or closed.
void wr_sound_part_close(struct wr_sound_part *part);
