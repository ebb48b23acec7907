// SPDX-License-Identifier: MIT
// Reads a file that names inputs.
#pragma once

#include "cli/many/entries.h"

// Adds an entry for each line of settings->many.list: the path of an input, or a JSON object with
// "input", and if wanted "output" and options by their long names. Empty lines say nothing. A wrong
// line is refused with its number.
enum wr_status wr_list_read(struct wr_entries *entries, const struct wr_settings *settings,
                            struct wr_error *error);
