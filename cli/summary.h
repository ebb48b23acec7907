// SPDX-License-Identifier: MIT
// The last line of a run.
#pragma once

#include "cli/console.h"
#include "lib/warpreel.h"

// What was written, how large it is and how long it took; with -v also how it was computed.
void wr_summary_say(struct wr_console *console, const struct wr_report *report);
