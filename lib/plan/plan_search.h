// SPDX-License-Identifier: MIT
// Searches for a plan better than those of the plain skylines, with a fixed number of tries.
#pragma once

#include "lib/plan/skyline.h"

// Improves *best, which is left as it is where nothing better is found. The same seed gives the
// same plan. Fails only for lack of memory.
enum wr_status wr_plan_search(struct wr_skyline *sky, uint64_t seed, struct wr_attempt *best,
                              struct wr_error *error);
