// SPDX-License-Identifier: MIT
// What became of the files of a run over many: sentences, one JSON report, one exit code.
#pragma once

#include <jansson.h>

#include "cli/console.h"
#include "cli/tasks.h"

// Why a task is left out that an earlier run has done.
#define WR_DONE_BEFORE "done before"

struct wr_result {
    bool is_begun; // otherwise the run ended before it was the task's turn
    bool is_stale; // an earlier run's output stands there, of another input or other settings
    enum wr_status status;
    struct wr_error error; // where status is not WR_OK
    json_t *report;        // of the job; NULL where it could not be opened
};

struct wr_results {
    struct wr_result *items; // one for each task
    int count;
};

enum wr_status wr_results_open(struct wr_results *results, int count, struct wr_error *error);

// Keeps a copy of the report, which is the job's.
void wr_result_keep(struct wr_result *result, const struct wr_report *report,
                    enum wr_status status);

// Says which files were damaged, failed or left out and how many there are of each kind, and writes
// the report if the settings ask for one. Returns the status of the whole run.
enum wr_status wr_results_tell(const struct wr_results *results, const struct wr_tasks *tasks,
                               const struct wr_engine_report *engine, bool interrupted,
                               const struct wr_settings *settings, struct wr_console *console,
                               struct wr_error *error);

// Tolerates what was never opened.
void wr_results_close(struct wr_results *results);
