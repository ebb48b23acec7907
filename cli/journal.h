// SPDX-License-Identifier: MIT
// What runs over many files have finished in an output folder, so that a later run can go on: a
// hidden file there, one line of JSON for each output.
#pragma once

#include "cli/tasks.h"

struct wr_journal;

// Reads what earlier runs left in the folder, and opens it for more. On failure *journal is NULL.
enum wr_status wr_journal_open(struct wr_journal **journal, const char *folder,
                               struct wr_error *error);

enum wr_entry {
    WR_ENTRY_NONE,   // no earlier run made the task's output
    WR_ENTRY_OTHER,  // one did, from another input (size, time) or with other settings
    WR_ENTRY_CURRENT // one did, and nothing has changed
};

enum wr_entry wr_journal_find(const struct wr_journal *journal, const struct wr_task *task);

// Adds the output of a task that is done. From one thread at a time.
enum wr_status wr_journal_add(struct wr_journal *journal, const struct wr_task *task,
                              struct wr_error *error);

// Tolerates NULL.
void wr_journal_close(struct wr_journal **journal);
