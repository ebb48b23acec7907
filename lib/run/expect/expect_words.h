// SPDX-License-Identifier: MIT
// Words about comparisons: the tolerance that is read, and the sentence that is said.
#pragma once

#include "lib/warpreel.h"

// How much may differ: a PSNR that every plane reaches, or a difference that no sample exceeds.
struct wr_expect_tolerance {
    bool is_db;
    double value;
};

// Reads "40dB" or a number of code values; NULL is no tolerance at all.
enum wr_status wr_expect_read_tolerance(const char *text, struct wr_expect_tolerance *tolerance,
                                        struct wr_error *error);

// Says in one sentence how the input's frames differ, and what went wrong besides, "" for nothing.
// Returns WR_DIFFERS.
enum wr_status wr_expect_tell(const struct wr_expect_report *report, const char *input,
                              const char *trouble, struct wr_error *error);
