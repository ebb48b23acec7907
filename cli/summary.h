// SPDX-License-Identifier: MIT
// How a run ended, in a sentence for the person who waited for it.
#pragma once

#include "cli/console.h"
#include "lib/warpreel.h"

void wr_summary_say(struct wr_console *console, const struct wr_report *report);

// Finds words for damage and interruption where the library left them to the numbers.
void wr_summary_reason(const struct wr_report *report, enum wr_status status,
                       struct wr_error *error);
