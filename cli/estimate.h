// SPDX-License-Identifier: MIT
// What a run would hold, as a table for a person.
#pragma once

#include "lib/warpreel.h"

// Prints to standard output.
enum wr_status wr_estimate_print(const struct wr_estimate *estimate, struct wr_error *error);
