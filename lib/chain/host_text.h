// SPDX-License-Identifier: MIT
// Text for libavfilter from filters that are linked; *result is for av_free(), also after a
// failure, which is of memory.
#pragma once

#include "lib/chain/links.h"

// The filters from `first` to before `end` with their links. "[in]" and "[out]" are the ends.
enum wr_status wr_host_text_graph(char **result, const struct wr_links *links, int first, int end,
                                  struct wr_error *error);

// Filters that follow each other, with commas between them.
enum wr_status wr_host_text_line(char **result, const struct wr_graph_filter *filters, int count,
                                 struct wr_error *error);

// Their names: "fps, drawtext".
enum wr_status wr_host_text_names(char **result, const struct wr_graph_filter *filters, int count,
                                  struct wr_error *error);
