// SPDX-License-Identifier: MIT
// The public face of the library: opens a run, runs it, closes it.
#include "lib/warpreel.h"

#include <libavutil/mem.h>
#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/chain/chain.h"
#include "lib/input/source.h"
#include "lib/output/pixel_choice.h"
#include "lib/run/instances.h"
#include "kernels/program/finish.h"

// Enough that a stage need not wait for each single frame of its neighbour; few, since every frame
// that waits has left the cache when it is its turn.
enum { QUEUE_MESSAGES = 6 };

struct wr_options wr_default_options(void)
{
    return (struct wr_options){.device = "auto", .frames = -1};
}

static void say(const struct wr_options *options, enum wr_log_level level, const char *sentence)
{
    if (options->log && *sentence)
        options->log(options->opaque, level, sentence);
}

// Shows what opening takes on the track of the caller's thread, which becomes the writer.
static enum wr_status open_trace(struct wr_run *run, struct wr_error *error)
{
    if (!run->options.trace)
        return WR_OK;
    const enum wr_status status = wr_trace_open(&run->trace, run->options.trace, error);
    run->tracks.reader = wr_trace_track(run->trace, "reader");
    run->tracks.filters = wr_trace_track(run->trace, "filters");
    run->tracks.writer = wr_trace_track(run->trace, "writer");
    return status;
}

// ---- the chain in words

// What frames are unpacked to as they are read, "" if they come in planes.
static const char *unpacked_as(const struct wr_run *run)
{
    if (wr_pix_fmt_is_planar(av_get_pix_fmt(run->report.input.pix_fmt)))
        return "";
    const char *name = av_get_pix_fmt_name(wr_format_pix_fmt(wr_reader_format(run->reader)));
    return name ? name : "planar"; // of gray with alpha libavutil knows none
}

// What finished frames are packed or converted to for the encoder, "" if it takes them as they are.
static const char *packed_as(const struct wr_run *run)
{
    const char *name = run->report.output.pix_fmt;
    const enum AVPixelFormat pix_fmt = av_get_pix_fmt(name);
    const bool same =
        wr_pix_fmt_is_planar(pix_fmt) && wr_pix_fmt_holds(pix_fmt, &run->program.output.format);
    return same ? "" : name;
}

// Appends filters to the chain of the report; "" is none.
static enum wr_status append_chain(struct wr_run *run, const char *prefix, const char *words,
                                   struct wr_error *error)
{
    const char *before = run->chain ? run->chain : "";
    char *chain =
        av_asprintf("%s%s%s%s", before, *before && *words ? "," : "", *words ? prefix : "", words);
    if (!chain)
        return wr_fail(error, WR_FAILED, "out of memory");
    av_free(run->chain);
    run->report.chain = run->chain = chain;
    return WR_OK;
}

static struct wr_writer_options writer_options(const struct wr_options *options)
{
    return (struct wr_writer_options){
        .output = options->output,
        .codec = options->codec,
        .quality = options->quality,
        .preset = options->preset,
        .format = options->format,
        .pix_fmt = options->pix_fmt,
        .encoder_options = options->encoder_options,
        .threads = options->threads,
        .frames = options->frames,
        .overwrite = options->overwrite,
        .log = {options->log, options->opaque},
    };
}

enum wr_status wr_plan_output(struct wr_output_plan *plan, const struct wr_options *options,
                              const struct wr_reader *reader, const struct wr_format *format,
                              struct wr_error *error)
{
    const struct wr_writer_options wanted = writer_options(options);
    const AVFrame *first = wr_reader_source(reader)->first;
    return wr_output_plan_make(plan, &wanted, format, first->format, error);
}

// The filters that options ask for; what the program adds itself comes after what the user wrote.
static enum wr_status open_chain(struct wr_chain *chain, const struct wr_options *options,
                                 struct wr_error *error)
{
    *chain = (struct wr_chain){NULL, 0};
    enum wr_status status = wr_check_pix_fmt(options->pix_fmt, error);
    if (!status)
        status = wr_chain_open(chain, options->chain, error);
    if (!status && options->pix_fmt)
        status = wr_chain_append(chain, "format", options->pix_fmt, error);
    return status;
}

enum wr_status wr_lower(const struct wr_options *options, const struct wr_format *input,
                        struct wr_program *program, char **text, struct wr_error *error)
{
    struct wr_chain chain;
    *text = NULL;
    enum wr_status status = open_chain(&chain, options, error);
    if (!status)
        status = wr_chain_lower(&chain, input, program, text, error);
    wr_chain_close(&chain);
    return status;
}

static enum wr_status lower_chain(struct wr_run *run, struct wr_output_plan *plan,
                                  struct wr_error *error)
{
    char *filters;
    enum wr_status status =
        wr_lower(&run->options, wr_reader_format(run->reader), &run->program, &filters, error);
    if (!status)
        status = append_chain(run, "format=", unpacked_as(run), error);
    if (!status)
        status = append_chain(run, "", filters, error);
    av_free(filters);
    if (!status)
        status = wr_plan_output(plan, &run->options, run->reader, &run->program.output.format,
                                error);
    if (!status && !plan->rows_may_be_flipped)
        status = wr_program_copy_flipped(&run->program, error);
    return status ? status : wr_program_state_open(&run->state, &run->program, error);
}

// ---- opening

enum wr_status wr_open_input(struct wr_reader **reader, const struct wr_options *options,
                             int cancelled, struct wr_error *error)
{
    const struct wr_reader_options wanted = {
        .input = options->input,
        .start = options->start,
        .frames = options->frames,
        .threads = options->threads,
        .cancelled = cancelled,
        .log = {options->log, options->opaque},
    };
    return wr_reader_open(reader, &wanted, error);
}

static enum wr_status open_parts(struct wr_run *run, struct wr_error *error)
{
    enum wr_status status = open_trace(run, error);
    double start = wr_span_begin(run->tracks.writer);
    if (!status)
        status = wr_open_input(&run->reader, &run->options, wr_queue_finished(run->decoded), error);
    if (status)
        return status;
    wr_span_end(run->tracks.writer, "open input", "open", start, NULL, 0);
    wr_reader_describe(run->reader, &run->report.input);
    run->progress.frames_total = wr_reader_frames_total(run->reader);
    run->progress.duration = wr_reader_duration(run->reader);
    struct wr_output_plan plan;
    status = lower_chain(run, &plan, error);
    char note[sizeof error->text + 64]; // why not the first choice; said only if all goes well
    start = wr_span_begin(run->tracks.writer);
    if (!status)
        status = wr_instances_open(run, note, sizeof note, error);
    if (status)
        return status;
    wr_span_end(run->tracks.writer, "open filters", "open", start, NULL, 0);
    const struct wr_format *format = &run->program.output.format;
    unsigned computed = 0;
    for (int p = 0; p < wr_format_planes(format); p++)
        computed |= wr_program_hands_over(&run->program, p) ? 0 : 1u << p;
    if (!(run->pool = wr_frame_pool_open(format, computed)))
        return wr_fail(error, WR_FAILED, "out of memory for frames of %dx%d", format->width,
                       format->height);
    start = wr_span_begin(run->tracks.writer);
    // Last, since it leaves a trace.
    const struct wr_writer_options options = writer_options(&run->options);
    status = wr_writer_open(&run->writer, &plan, &options, run->reader, &run->report,
                            wr_is_given_up, run, error);
    wr_span_end(run->tracks.writer, "open output", "open", start, NULL, 0);
    if (!status)
        status = append_chain(run, "format=", packed_as(run), error);
    if (!status)
        say(&run->options, WR_LOG_WARNING, note);
    return status;
}

enum wr_status wr_options_check(const struct wr_options *options, struct wr_error *error)
{
    if (options->batch < 0 || options->batch > WR_MAX_BATCH)
        return wr_fail(error, WR_USAGE, "batch %d is not allowed, it takes 1 to %d, or 0 to choose",
                       options->batch, WR_MAX_BATCH);
    if (options->instances < 0 || options->instances > WR_MAX_INSTANCES)
        return wr_fail(error, WR_USAGE,
                       "instances %d is not allowed, it takes 1 to %d, or 0 to choose",
                       options->instances, WR_MAX_INSTANCES);
    if (options->memory_limit < 0)
        return wr_fail(error, WR_USAGE, "a memory limit of %lld bytes is not possible",
                       (long long)options->memory_limit);
    return WR_OK;
}

enum wr_status wr_open(struct wr_run **run, const struct wr_options *options,
                       struct wr_error *error)
{
    struct wr_run *new = *run = calloc(1, sizeof *new);
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    pthread_mutex_init(&new->lock, NULL);
    new->options = *options;
    struct wr_report *report = &new->report;
    report->batch = options->batch;
    snprintf(report->input.path, sizeof report->input.path, "%s", options->input);
    snprintf(report->output.path, sizeof report->output.path, "%s", options->output);
    const enum wr_status status = wr_options_check(options, error);
    if (status)
        return status;
    if (wr_queue_open(&new->decoded, sizeof(struct wr_message), QUEUE_MESSAGES) ||
        wr_queue_open(&new->filtered, sizeof(struct wr_message), QUEUE_MESSAGES))
        return wr_fail(error, WR_FAILED, "out of memory");
    return open_parts(new, error);
}

enum wr_status wr_execute(struct wr_run *run, struct wr_error *error)
{
    struct wr_error unused, trouble;
    error = error ? error : &unused;
    // Not before: while the input is opened the program may be ended, and an older trace with it.
    enum wr_status status = wr_trace_begin(&run->trace, error);
    if (!status)
        status = wr_pipeline_run(run, error);
    // What was not finished goes at once: the caller may still take its time, or be ended.
    wr_writer_abandon(run->writer);
    if (wr_trace_close(&run->trace, &trouble)) {
        if (status)
            say(&run->options, WR_LOG_WARNING, trouble.text);
        else
            *error = trouble, status = trouble.status;
    }
    wr_instances_count(run);
    if (run->report.memory.departures)
        say(&run->options, WR_LOG_INFO,
            "the filters asked for memory in another order than expected: it was planned anew");
    struct rusage usage;
    if (!getrusage(RUSAGE_SELF, &usage))
        run->report.peak_bytes = (int64_t)usage.ru_maxrss * 1024;
    return status;
}

void wr_cancel(struct wr_run *run)
{
    const int before = atomic_fetch_add(&run->cancelled, 1);
    if (run->options.keep_partial && before == 0) {
        wr_queue_finish(run->decoded, WR_END);
        return;
    }
    wr_queue_finish(run->decoded, WR_INTERRUPTED);
    wr_queue_finish(run->filtered, WR_INTERRUPTED);
}

void wr_abandon(const struct wr_run *run)
{
    wr_writer_abandon(run->writer);
}

const struct wr_report *wr_get_report(const struct wr_run *run)
{
    return &run->report;
}

static void drop_message(void *message)
{
    wr_message_drop(message);
}

void wr_close(struct wr_run **run)
{
    struct wr_run *old = *run;
    if (!old)
        return;
    wr_writer_close(&old->writer);
    wr_instances_close(old);
    free(old->memory_plan.blocks);
    wr_queue_close(&old->decoded, drop_message);
    wr_queue_close(&old->filtered, drop_message);
    wr_frame_pool_close(&old->pool);
    wr_program_state_close(&old->state);
    wr_program_close(&old->program);
    wr_reader_close(&old->reader);
    wr_trace_close(&old->trace, NULL);
    av_free(old->chain);
    pthread_mutex_destroy(&old->lock);
    free(old);
    *run = NULL;
}
