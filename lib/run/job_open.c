// SPDX-License-Identifier: MIT
// Opens and closes a job: reader, stages, writer, in the order in which each needs the one before.
#include "lib/run/job.h"

#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/input/packets_open.h"
#include "lib/input/reader_open.h"
#include "lib/input/source.h"
#include "lib/output/writer_open.h"
#include "lib/run/copy_job.h"
#include "lib/run/job_chain.h"
#include "lib/run/job_stages.h"
#include "lib/run/stages/changes.h"
#include "lib/run/stages/places.h"
#include "lib/run/stages/stages_report.h"

struct wr_job_options wr_default_job_options(void)
{
    return (struct wr_job_options){.frames = -1, .chapters_from = -1};
}

// ---- opening

// Shows what opening takes on the track of the caller's thread, which becomes the writer.
static enum wr_status open_trace(struct wr_job *job, struct wr_error *error)
{
    if (!job->options.trace)
        return WR_OK;
    const enum wr_status status = wr_trace_open(&job->trace, job->options.trace, error);
    job->reader_track = wr_trace_track(job->trace, "reader");
    return status;
}

static enum wr_status open_queue(struct wr_job *job, int n, int messages, struct wr_error *error)
{
    struct wr_queue **queue = &job->queues[n];
    return wr_queue_open(queue, sizeof(struct wr_message), (size_t)messages)
               ? wr_fail(error, WR_FAILED, "out of memory")
               : WR_OK;
}

static enum wr_status open_reader(struct wr_job *job, bool *lacks_video, struct wr_error *error)
{
    const double start = wr_span_begin(job->writer_track);
    struct wr_reader_options options =
        wr_job_reader_options(&job->request, &job->inputs, wr_queue_finished(job->queues[0]));
    options.share = job->chunk.share;
    options.log = (struct wr_log){wr_notes_say, &job->notes};
    options.lacks_video = lacks_video;
    options.sound_is_made = &job->sound_is_made;
    const enum wr_status status = wr_reader_open(&job->reader, &options, error);
    if (status)
        return status;
    wr_span_end(job->writer_track, "open input", "open", start, NULL, 0);
    wr_reader_describe(job->reader, &job->report.input);
    job->progress.frames_total = wr_reader_frames_total(job->reader);
    job->progress.duration = wr_reader_duration(job->reader);
    return WR_OK;
}

static void open_tracks(struct wr_job *job)
{
    for (int n = 0; n < job->stages.count; n++) {
        struct wr_stage *stage = job->stages.items[n];
        stage->cause = &job->cause;
        stage->findings = stage->is_own ? NULL : &job->findings;
        stage->track = job->stages.count == 1
                           ? wr_trace_track(job->trace, "filters")
                           : wr_trace_track(job->trace, "filters %d (%s)", n, stage->type->kind);
    }
}

// Puts stages between their queues.
static enum wr_status connect_stages(struct wr_job *job, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < job->stages.count && !status; n++) {
        struct wr_stage *stage = job->stages.items[n];
        status = open_queue(job, n + 1, stage->window ? stage->window : WR_QUEUE_MESSAGES, error);
        stage->in = job->queues[n];
        stage->out = job->queues[n + 1];
    }
    for (int n = 0; n < job->stages.further_count && !status; n++)
        status = wr_further_connect(&job->stages.further[n], &job->queues[WR_QUEUE_FURTHER + 2 * n],
                                    &job->cause, job->trace, error);
    return status;
}

static enum wr_status open_stages(struct wr_job *job, struct wr_output_plan *plan,
                                  struct wr_error *error)
{
    const struct wr_stages_terms terms = {
        .findings = job->findings,
        .notes = {wr_notes_say, &job->notes},
        .source = wr_reader_source(job->reader),
        .frames = job->progress.frames_total,
        .memory_limit = job->engine->resources.options.memory_limit,
        .sound_is_made = &job->sound_is_made,
    };
    enum wr_status status =
        wr_job_open_stages(&job->stages, plan, &job->request, job->reader, &terms, error);
    if (!status)
        status = wr_job_suit_output(&job->stages, plan, &job->request, job->reader, &terms, error);
    if (!status)
        status = wr_chunk_check_stages(&job->chunk, &job->stages, error);
    if (!status)
        open_tracks(job);
    if (!status && !wr_stages_keep_count(&job->stages))
        job->progress.frames_total = 0; // nobody knows beforehand
    // The report of a failed run has the chain, too.
    const enum wr_status told = wr_job_chain_begin(job, status ? NULL : error);
    return status ? status : told;
}

// Frames of live inputs do not wait longer for others than until the next one is due.
static double max_wait(const struct wr_job *job)
{
    const AVRational rate = wr_reader_source(job->reader)->frame_rate;
    return !wr_reader_is_live(job->reader) ? 0 : rate.num ? av_q2d(av_inv_q(rate)) : 0.04;
}

// Of the notes of several programs the first that warns is said, or else the first.
static void keep_note(struct wr_note *kept, const struct wr_note *note)
{
    const bool is_better = !*kept->text || note->level < kept->level;
    if (*note->text && is_better)
        *kept = *note;
}

// The last program may hand planes over as the encoder takes them; the others do so as FFmpeg's
// filters expect.
static enum wr_status prepare_stages(struct wr_job *job, const struct wr_output_plan *plan,
                                     struct wr_note *note, struct wr_error *error)
{
    const double start = wr_span_begin(job->writer_track);
    const struct wr_stage *last = job->stages.items[job->stages.count - 1];
    const enum wr_row_order rows = wr_job_row_order(plan);
    enum wr_status status = WR_OK;
    if (job->stages.last_host)
        job->stages.last_host->keeps_palette = plan->pix_fmt == AV_PIX_FMT_PAL8;
    for (int n = 0; n < job->stages.program_count && !status; n++) {
        struct wr_program_stage *program = job->stages.programs[n];
        const struct wr_program_stage_place place = {
            .how = {wr_reader_frames_total(job->reader), job->trace, job->options.opaque,
                    job->options.batch_done},
            .number = n,
            .count = job->stages.program_count,
            .max_wait = max_wait(job),
            .rows = &program->stage == last ? rows : WR_ROWS_FORWARDS,
        };
        struct wr_note own = {0};
        status = wr_program_stage_prepare(program, job->engine, &place, &own, error);
        keep_note(note, &own);
    }
    const struct wr_program_stage *first =
        job->stages.program_count ? job->stages.programs[0] : NULL;
    if (!status && first && &first->stage == job->stages.items[0])
        wr_reader_use_memory(job->reader, wr_program_stage_host_memory(first));
    if (!status)
        status = connect_stages(job, error);
    if (!status)
        wr_stages_count(&job->stages, &job->report);
    wr_span_end(job->writer_track, "open filters", "open", start, NULL, 0);
    return status;
}

static enum wr_status open_writer(struct wr_job *job, const struct wr_output_plan *plan,
                                  struct wr_error *error)
{
    const double start = wr_span_begin(job->writer_track);
    struct wr_writer_options options = wr_job_writer_options(&job->request);
    options.log = (struct wr_log){wr_notes_say, &job->notes};
    options.sound_is_made = &job->sound_is_made;
    options.part = job->chunk.share.number;
    options.parts = job->chunk.share.parts;
    const enum wr_status status =
        wr_writer_open(&job->writer, plan, &options, job->reader, &job->report,
                       wr_cause_is_given_up, &job->cause, error);
    wr_span_end(job->writer_track, "open output", "open", start, NULL, 0);
    return status ? status : wr_job_chain_end(job, error);
}

// Before the output is opened, since that leaves a trace in its folder.
static enum wr_status open_expect(struct wr_job *job, const struct wr_output_plan *plan,
                                  struct wr_error *error)
{
    return job->options.expect ? wr_expect_open(&job->expect, &job->options, &job->stages.out,
                                                plan->pix_fmt, &job->report.expect, error)
                               : WR_OK;
}

// What is news once is said to one job of the engine, and kept for the report of each.
static void say_note(struct wr_job *job, const struct wr_note *note)
{
    const bool is_old = note->once && atomic_flag_test_and_set(&job->engine->has_said);
    wr_notes_say(&job->notes, is_old ? WR_LOG_INFO : note->level, note->text);
}

// Stages and output, once the reader is open.
static enum wr_status open_rest(struct wr_job *job, struct wr_error *error)
{
    struct wr_note note = {0}; // said only if all goes well
    struct wr_output_plan plan;
    enum wr_status status = open_stages(job, &plan, error);
    if (!status)
        status = prepare_stages(job, &plan, &note, error);
    if (!status)
        status = open_expect(job, &plan, error);
    // Last, since it leaves a trace in the output's folder.
    if (!status)
        status = open_writer(job, &plan, error);
    if (job->is_compared_only)
        *job->report.output.path = '\0';
    if (!status) {
        wr_places_tell(&job->stages, wr_reader_source(job->reader), &job->inputs,
                       &(struct wr_log){wr_notes_say, &job->notes});
        // To the log alone: the report has it in its stages.
        wr_stages_tell(&job->stages, &job->report,
                       &(struct wr_log){job->options.log, job->options.opaque});
        say_note(job, &note);
        wr_notes_say(&job->notes, plan.delivery.is_loss ? WR_LOG_LOSS : WR_LOG_WARNING,
                     plan.delivery.note);
    }
    return status ? status : wr_notes_check_losses(&job->notes, error);
}

// A file of sound makes one of sound, unless something is asked of pictures.
static bool may_lack_video(const struct wr_job *job)
{
    const struct wr_job_options *options = &job->options;
    return !job->request.chain.count && !options->expect && !options->chunk && options->output;
}

static enum wr_status open_parts(struct wr_job *job, struct wr_error *error)
{
    bool lacks_video = false;
    enum wr_status status = wr_expect_complete(&job->options, error);
    if (!status)
        status = open_trace(job, error);
    if (!status)
        status = wr_request_open(&job->request, &job->options, error);
    if (!status)
        status = wr_inputs_open(&job->inputs, &job->request, &job->options, error);
    if (!status)
        status = open_queue(job, 0, WR_QUEUE_MESSAGES, error);
    if (!status)
        status = open_queue(job, WR_QUEUE_CHANGES, WR_CHANGES_MESSAGES, error);
    job->writer_track = wr_trace_track(job->trace, "writer");
    if (status)
        return status;
    if (wr_request_copies(&job->request))
        return wr_copy_open(job, error);
    status = open_reader(job, &lacks_video, error);
    if (status && lacks_video && may_lack_video(job))
        return wr_copy_open(job, error);
    return status ? status : open_rest(job, error);
}

enum wr_status wr_job_open(struct wr_job **job, struct wr_engine *engine,
                           const struct wr_job_options *options, struct wr_error *error)
{
    struct wr_error unused;
    struct wr_job *new = *job = calloc(1, sizeof *new);
    error = error ? error : &unused;
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    wr_cause_open(&new->cause, options->keep_partial, new->queues, WR_QUEUES);
    wr_notes_open(&new->notes, &new->options, &new->report);
    new->engine = engine;
    new->options = *options;
    new->findings = (struct wr_log){options->log, options->opaque};
    new->is_compared_only = !options->output;
    struct wr_report *report = &new->report;
    report->batch = engine->resources.options.batch;
    snprintf(report->input.path, sizeof report->input.path, "%s", options->input);
    if (options->output)
        snprintf(report->output.path, sizeof report->output.path, "%s", options->output);
    const enum wr_status status = wr_chunk_open(&new->chunk, options, error);
    return status ? status : open_parts(new, error);
}

// ---- what is known of it

void wr_job_abandon(const struct wr_job *job)
{
    wr_writer_abandon(job->writer);
}

const struct wr_report *wr_job_report(const struct wr_job *job)
{
    return &job->report;
}

const struct wr_memory_plan *wr_job_memory_plan(struct wr_job *job)
{
    static const struct wr_memory_plan nothing = {0};
    return job->stages.program_count ? wr_program_stage_memory_plan(job->stages.programs[0])
                                     : &nothing;
}

// ---- closing

static void drop_message(void *message)
{
    wr_message_drop(message);
}

void wr_job_close(struct wr_job **job)
{
    struct wr_job *old = *job;
    if (!old)
        return;
    wr_writer_close(&old->writer);
    wr_expect_close(&old->expect);
    wr_stages_close(&old->stages);
    for (int k = 0; k < WR_QUEUE_FURTHER; k++)
        wr_queue_close(&old->queues[k], drop_message);
    wr_reader_close(&old->reader);
    wr_packets_close(&old->packets);
    wr_inputs_close(&old->inputs);
    wr_request_close(&old->request);
    wr_trace_close(&old->trace, NULL);
    wr_cause_close(&old->cause);
    wr_notes_close(&old->notes);
    av_free(old->chain);
    free(old);
    *job = NULL;
}
