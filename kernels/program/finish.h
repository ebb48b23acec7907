// SPDX-License-Identifier: MIT
// The end of building a program.
#pragma once

#include "kernels/program/program.h"

// Ends the program: `last` becomes the output. Neighbouring tables are composed, and passes whose
// result nobody reads are dropped. Afterwards every output plane either is (part of) an input's
// plane, perhaps flipped, or is a whole buffer with the role of an output, whose rows go forwards;
// planes for which that is not so are copied. Returns WR_FAILED with a sentence if memory runs out
// or if the program is broken (see check.h). A finished program is not changed any more, but for
// wr_program_copy_flipped().
enum wr_status wr_program_finish(struct wr_program *program, const struct wr_picture *last,
                                 struct wr_error *error);

// Adds copies of those planes that a finished program hands over flipped, for encoders that cannot
// take them like that. Call it before the program is used. Fails as wr_program_finish().
enum wr_status wr_program_copy_flipped(struct wr_program *program, struct wr_error *error);
