// SPDX-License-Identifier: MIT
// enable=: a filter that works on some frames only.
#pragma once

#include "kernels/program/filter.h"

// Finds, for wr_pass.when, the frames for which the expression (over n, t, pos, w, h) is at least a
// half; format has the picture's size.
enum wr_status wr_compile_when(struct wr_lowering *lowering, const struct wr_format *format,
                               const char *expression, int *when);

// The frames of a and those of b.
int wr_either(struct wr_program *program, int a, int b);

// Makes what was lowered since pass `first`, which turned `before` into lowering->picture of the
// same size and layout, happen only to frames of `when`; the others stay as they were. Passes that
// are for some of these frames only remain so.
void wr_enable(struct wr_lowering *lowering, const struct wr_picture *before, int first, int when);
