// SPDX-License-Identifier: MIT
// The best-fit skyline: builds a plan from an order of preference among the pieces.
//
// Use: open once for a packing, build as often as wanted, close.
#pragma once

#include <stdbool.h>

#include "lib/plan/packing.h"

struct wr_line {
    int from, to; // slots
    int64_t height;
};

struct wr_skyline {
    const struct wr_packing *packing;
    struct wr_line *lines; // cover all slots from left to right; neighbours differ in height
    int line_count;
    int *first;    // [slot]: the most preferred piece that starts there and is not placed, or -1
    int *next;     // [piece]: the next one of that slot, or -1
    int *rank;     // [piece]: its place in the order
    int64_t *rest; // [slot]: bytes alive and not yet placed
    int64_t steps; // slots looked at, over all builds
};

// Close is needed after failure too.
enum wr_status wr_skyline_open(struct wr_skyline *sky, const struct wr_packing *packing,
                               struct wr_error *error);
void wr_skyline_close(struct wr_skyline *sky);

// A plan and the order it was built from. Needs as many entries as the packing has pieces.
struct wr_attempt {
    int *order;       // every piece once, the preferred first
    int64_t *offsets; // [piece]
    int64_t peak;
    int top; // the piece that reaches the peak
};

// Close is needed after failure too.
enum wr_status wr_attempt_open(struct wr_attempt *attempt, const struct wr_packing *packing,
                               struct wr_error *error);
void wr_attempt_close(struct wr_attempt *attempt);

// Fills in all but the order. False once the peak is sure to exceed limit.
bool wr_skyline_build(struct wr_skyline *sky, struct wr_attempt *attempt, int64_t limit);
