// SPDX-License-Identifier: MIT
// Plans routes through passes, and takes and gives back the memory of what lies between them.
#include "lib/engine/walk.h"

#include <assert.h>
#include <stdlib.h>

// The number of a buffer on the route; -1: no pass of the range writes it.
static int find(const struct wr_route *route, int buffer)
{
    const int n = buffer - route->first_buffer;
    return n < route->buffer_count ? n : -1;
}

static void find_buffers(struct wr_route *route)
{
    int first = route->program->buffer_count, end = 0;
    for (int k = route->range.first_pass; k < route->range.end_pass; k++) {
        const struct wr_pass *pass = &route->program->passes[k];
        for (int n = 0; n < pass->outputs; n++) {
            const int b = pass->out[n].buffer;
            first = b < first ? b : first;
            end = b < end ? end : b + 1;
        }
    }
    route->first_buffer = first;
    route->buffer_count = end > first ? end - first : 0;
}

static void count_use(struct wr_route *route, int buffer)
{
    const int n = find(route, buffer);
    if (n >= 0)
        route->uses[n]++;
}

static void count_uses(struct wr_route *route)
{
    for (int k = route->range.first_pass; k < route->range.end_pass; k++) {
        const struct wr_pass *pass = &route->program->passes[k];
        for (int n = 0; n < pass->inputs; n++)
            count_use(route, pass->in[n].buffer);
        for (int n = 0; n < pass->outputs; n++)
            count_use(route, pass->out[n].buffer);
    }
}

// Gives an output the block of an input that nobody reads after this pass; false: there is none.
static bool take_over(struct wr_walk *walk, const struct wr_pass *pass, int output)
{
    const struct wr_route *route = walk->route;
    const struct wr_footprint *to = &route->footprints[output];
    for (int n = 0; n < pass->inputs && pass->in_place && route->range.in_place; n++) {
        const int number = find(route, pass->in[n].buffer);
        struct wr_walk_buffer *const input = number < 0 ? NULL : &walk->buffers[number];
        const struct wr_footprint *from = &route->footprints[pass->in[n].buffer];
        if (!input || input->block < 0 || input->uses_left > 1 || from->bytes != to->bytes ||
            from->pitch != to->pitch)
            continue;
        struct wr_walk_buffer *const taker = &walk->buffers[find(route, output)];
        taker->block = input->block;
        taker->memory = input->memory;
        input->block = -1;
        return true;
    }
    return false;
}

static enum wr_status take(struct wr_walk *walk, int k, struct wr_error *error)
{
    const struct wr_route *route = walk->route;
    const struct wr_pass *pass = &route->program->passes[k];
    enum wr_status status = WR_OK;
    for (int n = 0; n < pass->outputs && !status; n++) {
        const struct wr_footprint *footprint = &route->footprints[pass->out[n].buffer];
        const int number = find(route, pass->out[n].buffer);
        assert(number >= 0); // the route was planned over these passes
        struct wr_walk_buffer *buffer = &walk->buffers[number];
        if (footprint->bytes && buffer->block < 0 && !take_over(walk, pass, pass->out[n].buffer))
            status = wr_arena_take(&walk->arena, footprint->bytes, footprint->asked, pass->name,
                                   &buffer->block, &buffer->memory, error);
    }
    const int64_t scratch = route->range.scratch ? (int64_t)pass->scratch : 0;
    if (scratch && !status)
        status = wr_arena_take(&walk->arena, scratch, scratch, pass->name, &walk->scratch_block,
                               &walk->scratch, error);
    return status;
}

static enum wr_status use(struct wr_walk *walk, int buffer, struct wr_error *error)
{
    const int n = find(walk->route, buffer);
    assert(n < 0 || walk->buffers[n].uses_left > 0);
    if (n < 0 || --walk->buffers[n].uses_left || walk->buffers[n].block < 0)
        return WR_OK;
    return wr_arena_give(&walk->arena, walk->buffers[n].block, error);
}

static enum wr_status give(struct wr_walk *walk, int k, struct wr_error *error)
{
    const struct wr_pass *pass = &walk->route->program->passes[k];
    enum wr_status status = WR_OK;
    if (walk->route->range.scratch && pass->scratch)
        status = wr_arena_give(&walk->arena, walk->scratch_block, error);
    for (int n = 0; n < pass->inputs && !status; n++)
        status = use(walk, pass->in[n].buffer, error);
    for (int n = 0; n < pass->outputs && !status; n++)
        status = use(walk, pass->out[n].buffer, error);
    return status;
}

// plan NULL: the walk is recorded only.
static enum wr_status follow(struct wr_walk *walk, const struct wr_route *route,
                             const struct wr_arena_plan *plan, wr_walk_step *run, void *context,
                             struct wr_error *error)
{
    const struct wr_walk_range *range = &route->range;
    walk->route = route;
    for (int n = 0; n < route->buffer_count; n++)
        walk->buffers[n] = (struct wr_walk_buffer){.uses_left = route->uses[n], .block = -1};
    wr_arena_begin(&walk->arena, plan);
    enum wr_status status = WR_OK;
    int k = range->first_pass;
    for (int step = 0; k < range->end_pass && !status; step++) {
        const int end = range->ends ? range->ends[step] : k + 1;
        walk->arena.now = k;
        for (int n = k; n < end && !status; n++)
            status = take(walk, n, error);
        if (!status)
            status = run(context, k, end, error);
        walk->arena.now = end;
        for (int n = k; n < end && !status; n++)
            status = give(walk, n, error);
        k = end;
    }
    return status;
}

enum wr_status wr_walk_passes(struct wr_walk *walk, const struct wr_route *route, wr_walk_step *run,
                              void *context, struct wr_error *error)
{
    return follow(walk, route, &route->plan, run, context, error);
}

static enum wr_status run_nothing(void *context, int first_pass, int end_pass,
                                  struct wr_error *error)
{
    (void)context, (void)first_pass, (void)end_pass, (void)error;
    return WR_OK;
}

enum wr_status wr_route_open(struct wr_route *route, const struct wr_program *program,
                             const struct wr_footprint *footprints,
                             const struct wr_walk_range *range,
                             const struct wr_arena_options *options, struct wr_error *error)
{
    const struct wr_arena_source no_memory = {0};
    struct wr_walk walk = {0};
    *route = (struct wr_route){.program = program, .footprints = footprints, .range = *range};
    find_buffers(route);
    route->uses = calloc((size_t)route->buffer_count + 1, sizeof *route->uses);
    enum wr_status status = WR_OK;
    if (!route->uses) {
        status = wr_fail(error, WR_FAILED, "out of memory for the plan of the filters' memory");
        goto fail;
    }
    count_uses(route);
    status = wr_walk_open(&walk, route, 1, options, &no_memory, error);
    if (!status)
        status = follow(&walk, route, NULL, run_nothing, NULL, error);
    if (!status)
        status = wr_arena_plan_open(&route->plan, &walk.arena, error);
fail:
    wr_walk_close(&walk);
    if (status)
        wr_route_close(route);
    return status;
}

void wr_route_close(struct wr_route *route)
{
    wr_arena_plan_close(&route->plan);
    free(route->uses);
    *route = (struct wr_route){0};
}

int64_t wr_routes_peak(const struct wr_route *routes, int count)
{
    int64_t peak = 0;
    for (int n = 0; n < count; n++)
        peak = routes[n].plan.places.peak > peak ? routes[n].plan.places.peak : peak;
    return peak;
}

enum wr_status wr_walk_open(struct wr_walk *walk, const struct wr_route *routes, int count,
                            const struct wr_arena_options *options,
                            const struct wr_arena_source *source, struct wr_error *error)
{
    *walk = (struct wr_walk){.routes = routes, .route_count = count};
    wr_arena_open(&walk->arena, options, source);
    int buffers = 0, takes = 0;
    for (int n = 0; n < count; n++) {
        buffers = routes[n].buffer_count > buffers ? routes[n].buffer_count : buffers;
        takes = routes[n].plan.record.count > takes ? routes[n].plan.record.count : takes;
    }
    enum wr_status status = wr_arena_reserve(&walk->arena, takes, error);
    walk->buffers = calloc((size_t)buffers + 1, sizeof *walk->buffers);
    if (!status && !walk->buffers)
        status = wr_fail(error, WR_FAILED, "out of memory for the plan of the filters' memory");
    if (status)
        wr_walk_close(walk);
    return status;
}

enum wr_status wr_walk_end(struct wr_walk *walk, struct wr_error *error)
{
    return wr_arena_end(&walk->arena, error);
}

void wr_walk_close(struct wr_walk *walk)
{
    wr_arena_close(&walk->arena);
    free(walk->buffers);
    *walk = (struct wr_walk){0};
}

// A walk follows one route at a time in one place, so it needs the most that any of them needs.
void wr_walk_count(const struct wr_walk *walk, struct wr_memory *memory)
{
    int64_t lower_bound = 0, asked = 0;
    for (int n = 0; n < walk->route_count; n++) {
        const struct wr_arena_plan *plan = wr_arena_followed(&walk->arena, &walk->routes[n].plan);
        if (plan->places.lower_bound > lower_bound)
            lower_bound = plan->places.lower_bound;
        if (plan->record.most_asked > asked)
            asked = plan->record.most_asked;
    }
    memory->lower_bound += lower_bound;
    memory->requested += asked;
    memory->arena += walk->arena.is_own ? walk->arena.bytes : 0;
    memory->allocations += walk->arena.allocations;
    memory->departures += walk->arena.departures;
}

enum wr_status wr_footprint_of(const struct wr_buffer *buffer, int64_t alignment, int rows,
                               int frames, struct wr_footprint *footprint, struct wr_error *error)
{
    const int64_t row = buffer->width * (int64_t)wr_storage_bytes(buffer->storage);
    const int64_t pitch = (row + alignment - 1) / alignment * alignment;
    *footprint = (struct wr_footprint){.pitch = pitch};
    if (__builtin_mul_overflow(pitch, (int64_t)rows, &footprint->bytes) ||
        __builtin_mul_overflow(footprint->bytes, (int64_t)frames, &footprint->bytes))
        return wr_fail(error, WR_FAILED, "%d planes of %dx%d are too many bytes", frames,
                       buffer->width, rows);
    footprint->asked = row * rows * frames;
    return WR_OK;
}
