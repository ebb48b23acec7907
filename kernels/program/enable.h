// SPDX-License-Identifier: MIT
// enable=: a filter that works on some frames only.
#pragma once

#include "kernels/program/filter.h"

// Sets *when, a value for wr_pass.when, so that passes run for frames for which the expression
// (over n, t, pos, w, h) is at least a half. format has the picture's size.
enum wr_status wr_compile_when(struct wr_lowering *lowering, const struct wr_format *format,
                               const char *expression, int *when);

// A value for wr_pass.when: passes run for the frames for which a or b, two such values, is set.
int wr_either(struct wr_program *program, int a, int b);

// Limits the passes from number `first` on to the frames of `when`. They turned `before` into
// lowering->picture, which has the same size and layout; for other frames the result is `before`.
// Passes that are already limited to some of these frames stay as they are.
void wr_enable(struct wr_lowering *lowering, const struct wr_picture *before, int first, int when);
