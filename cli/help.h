// SPDX-License-Identifier: MIT
// What the program tells about itself: options, filters, versions.
#pragma once

#include "cli/options.h"

// Prints what the settings ask for on stdout.
enum wr_status wr_help(const struct wr_settings *settings, struct wr_error *error);
