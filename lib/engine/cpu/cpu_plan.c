// SPDX-License-Identifier: MIT
// Plans what CPU executors of a program hold.
#include "lib/engine/cpu/cpu_plan.h"

#include <stdlib.h>

#include "lib/base/pool.h"

enum {
    CACHE_BYTES = 1024 * 1024, // for a band
    BAND_ROWS = 64, // lower ones compute many of their neighbours' rows again, too few for vectors
    // Where memory is short: rows of the input, repeats as in wr_bands_open().
    LEAST_ROWS = 8,
    MOST_REPEATS = 4096,
    THREADS_SHARE = 32, // of what crosses cuts: more is too much where bands miss the cache
    PORTION_BYTES = 2048 * 1024, // for frames
    PORTION_PIECES = 8           // of a frame at most, unless it is alone
};

// Rows of buffer b that the highest band has.
static int band_height(const struct wr_cpu_plan *plan, int b)
{
    int height = 0;
    for (int band = 0; band < plan->bands.count; band++) {
        const struct wr_rows rows = plan->bands.rows[band * plan->program->buffer_count + b];
        height = rows.to - rows.from > height ? rows.to - rows.from : height;
    }
    return height;
}

// Whether some bands compute rows of the output that belong to other bands.
static bool goes_beyond(const struct wr_cpu_plan *plan, const struct wr_pass *pass)
{
    for (int band = 0; band < plan->bands.count; band++) {
        const struct wr_rows rows = wr_bands_rows(&plan->bands, plan->program, band, pass);
        const struct wr_rows own = wr_bands_own(&plan->bands, plan->program, band, pass);
        if (rows.from < own.from || rows.to > own.to)
            return true;
    }
    return false;
}

// Bytes of the longest output row that is computed so, 0 where there is none.
static int64_t longest_spare(const struct wr_cpu_plan *plan)
{
    const struct wr_program *program = plan->program;
    int64_t longest = 0;
    for (int k = 0; k < program->pass_count; k++) {
        const struct wr_pass *pass = &program->passes[k];
        const bool beyond = goes_beyond(plan, pass);
        for (int n = 0; n < pass->outputs && beyond; n++) {
            const struct wr_buffer *buffer = &program->buffers[pass->out[n].buffer];
            const int64_t bytes = buffer->width * (int64_t)wr_storage_bytes(buffer->storage);
            if (buffer->role == WR_ROLE_OUTPUT && bytes > longest)
                longest = bytes;
        }
    }
    return (longest + WR_CPU_ALIGNMENT - 1) / WR_CPU_ALIGNMENT * WR_CPU_ALIGNMENT;
}

static void close_segments(struct wr_cpu_plan *plan)
{
    for (int n = 0; plan->routes && n < plan->bands.segments; n++)
        wr_route_close(&plan->routes[n]);
    free(plan->routes);
    plan->routes = NULL;
    wr_bands_close(&plan->bands);
}

// Plans what a thread does with a band, once for all threads.
static enum wr_status plan_segments(struct wr_cpu_plan *plan, int bands, int repeats,
                                    struct wr_error *error)
{
    const struct wr_program *program = plan->program;
    close_segments(plan);
    enum wr_status status = wr_bands_open(&plan->bands, program, bands, repeats, error);
    if (status)
        return status;
    const int *const ends = plan->bands.segment_ends;
    plan->routes = calloc((size_t)plan->bands.segments, sizeof *plan->routes);
    if (!plan->routes)
        return wr_fail(error, WR_FAILED, "out of memory while starting the CPU executor");
    for (int b = 0; b < program->buffer_count && !status; b++) {
        plan->band[b] = (struct wr_footprint){0};
        if (program->buffers[b].role == WR_ROLE_BETWEEN && !plan->bands.whole[b])
            status = wr_footprint_of(&program->buffers[b], WR_CPU_ALIGNMENT, band_height(plan, b),
                                     1, &plan->band[b], error);
    }
    for (int n = 0; n < plan->bands.segments && !status; n++) {
        const struct wr_walk_range range = {n ? ends[n - 1] : 0, ends[n], NULL, true, false};
        status = wr_route_open(&plan->routes[n], program, plan->band, &range, &plan->arena, error);
    }
    plan->spare_bytes = status ? 0 : longest_spare(plan);
    return status;
}

// Plans what crosses cuts, for `group` frames.
static enum wr_status plan_frames(struct wr_cpu_plan *plan, int group, struct wr_error *error)
{
    const struct wr_program *program = plan->program;
    const struct wr_walk_range all = {0, program->pass_count, plan->bands.segment_ends, false,
                                      false};
    enum wr_status status = WR_OK;
    plan->group = group;
    wr_route_close(&plan->frames);
    for (int b = 0; b < program->buffer_count && !status; b++) {
        plan->whole[b] = (struct wr_footprint){0};
        if (program->buffers[b].role == WR_ROLE_BETWEEN && plan->bands.whole[b])
            status =
                wr_footprint_of(&program->buffers[b], WR_CPU_ALIGNMENT, program->buffers[b].height,
                                plan->group, &plan->whole[b], error);
    }
    return status ? status
                  : wr_route_open(&plan->frames, program, plan->whole, &all, &plan->arena, error);
}

static int64_t plane_bytes(const struct wr_format *format, int plane)
{
    return (int64_t)wr_format_width(format, plane) * wr_format_height(format, plane) *
           wr_format_bytes(format);
}

// Bytes of one frame: its input planes, the output planes that are not handed over from the input,
// and the numbers that change from frame to frame.
static int64_t frame_bytes(const struct wr_program *program)
{
    const struct wr_format *const in = &program->input.format, *const out = &program->output.format;
    int64_t bytes = program->value_count * (int64_t)sizeof(union wr_value);
    for (int p = 0; p < wr_format_planes(in); p++)
        bytes += plane_bytes(in, p);
    for (int p = 0; p < wr_format_planes(out); p++)
        bytes += wr_program_hands_over(program, p) ? 0 : plane_bytes(out, p);
    return bytes;
}

// Frames that are read, filtered and written soon after one another are still in the cache. A
// portion has as many of them as keep the threads busy, so that bands need not be too low and the
// threads are not woken for too little work.
static int portion_of(int64_t frame_bytes, int pieces, int batch)
{
    const int64_t to_fill = PORTION_BYTES / frame_bytes, to_share = (pieces - 1) / PORTION_PIECES;
    const int64_t portion = 1 + (to_fill > to_share ? to_fill : to_share);
    return portion < batch ? (int)portion : batch;
}

// How a frame is divided.
struct shape {
    int rows;    // of the output, that a band has at least
    int repeats; // see wr_bands_open()
};

static enum wr_status plan_shape(struct wr_cpu_plan *plan, const struct shape *shape,
                                 struct wr_error *error)
{
    const int pieces = 2 * plan->threads; // two pieces for each thread even out their ends
    const int bands =
        wr_bands_count(plan->program, CACHE_BYTES, (pieces - 1) / plan->portion + 1, shape->rows);
    const bool is_new = bands != plan->bands.count || shape->repeats != plan->bands.repeats;
    enum wr_status status = is_new ? plan_segments(plan, bands, shape->repeats, error) : WR_OK;
    if (status)
        return status;
    // What crosses cuts is kept for as few frames as keep the threads busy.
    const int busy = (pieces - 1) / bands + 1;
    const int group = plan->bands.segments > 1 && busy < plan->portion ? busy : plan->portion;
    if (is_new || group != plan->group)
        status = plan_frames(plan, group, error);
    if (status)
        return status;
    plan->thread_bytes = wr_routes_peak(plan->routes, plan->bands.segments) + plan->spare_bytes;
    plan->bytes = plan->thread_bytes * plan->threads + plan->frames.plan.places.peak;
    return WR_OK;
}

static bool fits(const struct wr_cpu_plan *plan)
{
    return !plan->room || plan->bytes + plan->slots <= plan->room;
}

// Whether bands may as well be lower: they are not in the cache anyway.
static bool holds_too_much(const struct wr_cpu_plan *plan)
{
    return plan->bands.segments > 1 && plan->thread_bytes > 2 * CACHE_BYTES &&
           plan->thread_bytes * plan->threads * THREADS_SHARE > plan->frames.plan.places.peak;
}

// The next shape to try, in the order of the time they take.
static bool make_smaller(const struct wr_cpu_plan *plan, struct shape *shape)
{
    const struct wr_format *in = &plan->program->input.format, *out = &plan->program->output.format;
    const int scale = out->height > in->height ? out->height / in->height : 1;
    if (shape->rows > LEAST_ROWS * scale) {
        shape->rows /= 2;
    } else {
        *shape = (struct shape){BAND_ROWS, shape->repeats * 8};
        return !fits(plan) && shape->repeats <= MOST_REPEATS;
    }
    return true;
}

// The first shape that holds little enough; where none does, the one that holds least.
static enum wr_status choose_shape(struct wr_cpu_plan *plan, struct wr_error *error)
{
    struct shape shape = {plan->band_rows ? plan->band_rows : BAND_ROWS, 1}, best = shape;
    enum wr_status status = plan_shape(plan, &shape, error);
    int64_t least = plan->bytes;
    if (plan->band_rows)
        return status;
    while (!status && (!fits(plan) || holds_too_much(plan)) && make_smaller(plan, &shape)) {
        status = plan_shape(plan, &shape, error);
        if (!status && plan->bytes < least) {
            least = plan->bytes;
            best = shape;
        }
    }
    return status || plan->bytes == least ? status : plan_shape(plan, &best, error);
}

enum wr_status wr_cpu_plan_set_batch(struct wr_cpu_plan *plan, int batch, struct wr_error *error)
{
    const int64_t frame = frame_bytes(plan->program);
    plan->portion = portion_of(frame, 2 * plan->threads, batch);
    plan->slots = plan->portion * frame;
    return choose_shape(plan, error);
}

enum wr_status wr_cpu_plan_open(struct wr_cpu_plan **plan, const struct wr_program *program,
                                const struct wr_executor_options *options, struct wr_error *error)
{
    const size_t buffers = (size_t)program->buffer_count;
    struct wr_cpu_plan *p = *plan = calloc(1, sizeof *p);
    if (!p)
        return wr_fail(error, WR_FAILED, "out of memory while starting the CPU executor");
    p->program = program;
    p->arena = (struct wr_arena_options){WR_CPU_ALIGNMENT, options->mode};
    p->users = 1;
    p->threads = wr_pool_size(options->threads);
    p->band_rows = options->band_rows;
    p->room = options->room;
    p->band = calloc(buffers, sizeof *p->band);
    p->whole = calloc(buffers, sizeof *p->whole);
    const enum wr_status status =
        p->band && p->whole
            ? wr_cpu_plan_set_batch(p, options->batch, error)
            : wr_fail(error, WR_FAILED, "out of memory while starting the CPU executor");
    if (status)
        wr_cpu_plan_close(plan);
    return status;
}

struct wr_cpu_plan *wr_cpu_plan_share(struct wr_cpu_plan *plan)
{
    plan->users++;
    return plan;
}

void wr_cpu_plan_close(struct wr_cpu_plan **plan)
{
    struct wr_cpu_plan *p = *plan;
    *plan = NULL;
    if (!p || --p->users)
        return;
    close_segments(p);
    wr_route_close(&p->frames);
    free(p->band);
    free(p->whole);
    free(p);
}
