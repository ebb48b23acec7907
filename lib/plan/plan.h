// SPDX-License-Identifier: MIT
// The arena planner: gives every block of memory an offset in one arena, as low as it can, such
// that no two blocks alive at the same time overlap.
//
// Use: open with the blocks, read the offsets, close. The same blocks and options give the same
// plan.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/plan/block.h"

struct wr_plan_options {
    int64_t alignment;  // of every offset; sizes are rounded up to it
    uint64_t seed;      // of the search
    bool plain_skyline; // only the best-fit skyline, longest life first
};

struct wr_plan {
    int64_t *offsets;    // one for each block
    int64_t peak;        // bytes the arena needs
    int64_t lower_bound; // most bytes alive at one time: no plan needs less
    const char *method;  // that won
};

// On failure *plan is empty.
enum wr_status wr_plan_open(struct wr_plan *plan, const struct wr_block *blocks, int count,
                            const struct wr_plan_options *options, struct wr_error *error);
void wr_plan_close(struct wr_plan *plan);

// Verifies a plan on its own terms, not with the planner's: every offset is aligned, every block
// lies within the peak, no two blocks alive at the same time overlap. Names the first block that
// breaks this.
enum wr_status wr_plan_check(const struct wr_plan *plan, const struct wr_block *blocks, int count,
                             int64_t alignment, struct wr_error *error);
