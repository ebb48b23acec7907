// SPDX-License-Identifier: MIT
// The end of building a program.
#pragma once

#include "kernels/program/program.h"

// Ends the program: `last` becomes the output. Neighbouring tables are composed, passes whose
// result nobody reads are dropped. Afterwards every output plane is handed over from the input,
// perhaps flipped, or is a whole buffer of its own, written by one pass and read by none, whose
// rows go forwards; planes that need it are copied.
enum wr_status wr_program_finish(struct wr_program *program, const struct wr_picture *last,
                                 struct wr_error *error);

// Has planes copied that a finished program hands over flipped, for who cannot take them so.
enum wr_status wr_program_copy_flipped(struct wr_program *program, struct wr_error *error);
