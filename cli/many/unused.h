// SPDX-License-Identifier: MIT
// What is expected in a folder of an input that is gone.
#pragma once

#include "cli/many/entries.h"

// Adds each file of the folder that --expect names with which no input is compared, as one that
// differs: a clip that is lost is not to pass for one that is as expected. Does nothing where
// inputs are only some of a folder's files.
enum wr_status wr_unused_add(struct wr_entries *entries, const struct wr_settings *settings,
                             struct wr_error *error);
