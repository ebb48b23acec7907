// SPDX-License-Identifier: MIT
// Says what becomes of a stream, in the report and in the log.
#pragma once

#include "lib/output/route.h"

// Begins the report of a stream: its number, type and codec. The action is "filtered" until another
// is set.
void wr_stream_words_begin(const AVStream *stream, int index, struct wr_stream_report *report);

// Reports that stream `index` is converted as its route says, and logs it at a level, with
// report->reason, which is set already. What the conversion loses is logged as a loss.
void wr_stream_words_converted(const struct wr_selection *selection, enum wr_log_level level,
                               int index, struct wr_stream_report *report);

// Reports that the stream is dropped for a reason, and logs it at a level; `how` is the log's word
// for that ("left out").
void wr_stream_words_dropped(const struct wr_selection *selection, enum wr_log_level level,
                             const char *how, const char *reason, struct wr_stream_report *report);
