// SPDX-License-Identifier: MIT
// The command line: one table (option_rows.c), from which parsing, help and manual page follow.
#pragma once

#include "cli/option_checks.h"
#include "cli/option_values.h"
#include "cli/option_words.h"

// Checks everything that can be checked without opening a file. Free with wr_settings_free in any
// case.
enum wr_status wr_settings_parse(struct wr_settings *settings, int argc, char **argv,
                                 struct wr_error *error);
