// SPDX-License-Identifier: MIT
// A seeded search for plans better than the plain skylines', within a fixed number of tries.
#pragma once

#include "lib/plan/skyline.h"

// Starts from best, and keeps it where nothing better is found. The same seed gives the same plan.
enum wr_status wr_search(struct wr_skyline *sky, uint64_t seed, struct wr_attempt *best,
                         struct wr_error *error);
