// SPDX-License-Identifier: MIT
// The end of building a program.
#pragma once

#include "kernels/program/program.h"

// In which order the rows of the output may lie in memory.
enum wr_row_order {
    WR_ROWS_FORWARDS,  // from first to last
    WR_ROWS_EITHER_WAY // planes that nobody computes may be handed over from last to first
};

// Ends the program: `last` becomes the output. Neighbouring tables are composed, and passes whose
// result nobody reads are dropped. Afterwards every output plane either is (part of) an input's
// plane, perhaps flipped where `rows` allows it, or is a whole buffer with the role of an output,
// whose rows go forwards; planes for which that is not so are copied. Returns WR_FAILED with a
// sentence if memory runs out or if the program is broken (see check.h). A finished program is not
// changed any more.
enum wr_status wr_program_finish(struct wr_program *program, const struct wr_picture *last,
                                 enum wr_row_order rows, struct wr_error *error);
