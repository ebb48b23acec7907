// SPDX-License-Identifier: MIT
// What a command line must have as a whole.
#pragma once

#include "cli/settings.h"

// Takes the inputs, which end with NULL: one for a job, or many.
enum wr_status wr_settings_take_inputs(struct wr_settings *settings, int count, char **operands,
                                       struct wr_error *error);

// Refuses what one of many inputs cannot have, be it for all of them or in a line of a list.
enum wr_status wr_settings_check_one_of_many(const struct wr_settings *settings,
                                             struct wr_error *error);

// Checks everything that can be checked without opening a file.
enum wr_status wr_settings_check(struct wr_settings *settings, struct wr_error *error);
