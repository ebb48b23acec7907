// SPDX-License-Identifier: MIT
// Fills batches, runs them on instances in turn, and sends what comes out in the order it came in.
#include "lib/run/program_stage.h"

#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>

// ---- what the job is told

// Steps of a device: upload, passes, download.
static void take_times(const struct wr_program_stage *s, const struct wr_instance *instance,
                       struct wr_batch_report *batch)
{
    const float *steps = instance->executor->step_milliseconds;
    if (!steps)
        return;
    batch->upload = steps[0];
    batch->kernels = 0;
    for (int k = 1; k <= s->program.pass_count; k++)
        batch->kernels += steps[k];
    batch->download = steps[s->program.pass_count + 1];
}

static void tell_batch(struct wr_program_stage *s, const struct wr_instance *instance)
{
    if (!s->batch_done)
        return;
    struct wr_batch_report batch = {
        .number = instance->frames.batch.number,
        .instance = instance->number,
        .valid = instance->frames.valid,
        .padded = instance->frames.size - instance->frames.valid,
        .kernels = 1e3 * instance->submitting,
    };
    wr_instances_count(&s->instances, &batch.memory);
    batch.allocations = batch.memory.allocations - s->allocations;
    s->allocations = batch.memory.allocations;
    take_times(s, instance, &batch);
    s->batch_done(s->opaque, &batch);
}

// ---- batches

// Says in which batch an executor failed.
static enum wr_status name_batch(const struct wr_batch *batch, struct wr_error *error)
{
    const struct wr_error cause = *error;
    return wr_fail(error, WR_FAILED, "batch %lld: %s", (long long)batch->number + 1, cause.text);
}

static enum wr_status start_portion(struct wr_program_stage *s, struct wr_instance *instance,
                                    struct wr_error *error)
{
    struct wr_frames *frames = &instance->frames;
    const double start = wr_now();
    const bool begins = frames->done == 0;
    const int64_t number = begins ? s->batches++ : frames->batch.number;
    enum wr_status status = wr_frames_seal(frames, s->state, s->pool, error);
    frames->batch.number = number;
    frames->batch.is_given_up = wr_cause_is_given_up;
    frames->batch.opaque = s->stage.cause;
    const double submitted = wr_now();
    if (!status && instance->executor->type->submit(instance->executor, &frames->batch, error))
        status = name_batch(&frames->batch, error);
    instance->submitting = (begins ? 0 : instance->submitting) + wr_now() - submitted;
    wr_stage_account(&s->stage.seconds, s->stage.track, "submit", start, "batch", number + 1);
    instance->running = !status;
    return status;
}

// Sends what was computed; non-zero when the next stage has stopped.
static int send_portion(struct wr_program_stage *s, struct wr_frames *frames)
{
    int status = 0;
    for (int n = frames->done; n < frames->valid && !status; n++) {
        struct wr_slot *slot = &frames->slots[n];
        const struct wr_message message = {.frame = slot->out, .index = slot->index};
        av_frame_free(&slot->in);
        status = wr_stage_send(s->stage.out, &message, s->stage.track);
        if (!status) {
            slot->out = NULL;
            s->stage.counts.out++;
        }
    }
    frames->done = frames->valid;
    return status;
}

static void finish_batch(struct wr_program_stage *s, struct wr_instance *instance)
{
    s->padded_frames += instance->frames.size - instance->frames.valid;
    tell_batch(s, instance);
    wr_frames_reset(&instance->frames);
}

// Waits for what the instance computes, if anything, and sends it.
static int end_portion(struct wr_program_stage *s, struct wr_instance *instance)
{
    struct wr_frames *frames = &instance->frames;
    struct wr_error error = {0};
    if (!instance->running)
        return 0;
    const double start = wr_now();
    int status = instance->executor->type->wait(instance->executor, &error);
    wr_stage_account(&s->stage.seconds, s->stage.track, "finish", start, "batch",
                     frames->batch.number + 1);
    instance->running = false;
    if (status) {
        status = name_batch(&frames->batch, &error);
        wr_stage_fail(&s->stage, &error);
        return status;
    }
    return send_portion(s, frames);
}

// Ends the oldest batch under way and gives its instance back: so batches leave in the order they
// came.
static int end_oldest(struct wr_program_stage *s)
{
    struct wr_instance *oldest = s->running[0];
    const int status = end_portion(s, oldest);
    if (status)
        return status;
    finish_batch(s, oldest);
    s->running_count--;
    for (int n = 0; n < s->running_count; n++)
        s->running[n] = s->running[n + 1];
    wr_instances_give(&s->instances, oldest);
    return 0;
}

// Starts what was gathered. A whole batch runs on its own while the next one is filled, as long as
// there is an instance for that; portions of a batch are done by one instance, one after the other,
// and waited for at once.
static int start_gathered(struct wr_program_stage *s)
{
    struct wr_error error = {0};
    struct wr_instance *instance = s->filling;
    const struct wr_frames *frames = &instance->frames;
    if (start_portion(s, instance, &error)) {
        wr_stage_fail(&s->stage, &error);
        return error.status;
    }
    const bool is_whole = frames->valid == frames->size;
    const int status = frames->portion < frames->size ? end_portion(s, instance) : 0;
    if (status || (frames->portion < frames->size && !is_whole))
        return status;
    s->running[s->running_count++] = instance;
    s->filling = NULL;
    const bool is_done = frames->portion < frames->size;
    return is_done || s->running_count == s->instances.count ? end_oldest(s) : 0;
}

// An instance to fill. While batches of this stage are under way, the oldest is ended rather than
// somebody else's waited for.
static int take_instance(struct wr_program_stage *s)
{
    while (!(s->filling = wr_instances_take(&s->instances, s->running_count == 0))) {
        const int status = end_oldest(s);
        if (status)
            return status;
    }
    return 0;
}

static int take(struct wr_stage *stage, const struct wr_message *message)
{
    struct wr_program_stage *s = (struct wr_program_stage *)stage;
    const int status = s->filling ? 0 : take_instance(s);
    if (status) {
        AVFrame *frame = message->frame;
        av_frame_free(&frame);
        return status;
    }
    stage->counts.in++;
    return wr_frames_add(&s->filling->frames, message) ? start_gathered(s) : 0;
}

// After the last frame: the batch that is not full, and those under way.
static int end(struct wr_stage *stage)
{
    struct wr_program_stage *s = (struct wr_program_stage *)stage;
    int status = 0;
    if (s->filling && s->filling->frames.valid > s->filling->frames.done)
        status = start_gathered(s);
    if (s->filling && !status) {
        s->running[s->running_count++] = s->filling;
        s->filling = NULL;
    }
    while (s->running_count && !status)
        status = end_oldest(s);
    return status;
}

static void report(const struct wr_stage *stage, struct wr_report *report)
{
    const struct wr_program_stage *s = (const struct wr_program_stage *)stage;
    struct wr_memory memory;
    report->batch = s->instances.batch;
    report->instances += s->instances.count;
    report->batches += s->batches;
    report->padded_frames += s->padded_frames;
    snprintf(report->device, sizeof report->device, "%s", s->instances.device);
    wr_instances_count(&s->instances, &memory);
    wr_memory_add(&report->memory, &memory);
}

static void close_stage(struct wr_stage *stage)
{
    struct wr_program_stage *s = (struct wr_program_stage *)stage;
    wr_instances_close(&s->instances);
    wr_frame_pool_close(&s->pool);
    wr_program_state_close(&s->state);
    wr_program_close(&s->program);
    free(s->memory_plan.blocks);
    av_free(s->chain);
    free(s);
}

static const struct wr_stage_type type = {
    .kind = "program",
    .take = take,
    .end = end,
    .report = report,
    .close = close_stage,
};

// ---- opening

enum wr_status wr_program_stage_open(struct wr_program_stage **stage, const struct wr_chain *chain,
                                     const struct wr_stream *in, struct wr_error *error)
{
    struct wr_program_stage *s = *stage = calloc(1, sizeof *s);
    if (!s)
        return wr_fail(error, WR_FAILED, "out of memory");
    s->stage.type = &type;
    const enum wr_status status =
        wr_chain_lower(chain, &in->format, &s->program, &s->last, &s->chain, error);
    s->out = *in;
    s->out.format = s->last.format;
    s->out.is_paletted = false;
    if (status) {
        close_stage(&s->stage);
        *stage = NULL;
    }
    return status;
}

enum wr_status wr_program_stage_prepare(struct wr_program_stage *s, const struct wr_engine *engine,
                                        enum wr_row_order rows, struct wr_trace *trace,
                                        struct wr_note *note, struct wr_error *error)
{
    const struct wr_executor_options how = {.trace = trace, .timed = s->batch_done != NULL};
    enum wr_status status = wr_program_finish(&s->program, &s->last, rows, error);
    if (!status)
        status = wr_program_state_open(&s->state, &s->program, error);
    if (!status)
        status = wr_instances_open(&s->instances, engine, &s->program, &how, note, error);
    if (status)
        return status;
    const struct wr_format *format = &s->program.output.format;
    unsigned computed = 0;
    for (int p = 0; p < wr_format_planes(format); p++)
        computed |= wr_program_hands_over(&s->program, p) ? 0 : 1u << p;
    if (!(s->pool = wr_frame_pool_open(format, computed)))
        return wr_fail(error, WR_FAILED, "out of memory for frames of %dx%d", format->width,
                       format->height);
    struct wr_memory memory;
    wr_instances_count(&s->instances, &memory);
    s->allocations = memory.allocations;
    return WR_OK;
}

static const struct wr_arena_plan *followed(const struct wr_walk *walk, int route)
{
    return wr_arena_followed(&walk->arena, &walk->routes[route].plan);
}

// Where an arena lies is given in bytes from the first one's beginning.
static void add_blocks(struct wr_memory_plan *plan, const struct wr_arena_plan *from,
                       int64_t offset)
{
    for (int n = 0; n < from->record.count; n++) {
        const struct wr_arena_take *take = &from->record.takes[n];
        plan->blocks[plan->count++] =
            (struct wr_memory_block){take->label, offset + from->places.offsets[n],
                                     from->record.blocks[n].size, take->from, take->to};
    }
}

const struct wr_memory_plan *wr_program_stage_memory_plan(struct wr_program_stage *stage)
{
    const struct wr_executor *executor = stage->instances.items[0].executor;
    struct wr_memory_plan *plan = &stage->memory_plan;
    size_t count = 0;
    for (int n = 0; n < executor->walk_count; n++)
        for (int r = 0; r < executor->walks[n].route_count; r++)
            count += (size_t)followed(&executor->walks[n], r)->record.count;
    struct wr_memory_block *blocks = realloc(plan->blocks, (count + 1) * sizeof *blocks);
    if (!blocks)
        return NULL;
    *plan = (struct wr_memory_plan){.peak = executor->memory.arena,
                                    .lower_bound = executor->memory.lower_bound,
                                    .blocks = blocks};
    for (int n = 0; n < executor->walk_count; n++) {
        const struct wr_walk *walk = &executor->walks[n];
        const int64_t offset = walk->arena.memory - executor->walks[0].arena.memory;
        for (int r = 0; r < walk->route_count; r++)
            add_blocks(plan, followed(walk, r), offset);
    }
    return plan;
}
