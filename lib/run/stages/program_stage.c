// SPDX-License-Identifier: MIT
// Feeds frames to the program's batcher, and reports what came of them.
#include "lib/run/stages/program_stage.h"

#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/media/compat.h"

static int take(struct wr_stage *stage, const struct wr_message *message)
{
    struct wr_program_stage *s = (struct wr_program_stage *)stage;
    if (wr_message_is_empty(message)) {
        AVFrame *frame = message->frame;
        wr_feed_pass_over(&s->feed, message);
        av_frame_free(&frame);
        return 0;
    }
    const int status = wr_feed_add(&s->feed, message);
    if (status) {
        AVFrame *frame = message->frame;
        av_frame_free(&frame);
        return status;
    }
    stage->counts.in++;
    return 0;
}

static int end(struct wr_stage *stage)
{
    struct wr_program_stage *s = (struct wr_program_stage *)stage;
    return wr_feed_end(&s->feed);
}

static void stop(struct wr_stage *stage)
{
    struct wr_program_stage *s = (struct wr_program_stage *)stage;
    wr_feed_leave(&s->feed);
}

static void report(const struct wr_stage *stage, struct wr_report *report)
{
    const struct wr_program_stage *s = (const struct wr_program_stage *)stage;
    if (!s->batcher)
        return;
    const struct wr_instances *instances = &s->batcher->instances;
    struct wr_memory memory;
    report->batch = instances->batch;
    report->batches += s->feed.batches;
    report->padded_frames += s->feed.padded_frames;
    report->redone_batches += s->feed.redone;
    pthread_mutex_lock(&s->batcher->lock);
    report->instances += instances->count;
    snprintf(report->device, sizeof report->device, "%s", instances->device);
    if (s->feed.redone)
        snprintf(report->left_out, sizeof report->left_out, "%s", s->batcher->left_out);
    pthread_mutex_unlock(&s->batcher->lock);
    wr_batcher_count(s->batcher, &memory);
    wr_memory_add(&report->memory, &memory);
}

static void close_stage(struct wr_stage *stage)
{
    struct wr_program_stage *s = (struct wr_program_stage *)stage;
    wr_feed_leave(&s->feed);
    wr_engine_leave(s->engine, &s->batcher);
    wr_program_close(&s->program);
    free(s->memory_plan.blocks);
    av_frame_free(&s->like);
    wr_chain_close(&s->uses);
    av_free(s->chain);
    free(s);
}

static const struct wr_stage_type type = {
    .kind = "program",
    .take = take,
    .end = end,
    .stop = stop,
    .report = report,
    .close = close_stage,
};

// ---- opening

static enum wr_status describe_output(struct wr_program_stage *s, const struct wr_stream *in,
                                      struct wr_error *error)
{
    struct wr_stream *out = &s->out;
    *out = *in;
    out->is_paletted = false;
    out->format = s->last.format;
    out->format.rows = WR_ROWS_KEPT; // the frames themselves say which field comes first
    out->format.rows_by = NULL;
    s->is_interlaced = wr_frame_interlaced(in->like);
    if (s->last.format.rows != WR_ROWS_SWAPPED || !s->is_interlaced)
        return WR_OK;
    s->like = av_frame_alloc();
    if (!s->like || av_frame_copy_props(s->like, in->like) < 0)
        return wr_fail(error, WR_FAILED, "out of memory");
    wr_frame_set_top_first(s->like, !wr_frame_top_first(in->like));
    out->like = s->like;
    return WR_OK;
}

enum wr_status wr_program_stage_open(struct wr_program_stage **stage, const struct wr_chain *chain,
                                     const struct wr_stream *in, struct wr_error *error)
{
    struct wr_program_stage *s = *stage = calloc(1, sizeof *s);
    if (!s)
        return wr_fail(error, WR_FAILED, "out of memory");
    s->stage.type = &type;
    enum wr_status status = wr_chain_copy(&s->uses, chain, error);
    if (!status)
        status = wr_chain_lower(&s->uses, &in->format, &s->program, &s->last, &s->chain, error);
    if (!status)
        status = describe_output(s, in, error);
    if (status) {
        close_stage(&s->stage);
        *stage = NULL;
    }
    return status;
}

enum wr_status wr_program_stage_prepare(struct wr_program_stage *s, struct wr_engine *engine,
                                        const struct wr_program_stage_place *place,
                                        struct wr_note *note, struct wr_error *error)
{
    const struct wr_batcher_key key = {s->chain, place->number};
    s->engine = engine;
    enum wr_status status = wr_program_finish(&s->program, &s->last, place->rows, error);
    if (!status)
        status = wr_engine_join(engine, &s->program, &key, &place->how,
                                place->count - place->number, &s->batcher, note, error);
    return status ? status : wr_feed_join(&s->feed, s->batcher, &s->stage, place->max_wait, error);
}

struct wr_host_memory *wr_program_stage_host_memory(const struct wr_program_stage *s)
{
    return s->batcher->instances.host_memory;
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
    const struct wr_executor *executor = stage->batcher->instances.items[0].executor;
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
