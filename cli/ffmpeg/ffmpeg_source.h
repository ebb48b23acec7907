// SPDX-License-Identifier: MIT
// A line written for ffmpeg whose graph makes all pictures and sounds itself, without any -i.
#pragma once

#include "lib/warpreel.h"

// The line with the graph as its input. The words that were made are its own.
struct wr_ffmpeg_source {
    int argc;
    char **argv;      // NULL where the line needs no other words
    char *graph;      // with the outputs that a source has: "out0", "out1"
    char **maps;      // "0:1" for "[label]", NULL at the end
    char *outputs[8]; // their labels in the line
    int count;
};

// Makes *source for a line with -filter_complex or -lavfi and without -i. Fails with WR_USAGE where
// a graph has more outputs than a source may have. Free it with wr_ffmpeg_source_free, after a
// failure too.
enum wr_status wr_ffmpeg_source_make(struct wr_ffmpeg_source *source, int argc, char **argv,
                                     struct wr_error *error);
void wr_ffmpeg_source_free(struct wr_ffmpeg_source *source);
