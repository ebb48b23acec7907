// SPDX-License-Identifier: MIT
// Collects the inputs: those named, those in folders and in a list, and those that arrive.
#pragma once

#include "cli/many/entries.h"

struct wr_gather;

// settings and entries are borrowed. On failure *gather is NULL.
enum wr_status wr_gather_open(struct wr_gather **gather, const struct wr_settings *settings,
                              struct wr_entries *entries, struct wr_error *error);

// Adds all there is to entries, in the order of the command line and of names, and checks them.
// With --watch a file in a folder is added when it is found whole, so none at first. Also adds what
// is left out, as skipped or failed.
enum wr_status wr_gather_first(struct wr_gather *gather, struct wr_error *error);

// With --watch: looks again. A file is whole when it has not changed for a while. One that has
// changed since it was added is to be made anew: its entry waits again. Not while others use the
// entries.
enum wr_status wr_gather_again(struct wr_gather *gather, struct wr_error *error);

// Tolerates NULL.
void wr_gather_close(struct wr_gather **gather);
