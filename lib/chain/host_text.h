// SPDX-License-Identifier: MIT
// Text for libavfilter from filters that are linked; *result is for av_free(), also after a
// failure, which is of memory.
#pragma once

#include <stdint.h>

#include "lib/chain/links.h"

// The filters from `first` to before `end` with their links. "[in]" and "[out]" are the ends,
// "[in1]" and so on further inputs of the job: bit N of *further is set if it takes number N.
enum wr_status wr_host_text_graph(char **result, uint32_t *further, const struct wr_links *links,
                                  int first, int end, struct wr_error *error);

// Text for libavfilter, of which this is the whole graph, with one more filter behind its output;
// NULL where memory is short.
char *wr_host_text_append(const char *text, const char *filter);

// Filters that follow each other, with commas between them.
enum wr_status wr_host_text_line(char **result, const struct wr_graph_filter *filters, int count,
                                 struct wr_error *error);

// Their names: "fps, drawtext".
enum wr_status wr_host_text_names(char **result, const struct wr_graph_filter *filters, int count,
                                  struct wr_error *error);
