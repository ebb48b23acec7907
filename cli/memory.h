// SPDX-License-Identifier: MIT
// What every batch took, as lines.
#pragma once

#include "cli/console.h"
#include "lib/warpreel.h"

// One line in the words PyTorch has for memory; a JSON object where the console speaks JSON.
void wr_memory_say(struct wr_console *console, const struct wr_batch_report *batch);
