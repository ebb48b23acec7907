// SPDX-License-Identifier: MIT
// Cuts a filter graph in FFmpeg's full grammar into segments that run one after the other: chains
// of warpreel's own filters, and what libavfilter runs.
#pragma once

#include "lib/chain/mixed.h"
#include "lib/chain/segment_list.h"

// Parses text over the pictures of `inputs` files; NULL or "" has no segments. Each filter that
// warpreel has and whose parameters it understands is native, any other is libavfilter's;
// neighbours in one place share a segment. Filters of sound alone are no part of them. Where
// neither takes the parameters of a native filter, error is warpreel's own sentence. A graph with
// links is native before its first and after its last filter that has more than one input or
// output; all between is one host segment. The caller closes segments, also after a failure, for
// which error names filter, label, parameter, value and what is allowed.
enum wr_status wr_segments_open(struct wr_segments *segments, const char *text, int inputs,
                                struct wr_error *error);

// The same where the files are known. Filters of both pictures and sound run twice, once for each
// kind, and read the files a second time; where files is NULL, the graph must have no such filter.
// With drops_ends the graph may have further outputs, for a job that keeps nothing.
enum wr_status wr_segments_open_files(struct wr_segments *segments, const char *text, int inputs,
                                      const struct wr_chain_files *files, bool drops_ends,
                                      struct wr_error *error);
