// SPDX-License-Identifier: MIT
// What is refused before the work of a run with many inputs begins.
#pragma once

#include "cli/many/entries.h"

// What all inputs are called together: the list, or the first of them.
const char *wr_many_name(const struct wr_settings *settings);

// Refuses a report, or another file that is written besides the outputs, where it would replace an
// output or a file that outputs are made of.
enum wr_status wr_many_check_paths(const struct wr_settings *settings,
                                   const struct wr_entries *entries, struct wr_error *error);

// Refuses what is wrong for any input, and that there is none. Entries of a list that have options
// of their own were checked with their line.
enum wr_status wr_many_check_jobs(const struct wr_settings *settings,
                                  const struct wr_entries *entries, struct wr_error *error);
