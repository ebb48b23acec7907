// SPDX-License-Identifier: MIT
// What the command line says.
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

// Strings are borrowed from argv, or kept in `made`.
struct wr_settings {
    struct wr_engine_options engine;
    // With many inputs, output is the folder for all outputs, NULL where they are only compared.
    struct wr_job_options job;
    struct wr_many_options many;
    bool has_many; // inputs: many.inputs and many.list count, and job.input is NULL
    enum wr_progress_mode progress;
    const char *progress_to;     // path, "pipe:N" or "-", NULL for none
    bool expect_update;          // write what later runs compare with
    bool expect_is_folder;       // job.expect is one for all inputs, which may be yet to be made
    const char *expect_pictures; // folder, NULL for none
    const char *junit;           // path, "-" for stdout, NULL for none
    const char *report;          // path, "-" for stdout, NULL for none
    const char *help;            // NULL: not asked for; "": the overview; else the name of a filter
    const char *memory_plot;     // path, "-" for stdout, NULL for none
    bool memory;                 // a line on every batch
    const char *describe_model;  // path, NULL for none
    bool list_filters, version, verbose, quiet;
    bool join;            // the inputs are parts
    const char *source;   // with join: where the input of the parts is now, NULL for where it was
    bool estimate;        // job.output may be NULL then
    const char *repeated; // an option of one value that was given several, NULL if there is none
    // Of a line of ffmpeg's: sentences about options that change nothing, NULL at the end.
    const char **remarks;
    // Strings and lists that were made while reading.
    char **made;
    int made_count;
};
