// SPDX-License-Identifier: MIT
// What the planner's methods share: the blocks that take room, on a time line without gaps.
#pragma once

#include "lib/base/error.h"
#include "lib/plan/block.h"

// Time is counted in slots, between which no block starts or ends.
struct wr_packing_piece {
    int64_t size; // a multiple of the alignment
    int64_t life; // in the caller's unit
    int from, to; // slots, half-open
    int block;    // the caller's number
};

struct wr_packing {
    struct wr_packing_piece *pieces;
    int count, slots;
    int64_t *load;       // bytes alive in each slot
    int64_t lower_bound; // the largest of them
};

enum wr_status wr_packing_open(struct wr_packing *packing, const struct wr_block *blocks, int count,
                               int64_t alignment, struct wr_error *error);
void wr_packing_close(struct wr_packing *packing);
enum wr_status wr_packing_out_of_memory(const struct wr_packing *packing, struct wr_error *error);

// What to prefer among pieces. Equal ones are ordered by longer life, larger size, earlier start.
enum wr_preference { WR_BY_LIFE, WR_BY_SIZE, WR_BY_AREA, WR_BY_CROWD, WR_PREFERENCES };

// Sorts all pieces, the preferred first; order has room for packing->count.
enum wr_status wr_packing_sort(const struct wr_packing *packing, enum wr_preference preference,
                               int *order, struct wr_error *error);
