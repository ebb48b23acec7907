// SPDX-License-Identifier: MIT
// The files of a run over many: what is read, under which name each is written, what is left out.
#pragma once

#include <jansson.h>

#include "cli/options.h"

struct wr_task {
    char *input, *output; // output NULL where the file is left out
    const char *left_out; // why, NULL where it is not
    bool is_found;        // in a folder; otherwise somebody named it
    struct wr_job_options
        job; // its own, with input and output; strings are borrowed from elsewhere
};

struct wr_tasks {
    struct wr_task *items;
    int count;
    json_t *lines; // of a list, which own what tasks borrow
};

// Finds all files and names their outputs. Refuses what cannot work before anything is written:
// folders that cannot be read, broken lines, an output that is an input, two inputs with one
// output. Free with wr_tasks_close in any case.
enum wr_status wr_tasks_collect(struct wr_tasks *tasks, const struct wr_settings *settings,
                                struct wr_error *error);
void wr_tasks_close(struct wr_tasks *tasks);
