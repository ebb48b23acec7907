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

// The same without a file; the caller's, NULL when memory is short.
json_t *wr_report_make(const struct wr_report *report, enum wr_status outcome,
                       const struct wr_error *reason);

// Writes any JSON as reports are written. Takes json; NULL is memory that was short.
enum wr_status wr_report_write_json(const char *path, json_t *json, struct wr_error *error);
