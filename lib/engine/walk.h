// SPDX-License-Identifier: MIT
// Walks through passes of a program: the loop that every executor runs them by.
//
// A route is a range of passes together with the plan of the memory between them. It is recorded
// and planned once and never changes, so that any number of walks on any threads share it. A walk
// is what one thread needs to follow routes: an arena, and where each buffer lies now.
//
// Before a pass that is the first to write a buffer, the walk takes memory for it from its arena;
// after the last pass that uses it the memory goes back. The arena counts time in passes,
// which is what plots of the memory show.
#pragma once

#include "kernels/program/program.h"
#include "lib/engine/memory.h"
#include "lib/plan/arena.h"

// What a buffer takes of memory; bytes 0: it is not in the arena.
struct wr_footprint {
    int64_t pitch, bytes; // bytes from row to row, and of all rows of all frames
    int64_t asked;        // without what rounding adds
};

// The passes are done in steps that end before pass ends[0], ends[1], ...: what happens within a
// step happens at one time. ends NULL: each pass is a step. scratch: passes get what they work in,
// too. in_place: passes that may write over an input do; for whole buffers, and steps in which no
// pass reads what another one writes.
struct wr_walk_range {
    int first_pass, end_pass;
    const int *ends;
    bool scratch;
    bool in_place;
};

struct wr_route {
    const struct wr_program *program;
    const struct wr_footprint *footprints; // [buffers], borrowed
    struct wr_walk_range range;
    int first_buffer, buffer_count; // from the first to the last that the range writes
    int *uses;                      // of each of those, by the passes of the range
    struct wr_arena_plan plan;
};

// A buffer on the walk under way.
struct wr_walk_buffer {
    int uses_left;
    int block;             // in the arena; -1: it has none, or another buffer took it over
    unsigned char *memory; // once it was taken; NULL outside the arena
};

struct wr_walk {
    const struct wr_route *routes; // that it may follow, borrowed
    int route_count;
    const struct wr_route *route; // of the walk under way
    struct wr_arena arena;        // of all routes: it holds what any one of them needs
    struct wr_walk_buffer *buffers;
    int scratch_block;
    unsigned char *scratch; // of the pass under way
};

// Records and plans, without any memory for pixels. program, footprints and range->ends must
// outlive the route. On failure route is closed.
enum wr_status wr_route_open(struct wr_route *route, const struct wr_program *program,
                             const struct wr_footprint *footprints,
                             const struct wr_walk_range *range,
                             const struct wr_arena_options *options, struct wr_error *error);
void wr_route_close(struct wr_route *route);

// The most bytes that any of the routes needs: what is to be lent to the arena of a walk.
int64_t wr_routes_peak(const struct wr_route *routes, int count);

// The routes must outlive the walk, options be those they were opened with. The caller lends memory
// to walk->arena before wr_walk_passes. On failure walk is closed.
enum wr_status wr_walk_open(struct wr_walk *walk, const struct wr_route *routes, int count,
                            const struct wr_arena_options *options,
                            const struct wr_arena_source *source, struct wr_error *error);

// Calls run for each step of a route, with its first pass and the one behind its last.
typedef enum wr_status wr_walk_step(void *context, int first_pass, int end_pass,
                                    struct wr_error *error);
enum wr_status wr_walk_passes(struct wr_walk *walk, const struct wr_route *route, wr_walk_step *run,
                              void *context, struct wr_error *error);

// Where a buffer of the arena lies, once it was taken.
static inline unsigned char *wr_walk_memory(const struct wr_walk *walk, int buffer)
{
    return walk->buffers[buffer - walk->route->first_buffer].memory;
}

// Once all that run started is done: plans anew where the walk was not the recorded one.
enum wr_status wr_walk_end(struct wr_walk *walk, struct wr_error *error);
void wr_walk_close(struct wr_walk *walk);

// Adds what the walk needs and holds to memory. Memory that is lent to it counts as requested and
// as lower bound; memory that it got after a departure counts as arena as well.
void wr_walk_count(const struct wr_walk *walk, struct wr_memory *memory);

// What `rows` rows of each of `frames` frames of buffer take, rows rounded up to alignment.
enum wr_status wr_footprint_of(const struct wr_buffer *buffer, int64_t alignment, int rows,
                               int frames, struct wr_footprint *footprint, struct wr_error *error);
