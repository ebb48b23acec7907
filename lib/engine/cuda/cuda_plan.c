// SPDX-License-Identifier: MIT
// Plans what CUDA executors of a program hold.
#include "lib/engine/cuda/cuda_plan.h"

#include <stdlib.h>

#include "lib/engine/cuda/cuda_steps.h"

enum { ALIGNMENT = 256 };

// The most bytes for what lies between passes, where that is held for more than one frame.
static const int64_t portion_bytes = (int64_t)1 << 30;

// What the slowest of the supported cards does in a second, assumed, not measured: some 900 cores
// at 1.5 GHz, with four instructions for an operation. Drivers of cards that also show a desktop
// end launches after some seconds.
static const double launch_operations = 0.35e12;

static int64_t aligned(int64_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

// Puts all inputs that passes read, or all outputs, behind each other, from *end on.
static enum wr_status place_buffers(struct wr_cuda_plan *plan, enum wr_role role, int64_t *end,
                                    struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int b = 0; b < plan->program->buffer_count && !status; b++) {
        const struct wr_buffer *buffer = &plan->program->buffers[b];
        if (buffer->role != role || (role == WR_ROLE_INPUT && !wr_program_reads(plan->program, b)))
            continue;
        status =
            wr_footprint_of(buffer, ALIGNMENT, buffer->height, plan->batch, &plan->slots[b], error);
        plan->slot_offsets[b] = *end;
        plan->asked += plan->slots[b].asked;
        *end += plan->slots[b].bytes;
    }
    return status;
}

static enum wr_status lay_out(struct wr_cuda_plan *plan, struct wr_error *error)
{
    const struct wr_program *program = plan->program;
    plan->values_bytes = (int64_t)plan->batch * program->value_count * sizeof(union wr_value);
    plan->asked = plan->values_bytes;
    int64_t end = aligned(plan->values_bytes);
    enum wr_status status = place_buffers(plan, WR_ROLE_INPUT, &end, error);
    plan->in_bytes = end;
    if (!status)
        status = place_buffers(plan, WR_ROLE_OUTPUT, &end, error);
    plan->out_bytes = end - plan->in_bytes;
    for (int t = 0; t < program->table_count; t++) {
        plan->table_offsets[t] = end;
        plan->asked += (int64_t)program->tables[t].bytes;
        end += aligned((int64_t)program->tables[t].bytes);
    }
    plan->table_bytes = end - plan->out_bytes - plan->in_bytes;
    plan->fixed_bytes = end;
    return status;
}

// Plans the arena for `portion` frames.
static enum wr_status plan_arena(struct wr_cuda_plan *plan, int portion, struct wr_error *error)
{
    const struct wr_program *program = plan->program;
    const struct wr_walk_range all = {0, program->pass_count, plan->ends, false, true};
    enum wr_status status = WR_OK;
    plan->portion = portion;
    wr_route_close(&plan->route);
    for (int b = 0; b < program->buffer_count && !status; b++)
        if (program->buffers[b].role == WR_ROLE_BETWEEN)
            status = wr_footprint_of(&program->buffers[b], ALIGNMENT, program->buffers[b].height,
                                     portion, &plan->between[b], error);
    if (!status)
        status = wr_route_open(&plan->route, program, plan->between, &all, &plan->arena, error);
    plan->arena_bytes = plan->route.plan.places.peak;
    return status;
}

// The batch in equal parts, for which no step takes longer than about a second.
static int frames_of_a_launch(const struct wr_cuda_plan *plan)
{
    double longest = 1;
    for (int step = 0, k = 0; k < plan->program->pass_count; step++) {
        double operations = 0;
        for (; k < plan->ends[step]; k++)
            operations += wr_pass_operations(&plan->program->passes[k]);
        longest = operations > longest ? operations : longest;
    }
    const double fit = launch_operations / longest;
    const int most = fit >= plan->batch ? plan->batch : fit > 1 ? (int)fit : 1;
    const int parts = (plan->batch - 1) / most + 1;
    return (plan->batch - 1) / parts + 1;
}

// Plans for the usual portion: as many frames of the batch as portion_bytes and launch_operations
// allow.
static enum wr_status plan_usual_arena(struct wr_cuda_plan *plan, struct wr_error *error)
{
    const enum wr_status status = plan_arena(plan, frames_of_a_launch(plan), error);
    if (status || plan->arena_bytes <= portion_bytes || plan->portion == 1)
        return status;
    const int64_t fit = portion_bytes / (plan->arena_bytes / plan->portion);
    return plan_arena(plan, fit > 1 ? (int)fit : 1, error);
}

enum wr_status wr_cuda_plan_open(struct wr_cuda_plan **plan, const struct wr_program *program,
                                 const struct wr_executor_options *options, struct wr_error *error)
{
    const size_t buffers = (size_t)program->buffer_count;
    struct wr_cuda_plan *p = *plan = calloc(1, sizeof *p);
    if (!p)
        return wr_fail(error, WR_FAILED, "out of memory while starting the CUDA executor");
    p->program = program;
    p->arena = (struct wr_arena_options){ALIGNMENT, options->mode};
    p->users = 1;
    p->batch = options->batch;
    p->slots = calloc(buffers, sizeof *p->slots);
    p->between = calloc(buffers, sizeof *p->between);
    p->slot_offsets = calloc(buffers, sizeof *p->slot_offsets);
    p->table_offsets = calloc((size_t)program->table_count + 1, sizeof *p->table_offsets);
    enum wr_status status = WR_OK;
    p->ends = calloc((size_t)program->pass_count + 1, sizeof *p->ends);
    if (!p->slots || !p->between || !p->slot_offsets || !p->table_offsets || !p->ends)
        status = wr_fail(error, WR_FAILED, "out of memory while starting the CUDA executor");
    if (!status)
        status = lay_out(p, error);
    if (!status)
        wr_cuda_steps(program, p->ends);
    if (!status)
        status = options->held_frames ? plan_arena(p, options->held_frames, error)
                                      : plan_usual_arena(p, error);
    if (status)
        wr_cuda_plan_close(plan);
    return status;
}

struct wr_cuda_plan *wr_cuda_plan_share(struct wr_cuda_plan *plan)
{
    plan->users++;
    return plan;
}

void wr_cuda_plan_close(struct wr_cuda_plan **plan)
{
    struct wr_cuda_plan *p = *plan;
    *plan = NULL;
    if (!p || --p->users)
        return;
    wr_route_close(&p->route);
    free(p->ends);
    free(p->slots);
    free(p->between);
    free(p->slot_offsets);
    free(p->table_offsets);
    free(p);
}
