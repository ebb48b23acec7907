// SPDX-License-Identifier: MIT
// What became of all inputs: a table for people, a JSON file for programs, and an exit code.
#pragma once

#include "cli/console.h"
#include "cli/many/entries.h"

// Names what is not simply done, and how many are what.
void wr_result_say(const struct wr_entries *entries, struct wr_console *console);

// The status of the whole run, with a sentence where it is not WR_OK.
enum wr_status wr_result_status(const struct wr_entries *entries, struct wr_error *error);

// Writes a case of JUnit's for each; "-" is standard output.
enum wr_status wr_result_write_junit(const char *path, const struct wr_entries *entries,
                                     struct wr_error *error);

// Writes the reports of all jobs into one file, with what the engine has done for them, and why the
// run failed, NULL where it did not; "-" is standard output.
enum wr_status wr_result_write(const char *path, const struct wr_entries *entries,
                               const struct wr_engine_report *engine, const struct wr_error *reason,
                               struct wr_error *error);
