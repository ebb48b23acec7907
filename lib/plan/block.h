// SPDX-License-Identifier: MIT
// A block of memory that the planner places: its size and how long it lives.
#pragma once

#include <stdint.h>

// A block is alive in [from, to), in any unit of time. Blocks without bytes or life take no room.
struct wr_block {
    int64_t size; // bytes
    int64_t from, to;
};
