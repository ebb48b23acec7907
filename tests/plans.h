// SPDX-License-Identifier: MIT
// Planning instances from files, for the planner's tests.
#pragma once

#include "lib/plan/plan.h"

struct plan_instance {
    struct wr_block *blocks;
    int count;
};

// Reads `id,lower,upper,size` lines under that heading. WR_USAGE where the file holds anything
// else. On failure the instance is empty.
enum wr_status plan_instance_read(struct plan_instance *instance, const char *path,
                                  struct wr_error *error);
void plan_instance_free(struct plan_instance *instance);
