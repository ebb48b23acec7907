// SPDX-License-Identifier: MIT
// The command line: one table, from which parsing, help and manual page follow.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/warpreel.h"

enum wr_progress_mode { WR_PROGRESS_AUTO, WR_PROGRESS_BAR, WR_PROGRESS_JSON, WR_PROGRESS_NONE };

// Strings are borrowed from argv, or kept in `made`.
struct wr_settings {
    struct wr_engine_options engine;
    struct wr_job_options job;
    enum wr_progress_mode progress;
    const char *progress_to; // path, "pipe:N" or "-", NULL for none
    const char *report;      // path, "-" for stdout, NULL for none
    const char *help;        // NULL: not asked for; "": the overview; else the name of a filter
    const char *memory_plot; // path, "-" for stdout, NULL for none
    bool memory;             // a line on every batch
    bool list_filters, version, verbose, quiet;
    bool estimate;        // job.output may be NULL then
    const char *repeated; // an option of one value that was given several, NULL if there is none
    // Of a line of ffmpeg's: sentences about options that change nothing, NULL at the end.
    const char **remarks;
    // Strings and lists that were made while reading.
    char **made;
    int made_count;
};

struct wr_settings wr_default_settings(void);

// Checks everything that can be checked without opening a file. Free with wr_settings_free in any
// case.
enum wr_status wr_settings_parse(struct wr_settings *settings, int argc, char **argv,
                                 struct wr_error *error);

// The same check of settings that were not made by wr_settings_parse.
enum wr_status wr_settings_check(struct wr_settings *settings, struct wr_error *error);

void wr_settings_free(struct wr_settings *settings);

// Sets what the option --NAME sets; text is borrowed, and NULL for a switch.
enum wr_status wr_option_set(struct wr_settings *settings, const char *name, const char *text,
                             struct wr_error *error);

// Takes text over, to be freed with the settings, and returns it; NULL where memory is short.
const char *wr_settings_keep(struct wr_settings *settings, char *text);

// One row of the table, in words.
struct wr_option_info {
    const char *name, *alias; // alias NULL if there is none
    char letter;              // 0 if there is none
    const char *argument;     // NULL if it takes none
    bool optional;            // the argument may be left out, and else follows a '='
    const char *help;
    char limits[128]; // "1 to 256, default 16", "" if there is nothing to say
};

int wr_option_count(void);
struct wr_option_info wr_option_describe(int option);

// The name of the option that sets a field of struct wr_settings, for sentences: "filter".
#define wr_option_name(field) wr_option_at(offsetof(struct wr_settings, field))
const char *wr_option_at(size_t offset);
