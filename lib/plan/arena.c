// SPDX-License-Identifier: MIT
// Records, plans and replays the blocks of a run.
#include "lib/plan/arena.h"

#include <limits.h>
#include <stdlib.h>

void wr_arena_open(struct wr_arena *arena, const struct wr_arena_options *options,
                   const struct wr_arena_source *source)
{
    *arena = (struct wr_arena){.options = *options, .source = *source};
}

static void close_record(struct wr_arena_record *record)
{
    free(record->blocks);
    free(record->takes);
}

static void release_spares(struct wr_arena *arena)
{
    for (int n = arena->spare_from; n < arena->current.count; n++)
        arena->source.release(arena->source.context, arena->current.takes[n].memory);
    arena->spare_from = arena->current.count;
}

static void release_own(struct wr_arena *arena)
{
    if (arena->is_own)
        arena->source.release(arena->source.context, arena->memory);
    arena->is_own = false;
}

void wr_arena_close(struct wr_arena *arena)
{
    release_spares(arena);
    release_own(arena);
    wr_plan_close(&arena->plan);
    close_record(&arena->planned);
    close_record(&arena->current);
    *arena = (struct wr_arena){0};
}

void wr_arena_lend(struct wr_arena *arena, unsigned char *memory)
{
    arena->memory = memory;
    arena->bytes = arena->plan.peak;
}

void wr_arena_begin(struct wr_arena *arena)
{
    struct wr_arena_record *record = &arena->current;
    record->count = 0;
    record->hash = UINT64_C(0xcbf29ce484222325);
    record->time = record->asked = record->most_asked = 0;
    arena->spare_from = INT_MAX;
}

// Fowler, Noll and Vo's FNV-1a, over whole numbers instead of bytes.
static void note(struct wr_arena_record *record, int64_t number)
{
    record->hash = (record->hash ^ (uint64_t)number) * UINT64_C(0x100000001b3);
    record->time++;
}

static bool resize(void **array, int count, size_t size)
{
    void *larger = realloc(*array, (size_t)count * size);
    *array = larger ? larger : *array;
    return larger != NULL;
}

// Makes room for at least `count` takes.
static enum wr_status grow(struct wr_arena_record *record, int count, struct wr_error *error)
{
    int room = record->room ? record->room : 16;
    if (count <= record->room)
        return WR_OK;
    while (room < count)
        room *= 2;
    if (!resize((void **)&record->blocks, room, sizeof *record->blocks) ||
        !resize((void **)&record->takes, room, sizeof *record->takes))
        return wr_fail(error, WR_FAILED, "out of memory for the record of the filters' memory");
    record->room = room;
    return WR_OK;
}

// Where block n lies: at its planned place, where it has the same company as in the record, else in
// memory of its own. Nowhere in the run that only records.
static enum wr_status place(struct wr_arena *arena, int n, struct wr_error *error)
{
    struct wr_arena_take *take = &arena->current.takes[n];
    take->memory = NULL;
    if (!arena->is_planned)
        return WR_OK;
    if (n < arena->spare_from && n < arena->planned.count &&
        take->hash == arena->planned.takes[n].hash) {
        take->memory = arena->memory + arena->plan.offsets[n];
        return WR_OK;
    }
    const enum wr_status status = arena->source.allocate(arena->source.context, &take->memory,
                                                         arena->current.blocks[n].size, error);
    if (status)
        return status;
    arena->allocations++;
    arena->spare_from = n < arena->spare_from ? n : arena->spare_from;
    return WR_OK;
}

enum wr_status wr_arena_take(struct wr_arena *arena, int64_t bytes, int64_t asked,
                             const char *label, int *block, unsigned char **memory,
                             struct wr_error *error)
{
    struct wr_arena_record *record = &arena->current;
    enum wr_status status = grow(record, record->count + 1, error);
    if (status)
        return status;
    if (arena->options.mode == WR_ARENA_MISRECORDED && !arena->is_planned)
        bytes /= 2;
    const int n = record->count;
    record->blocks[n] = (struct wr_block){bytes, record->time, record->time};
    note(record, bytes);
    record->takes[n] = (struct wr_arena_take){
        .asked = asked, .label = label, .hash = record->hash, .from = arena->now, .to = arena->now};
    status = place(arena, n, error);
    if (status)
        return status;
    record->count++;
    record->asked += asked;
    record->most_asked = record->asked > record->most_asked ? record->asked : record->most_asked;
    *block = n;
    *memory = record->takes[n].memory;
    return WR_OK;
}

enum wr_status wr_arena_give(struct wr_arena *arena, int block, struct wr_error *error)
{
    struct wr_arena_record *record = &arena->current;
    record->blocks[block].to = record->time;
    record->takes[block].to = arena->now;
    note(record, -1 - (int64_t)block);
    record->asked -= record->takes[block].asked;
    if (arena->options.mode != WR_ARENA_POISONED || !arena->is_planned)
        return WR_OK;
    return arena->source.fill(arena->source.context, record->takes[block].memory, WR_POISON,
                              record->blocks[block].size, error);
}

// Plans the run that just ended.
static enum wr_status plan(struct wr_arena *arena, struct wr_error *error)
{
    struct wr_arena_record *record = &arena->current;
    for (int n = 0; n < record->count; n++) {
        struct wr_block *block = &record->blocks[n];
        if (arena->options.mode == WR_ARENA_SEPARATE)
            block->from = 0;
        if (arena->options.mode == WR_ARENA_SEPARATE || block->to <= block->from)
            block->to = record->time;
    }
    wr_plan_close(&arena->plan);
    const struct wr_plan_options options = {.alignment = arena->options.alignment};
    enum wr_status status =
        wr_plan_open(&arena->plan, record->blocks, record->count, &options, error);
    if (!status)
        status =
            wr_plan_check(&arena->plan, record->blocks, record->count, options.alignment, error);
    const struct wr_arena_record former = arena->planned;
    arena->planned = arena->current;
    arena->current = former;
    arena->is_planned = !status;
    return status;
}

static enum wr_status enlarge(struct wr_arena *arena, struct wr_error *error)
{
    if (arena->plan.peak <= arena->bytes)
        return WR_OK;
    release_own(arena);
    arena->bytes = 0;
    const enum wr_status status =
        arena->source.allocate(arena->source.context, &arena->memory, arena->plan.peak, error);
    if (status)
        return status;
    arena->allocations++;
    arena->is_own = true;
    arena->bytes = arena->plan.peak;
    return WR_OK;
}

enum wr_status wr_arena_end(struct wr_arena *arena, struct wr_error *error)
{
    if (arena->is_planned && arena->spare_from == INT_MAX &&
        arena->current.hash == arena->planned.hash)
        return WR_OK;
    const bool departed = arena->is_planned;
    release_spares(arena);
    enum wr_status status = plan(arena, error);
    arena->current.count = 0;
    if (!status) // so that replays allocate nothing
        status = grow(&arena->current, arena->planned.count, error);
    if (status || !departed)
        return status;
    arena->departures++;
    return enlarge(arena, error);
}
