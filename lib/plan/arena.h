// SPDX-License-Identifier: MIT
// An arena replays runs that were recorded and planned before.
//
// A run is: begin; take and give blocks; end. The first run only records what is asked for and
// touches no memory. wr_arena_plan_open plans where its blocks lie (see plan.h). Any number of
// arenas then replay that plan, each in memory of its own: the n-th block that is taken gets the
// n-th planned offset, so a run costs no search and no allocation.
//
// A departure is a run that is not the recorded one. A running hash of all sizes and their order
// shows it at the take where it happens. From there on blocks get memory of their own until the run
// ends, so that its results are right. Then the arena plans anew what this run did, for itself.
//
//     wr_arena_open(&first, ...); wr_arena_begin(&first, NULL); take ... give ...
//     wr_arena_plan_open(&plan, &first, ...); wr_arena_close(&first);
//
//     wr_arena_open(&arena, ...); wr_arena_lend(&arena, memory, bytes);
//     wr_arena_begin(&arena, &plan); take ... give ...; wr_arena_end(&arena, ...)
//
// An arena serves one thread at a time, a plan any number of them.
#pragma once

#include "lib/plan/plan.h"

enum wr_arena_mode {
    WR_ARENA_PLANNED,
    WR_ARENA_SEPARATE,   // no two blocks share a byte, whatever their lives
    WR_ARENA_POISONED,   // what is given back is filled with WR_POISON
    WR_ARENA_GUARDED,    // as separate, and a run fails where anything wrote behind a block's end
    WR_ARENA_MISRECORDED // records half of every size, so that the first replay departs
};

#define WR_POISON 0xA5
#define WR_GUARD_BYTES 256 // of WR_POISON behind each guarded block

// Where memory comes from that was not lent. context is passed to each.
struct wr_arena_source {
    enum wr_status (*allocate)(void *context, unsigned char **memory, int64_t bytes,
                               struct wr_error *error);
    void (*release)(void *context, unsigned char *memory);
    enum wr_status (*fill)(void *context, unsigned char *memory, int value, int64_t bytes,
                           struct wr_error *error);
    // Copies to memory of the processor. What was started before has ended.
    enum wr_status (*fetch)(void *context, unsigned char *to, const unsigned char *memory,
                            int64_t bytes, struct wr_error *error);
    void *context;
};

struct wr_arena_options {
    int64_t alignment; // of every block
    enum wr_arena_mode mode;
};

// One take of a run.
struct wr_arena_take {
    int64_t asked;         // bytes that are meant to be used
    const char *label;     // borrowed, for plots of the plan
    uint64_t hash;         // of the sequence up to here
    unsigned char *memory; // of the run under way
    int64_t from, to;      // the block's life in the caller's unit of time, for plots
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

// A recorded run and where its blocks lie. Nothing in it changes once it is open.
struct wr_arena_plan {
    struct wr_arena_record record;
    struct wr_plan places;
    const struct wr_arena_plan *replaced; // of one made after a departure: what was departed from
};

struct wr_arena {
    struct wr_arena_options options;
    struct wr_arena_source source;
    const struct wr_arena_plan *plan; // followed by the run under way, NULL: it only records
    struct wr_arena_record run;       // under way
    struct wr_arena_plan *own;        // made after departures
    int own_count;
    unsigned char *memory; // lent, or its own once a departure needed more
    int64_t bytes;         // of memory
    int64_t now; // in the caller's unit of time; the caller sets it before takes and gives
    bool is_own;
    int spare_from;  // first block of the run under way with memory of its own
    int departures;  // runs that were not the recorded one
    int allocations; // of blocks with memory of their own, and of larger arenas
};

void wr_arena_open(struct wr_arena *arena, const struct wr_arena_options *options,
                   const struct wr_arena_source *source);
void wr_arena_close(struct wr_arena *arena); // also in the middle of a run

// Makes room for runs of `takes` blocks, so that they allocate nothing.
enum wr_status wr_arena_reserve(struct wr_arena *arena, int takes, struct wr_error *error);

// Memory that the planned blocks lie in: at least as many bytes as any plan's peak. The lender
// releases it after wr_arena_close.
void wr_arena_lend(struct wr_arena *arena, unsigned char *memory, int64_t bytes);

// plan must outlive the run; NULL: this run only records.
void wr_arena_begin(struct wr_arena *arena, const struct wr_arena_plan *plan);

// bytes with all rounding, of which `asked` are meant to be used. block is the number to give it
// back by. *memory is NULL in a run that only records.
enum wr_status wr_arena_take(struct wr_arena *arena, int64_t bytes, int64_t asked,
                             const char *label, int *block, unsigned char **memory,
                             struct wr_error *error);
enum wr_status wr_arena_give(struct wr_arena *arena, int block, struct wr_error *error);

// Ends a run that followed a plan. Nothing may use the blocks any more. Those that were not given
// back live to the end.
enum wr_status wr_arena_end(struct wr_arena *arena, struct wr_error *error);

// Ends a run that only recorded, and plans it. On failure the plan is empty.
enum wr_status wr_arena_plan_open(struct wr_arena_plan *plan, struct wr_arena *arena,
                                  struct wr_error *error);
void wr_arena_plan_close(struct wr_arena_plan *plan);

// What this arena follows in the place of plan: its own after a departure, else plan itself.
const struct wr_arena_plan *wr_arena_followed(const struct wr_arena *arena,
                                              const struct wr_arena_plan *plan);
