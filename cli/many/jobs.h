// SPDX-License-Identifier: MIT
// How many inputs are worked on at the same time.
#pragma once

#include "cli/many/entries.h"

// What --jobs says, or else as many as keep the processors busy and the memory allows.
int wr_many_choose_jobs(const struct wr_settings *settings, const struct wr_entries *entries);
