// SPDX-License-Identifier: MIT
// What the parts of a probe share, and what it finds of the pictures.
#pragma once

#include "lib/output/trial/findings.h"
#include "lib/output/trial/reading.h"

// Times that differ by less are the same: some containers count in thousandths of a second.
enum { WR_TOLERANCE = 2000 }; // in AV_TIME_BASE

// Appends "what" or "what value" to a list "a, b" of losses. value may be NULL.
void wr_lose(char *losses, size_t size, const char *what, const char *value);

// A container may have the first picture stay from its start on until the second one. By how much
// it comes too early then, in AV_TIME_BASE; else 0.
int64_t wr_first_is_early(const struct wr_reading *reading, const struct wr_trial *trial);

// Fills in all that the probe says of pictures, except misreads_raw.
void wr_compare_pictures(struct wr_probe *probe, const struct wr_reading *reading,
                         const struct wr_trial *trial, const struct wr_selection *selection);
