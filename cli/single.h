// SPDX-License-Identifier: MIT
// A run with one input.
#pragma once

#include "cli/console.h"
#include "cli/settings.h"

// Makes the output, and those that follow where the picture changes its size. Writes what else was
// asked for: report, progress, JUnit file, drawing of the memory. WR_DAMAGED and WR_DIFFERS come
// with a sentence, too.
enum wr_status wr_single_run(struct wr_settings *settings, struct wr_console *console,
                             struct wr_error *error);

// Says how much memory the filters would hold, and runs nothing.
enum wr_status wr_single_estimate(struct wr_settings *settings, struct wr_console *console,
                                  struct wr_error *error);
