// SPDX-License-Identifier: MIT
// The report: what a run has done, as a JSON file.
#pragma once

#include "lib/warpreel.h"

// Before the run: refuses the path of a report or trace (`what`) that cannot be written, or that is
// the input, the output or the trace.
enum wr_status wr_report_check(const char *what, const char *path,
                               const struct wr_options *options, struct wr_error *error);

// Writes beside the path and renames; "-" is stdout. outcome and *reason say how the run ended;
// reason has no text if all went well.
enum wr_status wr_report_write(const char *path, const struct wr_report *report,
                               enum wr_status outcome, const struct wr_error *reason,
                               struct wr_error *error);

// Likewise, of an estimate.
enum wr_status wr_report_write_estimate(const char *path, const struct wr_estimate *estimate,
                                        struct wr_error *error);
