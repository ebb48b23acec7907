// SPDX-License-Identifier: MIT
// The command line: one table, from which parsing, help and manual page follow.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/warpreel.h"

enum wr_progress_mode { WR_PROGRESS_AUTO, WR_PROGRESS_BAR, WR_PROGRESS_JSON, WR_PROGRESS_NONE };

// Strings are borrowed from argv.
struct wr_settings {
    struct wr_engine_options engine;
    struct wr_job_options job;
    enum wr_progress_mode progress;
    const char *report;      // path, "-" for stdout, NULL for none
    const char *help;        // NULL: not asked for; "": the overview; else the name of a filter
    const char *memory_plot; // path, "-" for stdout, NULL for none
    bool memory;             // a line on every batch
    bool list_filters, version, verbose, quiet;
    bool estimate;        // job.output may be NULL then
    const char *const *inputs; // of the command line; the first is job.input
    int input_count;
    bool many;                 // several inputs, or a folder or a list of them
    const char *list;          // path, "-" for stdin, NULL for none
    const char *name;          // of outputs, with {stem} and {ext}; NULL for the input's
    const char *const *include, *const *exclude; // globs, NULL at the end
    bool recursive, resume;
    int jobs; // files at once, 0 to choose
    const char *repeated; // an option of one value that was given several, NULL if there is none
};

struct wr_settings wr_default_settings(void);

// Checks everything that can be checked without opening a file. Free with wr_settings_free in any
// case.
enum wr_status wr_settings_parse(struct wr_settings *settings, int argc, char **argv,
                                 struct wr_error *error);

// Sets one of the job's own options that takes a text, by its name on the command line. The text is
// borrowed.
enum wr_status wr_settings_set(struct wr_settings *settings, const char *name, const char *text,
                               struct wr_error *error);

void wr_settings_free(struct wr_settings *settings);

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
