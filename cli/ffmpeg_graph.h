// SPDX-License-Identifier: MIT
// The graph of a line for ffmpeg, and what of it becomes other options.
#pragma once

#include "cli/ffmpeg_words.h"

// Takes a chain of sound out of the graph, "[0:a]atempo=2[a]", which becomes --audio-filter, and
// has maps name what the graph makes. After all words are read.
enum wr_status wr_ffmpeg_put_graph(struct wr_ffmpeg_line *line);
