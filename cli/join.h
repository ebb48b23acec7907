// SPDX-License-Identifier: MIT
// Settings that go from the command line into parts, and back from there for the run that joins
// them.
#pragma once

#include "cli/settings.h"

// Has a part keep the settings.
enum wr_status wr_part_settings_keep(struct wr_settings *settings, struct wr_error *error);

// Takes the operands, which end with NULL, as parts, and the settings from the first of them.
enum wr_status wr_join_take(struct wr_settings *settings, int count, char **parts,
                            struct wr_error *error);
