// SPDX-License-Identifier: MIT
// Opens and closes a job: reader, stages, writer, in the order in which each needs the one before.
#include "lib/run/job.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/input/source.h"
#include "lib/output/keep.h"
#include "lib/output/pixel_choice.h"
#include "lib/run/changes.h"
#include "lib/run/places.h"
#include "lib/run/turn.h"

struct wr_job_options wr_default_job_options(void)
{
    return (struct wr_job_options){.frames = -1};
}

// Puts a sentence at the end of a list, which may be short of memory for it.
static bool append_sentence(char ***list, int *count, char *sentence)
{
    char **longer = realloc(*list, ((size_t)*count + 1) * sizeof *longer);
    if (!longer)
        return false;
    *list = longer;
    longer[(*count)++] = sentence;
    return true;
}

// The notes own the sentences; those that tell a loss are listed once more.
static void keep_note(struct wr_job *job, enum wr_log_level level, const char *sentence)
{
    struct wr_report *report = &job->report;
    pthread_mutex_lock(&job->notes_lock);
    char *copy = strdup(sentence);
    if (!copy || !append_sentence(&job->notes, &report->note_count, copy))
        free(copy);
    else if (level == WR_LOG_LOSS)
        append_sentence(&job->losses, &report->loss_count, copy);
    report->notes = (const char *const *)job->notes;
    report->losses = (const char *const *)job->losses;
    pthread_mutex_unlock(&job->notes_lock);
}

void wr_job_say(void *job, enum wr_log_level level, const char *sentence)
{
    const struct wr_job_options *options = &((struct wr_job *)job)->options;
    if (!*sentence)
        return;
    keep_note(job, level, sentence);
    if (options->log)
        options->log(options->opaque, level, sentence);
}

struct wr_reader_options wr_job_reader_options(const struct wr_job_options *options, int cancelled)
{
    const bool keeps_count = wr_chain_keeps_count(options);
    return (struct wr_reader_options){
        .input = options->input,
        .on_change = options->on_change,
        .format = options->input_format,
        .options = options->input_options,
        .framerate = options->framerate,
        .start = options->start || wr_skips_behind_chain(options) ? options->start : options->skip,
        .to = options->to,
        .duration = wr_chain_keeps_times(options) ? options->duration : NULL,
        .frames = keeps_count ? options->frames : -1,
        .maps = {options->maps, options->no_audio, options->no_subtitles, options->no_data},
        .threads = options->threads,
        .cancelled = cancelled,
        .log = {options->log, options->opaque},
    };
}

static struct wr_writer_options writer_options(const struct wr_job_options *options)
{
    return (struct wr_writer_options){
        .output = options->output,
        .codec = options->codec,
        .quality = options->quality,
        .preset = options->preset,
        .format = options->format,
        .pix_fmt = options->pix_fmt,
        .aspect = options->aspect,
        .encoder_options = options->encoder_options,
        .tag = options->tag,
        .muxer_options = options->muxer_options,
        .metadata = options->metadata,
        .stream_metadata = options->stream_metadata,
        .no_metadata = options->no_metadata,
        .no_chapters = options->no_chapters,
        .audio = options->audio,
        .threads = options->threads,
        .frames = options->frames,
        .overwrite = options->overwrite,
    };
}

// ---- the chain

static enum wr_status make_plan(struct wr_output_plan *plan, const struct wr_job_options *options,
                                const struct wr_reader *reader, const struct wr_stream *stream,
                                bool is_delivered, struct wr_error *error)
{
    struct wr_writer_options writer = writer_options(options);
    writer.frames_expected = wr_reader_frames_total(reader);
    writer.is_delivered = is_delivered;
    return wr_output_plan_make(plan, &writer, stream, wr_reader_source(reader)->first->format,
                               error);
}

struct wr_stream wr_job_input_stream(const struct wr_job_options *options,
                                     const struct wr_reader *reader, const struct wr_log *log)
{
    struct wr_stream stream = wr_reader_stream(reader);
    struct wr_output_plan plan = {.codec = NULL};
    // What keeps the output from being made is told later; its container and codec are enough here.
    if (stream.matrix && options->output)
        (void)make_plan(&plan, options, reader, &stream, false, NULL);
    wr_turn_decide(&stream, options, plan.codec ? &plan : NULL, log);
    return stream;
}

// A file of one picture is refused at once where the input says how many frames it has; elsewhere
// at the second frame.
static enum wr_status check_count(const struct wr_output_plan *plan,
                                  const struct wr_job_options *options,
                                  const struct wr_stages *stages, const struct wr_source *source,
                                  struct wr_error *error)
{
    const bool many = source->video->nb_frames > 1 && !source->start && options->frames != 1 &&
                      options->frames != 0 && wr_stages_keep_count(stages);
    const bool one = plan->container_row->holds_pictures && plan->target_kind == WR_TARGET_FILE;
    return many && one ? wr_target_refuse_pictures(options->output, error) : WR_OK;
}

enum wr_row_order wr_job_row_order(const struct wr_output_plan *plan)
{
    return plan->rows_may_be_flipped ? WR_ROWS_EITHER_WAY : WR_ROWS_FORWARDS;
}

// What the plan wants of the frames is known only once it is known what the chain makes of them; so
// stages are opened anew where it wants a conversion.
enum wr_status wr_job_open_stages(struct wr_stages *stages, struct wr_output_plan *plan,
                                  const struct wr_job_options *options,
                                  const struct wr_reader *reader,
                                  const struct wr_stages_terms *terms, struct wr_error *error)
{
    const struct wr_stream in = wr_job_input_stream(options, reader, &terms->notes);
    *plan = (struct wr_output_plan){0};
    enum wr_status status = wr_stages_open(stages, options, NULL, &in, terms, error);
    if (status || !options->output)
        return status;
    status = make_plan(plan, options, reader, &stages->out, false, error);
    const struct wr_delivery delivery = plan->delivery;
    if (!status && *delivery.chain) {
        wr_stages_close(stages);
        struct wr_stages_terms again = *terms;
        again.notes = (struct wr_log){0}; // said already
        status = wr_stages_open(stages, options, delivery.chain, &in, &again, error);
        if (!status)
            status = make_plan(plan, options, reader, &stages->out, true, error);
        plan->delivery = delivery;
    }
    return status ? status : check_count(plan, options, stages, terms->source, error);
}

// What frames are unpacked to as they are read, "" if they come in planes.
static const char *unpacked_as(const struct wr_job *job)
{
    if (wr_pix_fmt_is_planar(av_get_pix_fmt(job->report.input.pix_fmt)))
        return "";
    const char *name = av_get_pix_fmt_name(wr_format_pix_fmt(wr_reader_format(job->reader)));
    return name ? name : "planar"; // of gray with alpha libavutil knows none
}

// What finished frames are packed or converted to for the encoder, "" if it takes them as they are.
static const char *packed_as(const struct wr_job *job)
{
    const char *name = job->report.output.pix_fmt;
    const enum AVPixelFormat pix_fmt = av_get_pix_fmt(name);
    const bool same =
        wr_pix_fmt_is_planar(pix_fmt) && wr_pix_fmt_holds(pix_fmt, &job->stages.out.format);
    return same ? "" : name;
}

// Appends filters to the chain of the report; "" is none.
static enum wr_status append_chain(struct wr_job *job, const char *prefix, const char *words,
                                   struct wr_error *error)
{
    const char *before = job->chain ? job->chain : "";
    char *chain =
        av_asprintf("%s%s%s%s", before, *before && *words ? "," : "", *words ? prefix : "", words);
    if (!chain)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_free(job->chain);
    job->report.chain = job->chain = chain;
    return WR_OK;
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

static enum wr_status open_reader(struct wr_job *job, struct wr_error *error)
{
    const double start = wr_span_begin(job->writer_track);
    struct wr_reader_options options =
        wr_job_reader_options(&job->options, wr_queue_finished(job->queues[0]));
    options.log = (struct wr_log){wr_job_say, job};
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

// Repeats and drops frames so that they are equally far apart, as ffmpeg does where the output
// counts them.
static enum wr_status even_out(struct wr_job *job, const AVRational rate,
                               const struct wr_stages_terms *terms, struct wr_error *error)
{
    char filter[64];
    snprintf(filter, sizeof filter, "fps=%d/%d", rate.num, rate.den);
    job->evened_from = job->stages.count;
    job->is_evened = true;
    return wr_stages_append_host(&job->stages, filter, terms, error);
}

void wr_job_tell_evened(struct wr_job *job)
{
    int64_t repeated = 0, dropped = 0;
    for (int n = job->evened_from; n < job->stages.count && job->is_evened; n++) {
        repeated += job->stages.items[n]->counts.repeated;
        dropped += job->stages.items[n]->counts.dropped;
    }
    char sentence[256];
    snprintf(sentence, sizeof sentence,
             "%s counts frames: %lld were repeated and %lld dropped to have %.6g in a second",
             job->report.output.format, (long long)repeated, (long long)dropped,
             job->report.output.frame_rate);
    if (repeated || dropped)
        wr_job_say(job, dropped ? WR_LOG_LOSS : WR_LOG_WARNING, sentence);
}

// Samples of full range would be shown too bright and too dark where the output cannot say what
// they are. Where the chain or the user asked for full range, it stays.
static enum wr_status keep_levels(struct wr_job *job, const struct wr_output_plan *plan,
                                  struct wr_error *error)
{
    const AVPixFmtDescriptor *desc =
        job->options.pix_fmt ? av_pix_fmt_desc_get(av_get_pix_fmt(job->options.pix_fmt)) : NULL;
    const bool is_asked = !wr_format_is_full(wr_reader_format(job->reader)) ||
                          (desc && wr_pix_fmt_is_full_range(desc));
    char sentence[256];
    snprintf(sentence, sizeof sentence, "%s with %s cannot say that samples have full range%s",
             plan->container->name, plan->codec->name,
             is_asked ? ", so players will take them for limited"
                      : ": they are converted to limited range");
    wr_job_say(job, is_asked ? WR_LOG_LOSS : WR_LOG_WARNING, sentence);
    return is_asked ? WR_OK : wr_stages_limit_range(&job->stages, error);
}

// Appends conversions to the stages where the output could not say what their frames are like:
// samples of full range would be shown too bright and too dark, and pictures would run away from
// the sound. The plan is then made anew.
static enum wr_status suit_output(struct wr_job *job, struct wr_output_plan *plan,
                                  const struct wr_stages_terms *terms, struct wr_error *error)
{
    const struct wr_writer_options options = writer_options(&job->options);
    const unsigned losses =
        job->options.output ? wr_pictures_would_lose(plan, &options, job->reader) : 0;
    const int count = job->stages.count;
    enum wr_status status = WR_OK;
    if (losses & WR_LOSES_RANGE)
        status = keep_levels(job, plan, error);
    if (!status && losses & WR_LOSES_TIMES && wr_stages_keep_count(&job->stages))
        status = even_out(job, plan->stream.frame_rate, terms, error);
    if (status || job->stages.count == count)
        return status;
    const struct wr_delivery delivery = plan->delivery;
    status = make_plan(plan, &job->options, job->reader, &job->stages.out, *delivery.chain, error);
    plan->delivery = delivery;
    return status;
}

static enum wr_status open_stages(struct wr_job *job, struct wr_output_plan *plan,
                                  struct wr_error *error)
{
    // What filters find goes to the log alone: kept for the report, it would grow with the video.
    const struct wr_stages_terms terms = {
        .findings = {job->options.log, job->options.opaque},
        .notes = {wr_job_say, job},
        .source = wr_reader_source(job->reader),
        .frames = job->progress.frames_total,
        .memory_limit = job->engine->resources.options.memory_limit,
    };
    enum wr_status status =
        wr_job_open_stages(&job->stages, plan, &job->options, job->reader, &terms, error);
    if (!status)
        status = suit_output(job, plan, &terms, error);
    if (!status)
        open_tracks(job);
    if (!status && !wr_stages_keep_count(&job->stages))
        job->progress.frames_total = 0; // nobody knows beforehand
    if (!job->stages.chain)
        return status;
    const enum wr_status unpacked = append_chain(job, "format=", unpacked_as(job), error);
    const enum wr_status told = append_chain(job, "", job->stages.chain, error);
    return status ? status : unpacked ? unpacked : told;
}

void wr_job_count_stages(struct wr_job *job)
{
    struct wr_report *report = &job->report;
    report->memory = (struct wr_memory){0};
    report->instances = 0;
    report->batches = report->padded_frames = 0;
    report->seconds_filter = 0;
    report->stage_count = job->stages.count;
    snprintf(report->device, sizeof report->device,
             "cpu (FFmpeg's filters)"); // unless a program says
    for (int k = 0; k < job->stages.count; k++) {
        const struct wr_stage *stage = job->stages.items[k];
        report->seconds_filter += stage->seconds;
        report->stages[k] = stage->counts;
        snprintf(report->stages[k].kind, sizeof report->stages[k].kind, "%s", stage->type->kind);
    }
    for (int k = 0; k < job->stages.program_count; k++) {
        const struct wr_stage *stage = &job->stages.programs[k]->stage;
        stage->type->report(stage, report);
    }
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
            .how = {job->trace, job->options.opaque, job->options.batch_done},
            .number = n,
            .count = job->stages.program_count,
            .rows = &program->stage == last ? rows : WR_ROWS_FORWARDS,
        };
        status = wr_program_stage_prepare(program, job->engine, &place, note, error);
    }
    if (!status)
        status = connect_stages(job, error);
    if (!status)
        wr_job_count_stages(job);
    wr_span_end(job->writer_track, "open filters", "open", start, NULL, 0);
    return status;
}

static enum wr_status open_writer(struct wr_job *job, const struct wr_output_plan *plan,
                                  struct wr_error *error)
{
    const double start = wr_span_begin(job->writer_track);
    struct wr_writer_options options = writer_options(&job->options);
    options.log = (struct wr_log){wr_job_say, job};
    const enum wr_status status =
        wr_writer_open(&job->writer, plan, &options, job->reader, &job->report,
                       wr_cause_is_given_up, &job->cause, error);
    wr_span_end(job->writer_track, "open output", "open", start, NULL, 0);
    return status ? status : append_chain(job, "format=", packed_as(job), error);
}

static enum wr_status open_parts(struct wr_job *job, struct wr_error *error)
{
    struct wr_note note = {0}; // said only if all goes well
    struct wr_output_plan plan;
    enum wr_status status = open_trace(job, error);
    if (!status)
        status = open_queue(job, 0, WR_QUEUE_MESSAGES, error);
    if (!status)
        status = open_queue(job, WR_QUEUE_CHANGES, WR_CHANGES_MESSAGES, error);
    job->writer_track = wr_trace_track(job->trace, "writer");
    if (!status)
        status = open_reader(job, error);
    if (!status)
        status = open_stages(job, &plan, error);
    if (!status)
        status = prepare_stages(job, &plan, &note, error);
    // Last, since it leaves a trace in the output's folder.
    if (!status)
        status = open_writer(job, &plan, error);
    if (!status) {
        wr_places_tell(&job->stages, &job->options, &(struct wr_log){wr_job_say, job});
        wr_job_say(job, note.level, note.text);
        wr_job_say(job, WR_LOG_WARNING, plan.delivery.note);
    }
    return status ? status : wr_job_check_losses(job, error);
}

enum wr_status wr_job_check_losses(const struct wr_job *job, struct wr_error *error)
{
    const struct wr_report *report = &job->report;
    if (!job->options.strict || !report->loss_count)
        return WR_OK;
    char more[48] = "";
    if (report->loss_count > 1)
        snprintf(more, sizeof more, " (and %d more)", report->loss_count - 1);
    return wr_fail(error, WR_FAILED, "%s was not written, since it would lose something: %s%s",
                   job->options.output, report->losses[0], more);
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
    pthread_mutex_init(&new->notes_lock, NULL);
    new->engine = engine;
    new->options = *options;
    struct wr_report *report = &new->report;
    report->batch = engine->resources.options.batch;
    snprintf(report->input.path, sizeof report->input.path, "%s", options->input);
    snprintf(report->output.path, sizeof report->output.path, "%s", options->output);
    return open_parts(new, error);
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
    wr_stages_close(&old->stages);
    for (int k = 0; k < WR_QUEUE_FURTHER; k++)
        wr_queue_close(&old->queues[k], drop_message);
    wr_reader_close(&old->reader);
    wr_trace_close(&old->trace, NULL);
    wr_cause_close(&old->cause);
    pthread_mutex_destroy(&old->notes_lock);
    for (int n = 0; n < old->report.note_count; n++)
        free(old->notes[n]);
    free(old->notes);
    free(old->losses);
    av_free(old->chain);
    free(old);
    *job = NULL;
}
