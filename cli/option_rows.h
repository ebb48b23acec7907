// SPDX-License-Identifier: MIT
// The table of options, a row for each. Those who read it are in cli/ alone: getopt's tables,
// values, sentences and help all come from the rows.
#pragma once

#include "cli/settings.h"

// How the argument is read; it follows from the field's type.
enum wr_option_kind {
    WR_OPTION_TEXT,
    WR_OPTION_TEXTS, // a list, one more with each option
    WR_OPTION_INTEGER,
    WR_OPTION_LARGE,
    WR_OPTION_SECONDS,
    WR_OPTION_SWITCH,
    WR_OPTION_CHOICE
};

struct wr_option_row {
    size_t offset; // of the field in struct wr_settings
    enum wr_option_kind kind;
    const char *name;
    char letter;          // 0 for none
    const char *argument; // of a CHOICE: the words for 0, 1, 2...; "[NAME]" may be left out
    const char *help;
    int64_t minimum, maximum;
    const char *alias;
    bool is_size; // K, M, G and T may follow the number
    bool is_made; // the argument names what is written: not empty, "-" is standard output
};

#define WR_MOST_OPTIONS 128
extern const struct wr_option_row wr_option_rows[];
extern const int wr_option_row_count; // at most WR_MOST_OPTIONS

static inline bool wr_option_is_optional(const struct wr_option_row *row)
{
    return row->argument && row->argument[0] == '[';
}
