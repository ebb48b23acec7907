// SPDX-License-Identifier: MIT
// The report: what a run has done, as a JSON file.
#pragma once

#include <jansson.h>

#include "lib/warpreel.h"

// Writes beside the path and renames; "-" is stdout. outcome says how the run ended, and *reason
// why it was not WR_OK.
enum wr_status wr_report_write(const char *path, const struct wr_report *report,
                               enum wr_status outcome, const struct wr_error *reason,
                               struct wr_error *error);

// Likewise, of an estimate.
enum wr_status wr_report_write_estimate(const char *path, const struct wr_estimate *estimate,
                                        struct wr_error *error);

// The same as JSON, for the caller to free; NULL where memory is short.
json_t *wr_report_json(const struct wr_report *report, enum wr_status outcome,
                       const struct wr_error *reason);

// Likewise writes any JSON, which it frees.
enum wr_status wr_report_write_json(const char *path, json_t *json, struct wr_error *error);
