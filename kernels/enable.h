// SPDX-License-Identifier: MIT
// enable=: a filter that works on some frames only.
#pragma once

#include "kernels/filter.h"

// Makes what was lowered since pass `first`, which turned `before` into lowering->picture, happen
// only to frames for which the expression (over n, t, pos, w, h) is at least a half; the others
// stay as they were. Both pictures must be of one size and layout.
enum wr_status wr_enable(struct wr_lowering *lowering, const struct wr_picture *before, int first,
                         const char *expression);
