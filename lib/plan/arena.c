// SPDX-License-Identifier: MIT
// Records runs, plans them and replays them.
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

void wr_arena_plan_close(struct wr_arena_plan *plan)
{
    close_record(&plan->record);
    wr_plan_close(&plan->places);
    *plan = (struct wr_arena_plan){0};
}

static void release_spares(struct wr_arena *arena)
{
    for (int n = arena->spare_from; n < arena->run.count; n++)
        arena->source.release(arena->source.context, arena->run.takes[n].memory);
    arena->spare_from = arena->run.count;
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
    for (int n = 0; n < arena->own_count; n++)
        wr_arena_plan_close(&arena->own[n]);
    free(arena->own);
    close_record(&arena->run);
    *arena = (struct wr_arena){0};
}

void wr_arena_lend(struct wr_arena *arena, unsigned char *memory, int64_t bytes)
{
    arena->memory = memory;
    arena->bytes = bytes;
}

const struct wr_arena_plan *wr_arena_followed(const struct wr_arena *arena,
                                              const struct wr_arena_plan *plan)
{
    for (int n = 0; n < arena->own_count; n++)
        if (arena->own[n].replaced == plan)
            return &arena->own[n];
    return plan;
}

void wr_arena_begin(struct wr_arena *arena, const struct wr_arena_plan *plan)
{
    struct wr_arena_record *run = &arena->run;
    run->count = 0;
    run->hash = UINT64_C(0xcbf29ce484222325);
    run->time = run->asked = run->most_asked = 0;
    arena->spare_from = INT_MAX;
    arena->plan = plan ? wr_arena_followed(arena, plan) : NULL;
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

enum wr_status wr_arena_reserve(struct wr_arena *arena, int takes, struct wr_error *error)
{
    struct wr_arena_record *record = &arena->run;
    int room = record->room ? record->room : 16;
    if (takes <= record->room)
        return WR_OK;
    while (room < takes)
        room *= 2;
    if (!resize((void **)&record->blocks, room, sizeof *record->blocks) ||
        !resize((void **)&record->takes, room, sizeof *record->takes))
        return wr_fail(error, WR_FAILED,
                       "out of memory while recording what memory the filters use");
    record->room = room;
    return WR_OK;
}

// Finds the place of block n: as planned while the run is the recorded one, else in memory of its
// own. A run that only records gets none.
static enum wr_status place(struct wr_arena *arena, int n, struct wr_error *error)
{
    struct wr_arena_take *take = &arena->run.takes[n];
    const struct wr_arena_plan *plan = arena->plan;
    take->memory = NULL;
    if (!plan)
        return WR_OK;
    if (n < arena->spare_from && n < plan->record.count &&
        take->hash == plan->record.takes[n].hash) {
        take->memory = arena->memory + plan->places.offsets[n];
        return WR_OK;
    }
    const enum wr_status status = arena->source.allocate(arena->source.context, &take->memory,
                                                         arena->run.blocks[n].size, error);
    if (status)
        return status;
    arena->allocations++;
    arena->spare_from = n < arena->spare_from ? n : arena->spare_from;
    return WR_OK;
}

// What lies behind block n of a run that follows a plan.
static unsigned char *guard_of(const struct wr_arena_record *run, int n)
{
    return run->takes[n].memory + run->blocks[n].size - WR_GUARD_BYTES;
}

static enum wr_status check_guards(const struct wr_arena *arena, struct wr_error *error)
{
    const struct wr_arena_record *run = &arena->run;
    for (int n = 0; n < run->count; n++) {
        unsigned char guard[WR_GUARD_BYTES];
        const enum wr_status status = arena->source.fetch(arena->source.context, guard,
                                                          guard_of(run, n), sizeof guard, error);
        if (status)
            return status;
        for (size_t i = 0; i < sizeof guard; i++)
            if (guard[i] != WR_POISON)
                return wr_fail(error, WR_FAILED, "something wrote behind the memory of %s",
                               run->takes[n].label);
    }
    return WR_OK;
}

enum wr_status wr_arena_take(struct wr_arena *arena, int64_t bytes, int64_t asked,
                             const char *label, int *block, unsigned char **memory,
                             struct wr_error *error)
{
    struct wr_arena_record *run = &arena->run;
    enum wr_status status = wr_arena_reserve(arena, run->count + 1, error);
    if (status)
        return status;
    if (arena->options.mode == WR_ARENA_MISRECORDED && !arena->plan)
        bytes /= 2;
    if (arena->options.mode == WR_ARENA_GUARDED)
        bytes += WR_GUARD_BYTES;
    const int n = run->count;
    run->blocks[n] = (struct wr_block){bytes, run->time, run->time};
    note(run, bytes);
    run->takes[n] = (struct wr_arena_take){
        .asked = asked, .label = label, .hash = run->hash, .from = arena->now, .to = arena->now};
    status = place(arena, n, error);
    if (!status && arena->options.mode == WR_ARENA_GUARDED && arena->plan)
        status = arena->source.fill(arena->source.context, guard_of(run, n), WR_POISON,
                                    WR_GUARD_BYTES, error);
    if (status)
        return status;
    run->count++;
    run->asked += asked;
    run->most_asked = run->asked > run->most_asked ? run->asked : run->most_asked;
    *block = n;
    *memory = run->takes[n].memory;
    return WR_OK;
}

enum wr_status wr_arena_give(struct wr_arena *arena, int block, struct wr_error *error)
{
    struct wr_arena_record *run = &arena->run;
    run->blocks[block].to = run->time;
    run->takes[block].to = arena->now;
    note(run, -1 - (int64_t)block);
    run->asked -= run->takes[block].asked;
    if (arena->options.mode != WR_ARENA_POISONED || !arena->plan)
        return WR_OK;
    return arena->source.fill(arena->source.context, run->takes[block].memory, WR_POISON,
                              run->blocks[block].size, error);
}

enum wr_status wr_arena_plan_open(struct wr_arena_plan *plan, struct wr_arena *arena,
                                  struct wr_error *error)
{
    *plan = (struct wr_arena_plan){.record = arena->run};
    arena->run = (struct wr_arena_record){0};
    struct wr_block *const blocks = plan->record.blocks;
    const int count = plan->record.count;
    const bool is_separate =
        arena->options.mode == WR_ARENA_SEPARATE || arena->options.mode == WR_ARENA_GUARDED;
    for (int n = 0; n < count; n++) {
        blocks[n].from = is_separate ? 0 : blocks[n].from;
        if (is_separate || blocks[n].to <= blocks[n].from)
            blocks[n].to = plan->record.time;
    }
    const struct wr_plan_options options = {.alignment = arena->options.alignment};
    enum wr_status status = wr_plan_open(&plan->places, blocks, count, &options, error);
    if (!status)
        status = wr_plan_check(&plan->places, blocks, count, options.alignment, error);
    if (status)
        wr_arena_plan_close(plan);
    return status;
}

// Plans the run that just ended, to be followed from now on in the place of the plan it left.
static enum wr_status plan_anew(struct wr_arena *arena, struct wr_error *error)
{
    int n = 0;
    while (n < arena->own_count && &arena->own[n] != arena->plan)
        n++;
    const bool is_new = n == arena->own_count;
    struct wr_arena_plan plan;
    if (is_new && !resize((void **)&arena->own, n + 1, sizeof *arena->own))
        return wr_fail(error, WR_FAILED, "out of memory for the plan of the filters' memory");
    const enum wr_status status = wr_arena_plan_open(&plan, arena, error);
    if (status)
        return status;
    plan.replaced = is_new ? arena->plan : arena->own[n].replaced;
    if (!is_new)
        wr_arena_plan_close(&arena->own[n]);
    arena->own_count += is_new;
    arena->own[n] = plan;
    arena->plan = &arena->own[n];
    return WR_OK;
}

static enum wr_status enlarge(struct wr_arena *arena, int64_t bytes, struct wr_error *error)
{
    if (bytes <= arena->bytes)
        return WR_OK;
    release_own(arena);
    arena->bytes = 0;
    const enum wr_status status =
        arena->source.allocate(arena->source.context, &arena->memory, bytes, error);
    if (status)
        return status;
    arena->allocations++;
    arena->is_own = true;
    arena->bytes = bytes;
    return WR_OK;
}

enum wr_status wr_arena_end(struct wr_arena *arena, struct wr_error *error)
{
    enum wr_status status =
        arena->options.mode == WR_ARENA_GUARDED ? check_guards(arena, error) : WR_OK;
    if (status)
        return status;
    if (arena->spare_from == INT_MAX && arena->run.hash == arena->plan->record.hash)
        return WR_OK;
    release_spares(arena);
    status = plan_anew(arena, error);
    if (!status) // so that replays allocate nothing
        status = wr_arena_reserve(arena, arena->plan->record.count, error);
    if (status)
        return status;
    arena->departures++;
    return enlarge(arena, arena->plan->places.peak, error);
}
