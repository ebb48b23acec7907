// SPDX-License-Identifier: MIT
// The filters of a graph that stand apart from its pictures and make sound of sound.
#pragma once

#include <libavformat/avformat.h>

#include "lib/chain/graph.h"

// A stream of sound by the number of its file and FFmpeg's specifier in it: 1 and "a:0".
struct wr_sound_input {
    int file;
    char *specifier;
};

// Owned, of one graph.
struct wr_sound_part {
    char *graph; // for libavfilter, without labels at both ends, "volume=2"; NULL for no sound
    char *names; // the filters for sentences: "volume, amix"
    char *label; // behind the last one, NULL for none
    struct wr_sound_input input;
};

// Moves the filters of sound out of the graph: those that are linked, by labels or commas, to
// filters and inputs of sound alone. An input without a label is 0:a. Fails with WR_USAGE where
// they have another number of inputs or outputs than one. The caller closes the part, also after
// a failure.
enum wr_status wr_sound_part_take(struct wr_sound_part *part, struct wr_graph *graph,
                                  struct wr_error *error);

// Tolerates a part that is zeroed or closed.
void wr_sound_part_close(struct wr_sound_part *part);

// Whether the input is this stream of the file with the number.
bool wr_sound_part_takes(const struct wr_sound_part *part, int number, AVFormatContext *file,
                         const AVStream *stream);
