// SPDX-License-Identifier: MIT
// What is told of the streams that a selection takes, converts or leaves out.
#pragma once

#include "lib/output/route.h"

// Begins the report of a stream of the source: its number, type and codec.
void wr_stream_report_begin(const AVStream *stream, int index, struct wr_stream_report *report);

// Whether the encoder keeps all channels of the sound.
bool wr_converter_keeps_channels(const struct wr_converter *converter);

// Says that stream number `index` is converted, why, and what that costs; report->reason is set.
void wr_selection_tell_conversion(const struct wr_selection *selection, enum wr_log_level level,
                                  int index, struct wr_stream_report *report);

// Says that a stream is left out, how that is called, and why.
void wr_selection_drop(const struct wr_selection *selection, enum wr_log_level level,
                       const char *how, const char *reason, struct wr_stream_report *report);
