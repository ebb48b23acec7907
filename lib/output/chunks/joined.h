// SPDX-License-Identifier: MIT
// Reads the pieces of a video from the parts that several runs made, in the video's order.
#pragma once

#include "lib/output/chunks/part_file.h"

struct wr_joined;

// Opens the parts, in any order, and checks that they are all there, each once, and that what is
// the same in all parts (the first WR_PART_COMMON words) is as in `like`. *joined is NULL on
// failure.
enum wr_status wr_joined_open(struct wr_joined **joined, const char *const *paths,
                              const struct wr_part_head *like, struct wr_error *error);

// The next piece, which the caller closes; WR_END after the last, once the parts agree that it is.
int wr_joined_next(struct wr_joined *joined, struct wr_piece *piece, struct wr_error *error);

// Places where the parts found the input damaged; known at the end.
int64_t wr_joined_damaged(const struct wr_joined *joined);

// Tolerates NULL.
void wr_joined_close(struct wr_joined **joined);
