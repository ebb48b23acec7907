// SPDX-License-Identifier: MIT
// Writes what became of inputs as JUnit's XML, which every CI server shows.
#pragma once

#include "lib/warpreel.h"

struct wr_junit_case {
    const char *name;
    double seconds;
    enum wr_status status; // WR_DIFFERS is a failure, others but WR_OK and WR_DAMAGED are errors
    bool is_skipped;
    const char *sentence; // why, "" or NULL for none
};

// "-" is standard output.
enum wr_status wr_junit_write(const char *path, const struct wr_junit_case *cases, int count,
                              struct wr_error *error);
