// SPDX-License-Identifier: MIT
// A run over many files: several at once on one engine, each on its own, none in the way of
// another.
#pragma once

#include "cli/console.h"
#include "cli/options.h"

// Makes all outputs, says what became of each file, and writes the report over all of them. Returns
// WR_OK; WR_DAMAGED if an input was damaged; WR_FAILED if a file could not be done; WR_INTERRUPTED;
// or what kept the work from beginning. In all but the first case error has a sentence.
enum wr_status wr_many_run(const struct wr_settings *settings, struct wr_console *console,
                           struct wr_error *error);
