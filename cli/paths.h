// SPDX-License-Identifier: MIT
// The files that a run writes besides the output: report, JUnit file, progress, trace and memory
// plot.
#pragma once

#include "cli/settings.h"

// Before the run: refuses the names of those that cannot be written, or that would replace the
// input, the output or each other. "-" is standard output, and no file.
enum wr_status wr_paths_check(const struct wr_settings *settings, struct wr_error *error);

// Refuses the names of those that would replace one of the files `taken`, each of which is "an
// input" or "an output", as `kind` says. NULL ends the list.
enum wr_status wr_paths_check_taken(const struct wr_settings *settings, const char *kind,
                                    const char *const *taken, struct wr_error *error);

// What wr_paths_check() does, for runs that follow each other, before the first begins; refuses
// also what one would write over another's, and outputs that exist already and are not to be
// overwritten. Of a single run nothing is checked.
enum wr_status wr_paths_check_runs(const struct wr_settings *settings, int count,
                                   struct wr_error *error);

// Whether the path stands for standard input or output, as "-" does.
bool wr_path_is_standard(const char *path);

// Whether bytes come from the path or go to it one after another: standard input and output, pipes,
// URLs and whatever there is that is no file.
bool wr_path_is_stream(const char *path);

// True if the path is a file or does not exist yet: a new file then takes its place. Devices and
// links are opened and written to.
bool wr_path_is_replaced(const char *path);

// The path without links and dots, also of what is yet to be made; resolved has room for PATH_MAX
// bytes. Returns false where it is too long, or has no place.
bool wr_path_resolve(const char *path, char *resolved);

bool wr_path_is_folder(const char *path); // tolerates NULL

// Whether it is a folder, or ends as a folder's name, so that it can be nothing else. Tolerates
// NULL.
bool wr_path_means_folder(const char *path);
