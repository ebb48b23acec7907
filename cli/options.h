// SPDX-License-Identifier: MIT
// The command line: one table, from which parsing, help and manual page follow.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/warpreel.h"

// What becomes of files in a folder that are no videos.
enum wr_others { WR_OTHERS_LIST, WR_OTHERS_COPY };

// A run with many inputs. Strings are borrowed from argv.
struct wr_many_options {
    const char *const *inputs; // files and folders, NULL at the end
    const char *list;          // file that names more inputs, "-" for standard input
    const char *name;          // pattern for an output's name
    const char *const *include, *const *exclude; // globs, NULL at the end
    enum wr_others others;
    int jobs; // files at the same time, 0 to choose
    bool recursive, resume, watch;
};

enum wr_progress_mode { WR_PROGRESS_AUTO, WR_PROGRESS_BAR, WR_PROGRESS_JSON, WR_PROGRESS_NONE };

// Strings are borrowed from argv.
struct wr_settings {
    struct wr_engine_options engine;
    struct wr_job_options job; // with many inputs, output is the folder for all outputs
    struct wr_many_options many;
    bool has_many; // inputs: many.inputs and many.list count, and job.input is NULL
    enum wr_progress_mode progress;
    const char *report;      // path, "-" for stdout, NULL for none
    const char *help;        // NULL: not asked for; "": the overview; else the name of a filter
    const char *memory_plot; // path, "-" for stdout, NULL for none
    bool memory;             // a line on every batch
    bool list_filters, version, verbose, quiet;
    bool estimate;        // job.output may be NULL then
    const char *repeated; // an option of one value that was given several, NULL if there is none
};

struct wr_settings wr_default_settings(void);

// Checks everything that can be checked without opening a file. Free with wr_settings_free in any
// case.
enum wr_status wr_settings_parse(struct wr_settings *settings, int argc, char **argv,
                                 struct wr_error *error);

void wr_settings_free(struct wr_settings *settings);

// Sets what the option of that name sets, for one of many inputs; text is borrowed, NULL for a
// switch. Only options that say what a job makes can be set. *settings must be a copy that
// wr_settings_copy made.
enum wr_status wr_settings_set(struct wr_settings *settings, const char *name, const char *text,
                               struct wr_error *error);

// A copy that can be changed without the original. Free it with wr_settings_free.
enum wr_status wr_settings_copy(struct wr_settings *copy, const struct wr_settings *settings,
                                struct wr_error *error);

// What the options that say what a job makes are set to, but for input and output: text that is the
// same for the same work. The caller's to free; NULL when memory is short.
char *wr_settings_words(const struct wr_settings *settings);

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
