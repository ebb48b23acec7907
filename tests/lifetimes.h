// SPDX-License-Identifier: MIT
// How long each buffer of a program must be kept, by looking at its passes instead of walking
// through them: what recorded walks are compared with.
#pragma once

#include "kernels/program/program.h"
#include "lib/plan/plan.h"

// Fills blocks[0..buffer_count-1]: of every intermediate buffer the bytes for a batch, and its life
// in passes: from the first that writes it to the last that uses it, that one included, since a
// pass reads its inputs while it writes. Buffers of the input and output, and those nobody uses,
// get no bytes and no life. pitch says how many bytes executors keep from row to row of a buffer.
enum wr_status wr_lifetimes(const struct wr_program *program, int batch,
                            int64_t (*pitch)(const struct wr_buffer *buffer),
                            struct wr_block *blocks, struct wr_error *error);
