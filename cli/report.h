// SPDX-License-Identifier: MIT
// The report: what a run has done, as a JSON file.
#pragma once

#include "lib/warpreel.h"

// Writes beside the path and renames; "-" is stdout. outcome says how the run ended, and *reason
// why it was not WR_OK.
enum wr_status wr_report_write(const char *path, const struct wr_report *report,
                               enum wr_status outcome, const struct wr_error *reason,
                               struct wr_error *error);

// Likewise, of an estimate.
enum wr_status wr_report_write_estimate(const char *path, const struct wr_estimate *estimate,
                                        struct wr_error *error);
