// SPDX-License-Identifier: MIT
// The filters of warpreel's own that frames go through on their way to a source of a host stage.
#pragma once

#include "lib/run/stages/program_stage.h"

struct wr_branch {
    struct wr_chain *chain;           // of the filters; the caller's
    struct wr_stream before;          // what they take
    struct wr_program_stage *program; // that runs them, NULL where there is nothing to do
    struct wr_format own;             // what they give
    struct wr_stream now;             // what comes out: this, or what it was converted to
};

// Appends a conversion to the layout of format.
enum wr_status wr_append_layout(struct wr_chain *chain, const struct wr_format *format,
                                struct wr_error *error);

// The same, to the range of it as well, which is YUV.
enum wr_status wr_append_ranged(struct wr_chain *chain, const struct wr_format *format,
                                struct wr_error *error);

// Appends the filters that leave out what the container says is not to be shown, and turn the
// picture upright, if it is to be.
enum wr_status wr_append_view(struct wr_chain *chain, struct wr_stream *in, struct wr_error *error);

// Lowers the chain for what comes before; sets the rest. The caller closes the branch, also after a
// failure, unless it has taken the program.
enum wr_status wr_branch_open(struct wr_branch *branch, struct wr_error *error);

// Has the branch end in the layout of wanted.
enum wr_status wr_branch_convert(struct wr_branch *branch, const struct wr_format *wanted,
                                 struct wr_error *error);

// What runs the branch, which the caller then closes; NULL where there is nothing to do.
struct wr_program_stage *wr_branch_take(struct wr_branch *branch);

// Tolerates branches that are zeroed or closed.
void wr_branch_close(struct wr_branch *branch);
