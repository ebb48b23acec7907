// SPDX-License-Identifier: MIT
// What a job remembers of its program from frame to frame. The program itself never changes, so
// that several jobs may use it at once, each with a state of its own.
#pragma once

#include "kernels/program/program.h"

struct wr_program_state {
    const struct wr_program *program;
    void *mine[]; // of each of the program's changing numbers, the job's copy of the recipe
};

// A state for a job that begins. program must be finished and outlive it. On failure *state is
// NULL.
enum wr_status wr_program_state_open(struct wr_program_state **state,
                                     const struct wr_program *program, struct wr_error *error);

// Fills in all value_count numbers of the job's next frame.
void wr_program_compute(struct wr_program_state *state, const struct wr_moment *moment,
                        union wr_value *values);

// Tolerates NULL.
void wr_program_state_close(struct wr_program_state **state);
