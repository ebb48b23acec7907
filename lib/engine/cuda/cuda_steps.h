// SPDX-License-Identifier: MIT
// Which passes one launch can do: neighbours in a program that do the same to other planes, as to
// both planes of chroma. They are called twins. Where all frames of one plane lie behind those of
// another in memory, as inputs and outputs do, the launch takes them for more frames.
#pragma once

#include "kernels/program/program.h"

// Writes to `ends` where each step of the program ends, for wr_walk_range; there is room for
// pass_count of them. A step is a pass and its twins, none of which reads or writes what another
// one writes. Returns how many steps there are.
int wr_cuda_steps(const struct wr_program *program, int *ends);
