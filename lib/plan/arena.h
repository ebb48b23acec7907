// SPDX-License-Identifier: MIT
// An arena that learns from one run where every block is to lie.
//
// A run is: begin; take and give blocks; end. The first one records what is asked for and touches
// no memory. When it ends, the blocks are planned (see plan.h), and from then on the n-th block
// that is taken gets the n-th planned offset: a run costs no search and no allocation. A running
// hash of the whole sequence of sizes and order tells at every take whether the run is still the
// recorded one. From the first take at which it is not, blocks get memory of their own until the
// run ends, so that its results are right; then the arena is planned anew after what this run did.
//
//     wr_arena_open(&arena, &options, &source);
//     begin; take ... give ...; wr_arena_end     records and plans: arena.plan.peak bytes are
//     needed wr_arena_lend(&arena, memory)              then runs replay
//
// An arena serves one thread at a time.
#pragma once

#include "lib/plan/plan.h"

enum wr_arena_mode {
    WR_ARENA_PLANNED,
    WR_ARENA_SEPARATE,   // no two blocks share a byte, whatever their lives
    WR_ARENA_POISONED,   // what is given back is filled with WR_POISON
    WR_ARENA_MISRECORDED // records half of every size, so that the first replay departs
};

#define WR_POISON 0xA5

// Where memory comes from that was not lent. context is passed to each.
struct wr_arena_source {
    enum wr_status (*allocate)(void *context, unsigned char **memory, int64_t bytes,
                               struct wr_error *error);
    void (*release)(void *context, unsigned char *memory);
    enum wr_status (*fill)(void *context, unsigned char *memory, int value, int64_t bytes,
                           struct wr_error *error);
    void *context;
};

struct wr_arena_options {
    int64_t alignment; // of every block
    enum wr_arena_mode mode;
};

// One take of a run.
struct wr_arena_take {
    int64_t asked;         // bytes that are meant to be used
    const char *label;     // borrowed, for pictures of the plan
    uint64_t hash;         // of the sequence up to here
    unsigned char *memory; // of the run under way
    int64_t from, to;      // the block's life in the user's own time, for pictures of the plan
};

// The sequence of one run. Lives of blocks count takes and gives.
struct wr_arena_record {
    struct wr_block *blocks; // as the planner wants them
    struct wr_arena_take *takes;
    int count, room;
    uint64_t hash; // of the sequence so far
    int64_t time;
    int64_t asked, most_asked; // of the blocks alive, now and at most
};

struct wr_arena {
    struct wr_arena_options options;
    struct wr_arena_source source;
    struct wr_arena_record planned, current;
    struct wr_plan plan;
    unsigned char *memory; // NULL until it is lent
    int64_t bytes;         // of memory
    int64_t now;           // the user's own time, for the user to set before takes and gives
    bool is_planned, is_own;
    int spare_from;  // first block of the run under way with memory of its own
    int departures;  // runs that were not the recorded one
    int allocations; // of blocks with memory of their own, and of larger arenas
};

void wr_arena_open(struct wr_arena *arena, const struct wr_arena_options *options,
                   const struct wr_arena_source *source);
void wr_arena_close(struct wr_arena *arena); // also in the middle of a run

void wr_arena_begin(struct wr_arena *arena);

// bytes with all rounding, of which `asked` are meant to be used. block is the number to give it
// back by. *memory is NULL in the first run.
enum wr_status wr_arena_take(struct wr_arena *arena, int64_t bytes, int64_t asked,
                             const char *label, int *block, unsigned char **memory,
                             struct wr_error *error);
enum wr_status wr_arena_give(struct wr_arena *arena, int block, struct wr_error *error);

// Nothing may use the blocks any more. Those that were not given back live to the end.
enum wr_status wr_arena_end(struct wr_arena *arena, struct wr_error *error);

// Memory of at least plan.peak bytes, the lender's to release after wr_arena_close.
void wr_arena_lend(struct wr_arena *arena, unsigned char *memory);
