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

#include "lib/chain.h"
#include "lib/run.h"

// Enough that a stage need not wait for each single frame of its neighbour.
enum { QUEUE_MESSAGES = 16 };

struct wr_options wr_default_options(void)
{
    return (struct wr_options){.device = "auto", .batch = 16, .frames = -1};
}

static void say(const struct wr_options *options, const char *sentence)
{
    if (options->log && *sentence)
        options->log(options->opaque, WR_LOG_WARNING, sentence);
}

static int is_finished(void *queue)
{
    return wr_queue_status(queue);
}

static int instances_wanted(const struct wr_run *run)
{
    // Two let the copies of one batch overlap the kernels of another; the CPU has nothing to
    // overlap.
    const bool cpu = run->instances[0].executor->type == &wr_cpu_executor;
    return run->options.instances ? run->options.instances : cpu ? 1 : 2;
}

static enum wr_status open_executors(struct wr_run *run, char *note, size_t note_size,
                                     struct wr_error *error)
{
    const struct wr_executor_options options = {.batch = run->options.batch,
                                                .threads = run->options.threads,
                                                .cpu_level = run->options.cpu_level};
    struct wr_executor **first = &run->instances[0].executor;
    enum wr_status status = wr_executor_open(first, run->options.device, &run->program, &options,
                                             note, note_size, error);
    if (status)
        return status;
    const int wanted = instances_wanted(run);
    while (++run->instance_count < wanted && !status)
        status = wr_executor_open_like(&run->instances[run->instance_count].executor, *first,
                                       &run->program, &options, error);
    // Where nobody asked for more than one, one is enough.
    if (status && !run->options.instances) {
        run->instance_count--;
        status = WR_OK;
    }
    for (int n = 0; n < run->instance_count && !status; n++) {
        run->instances[n].frames.size = run->options.batch;
        run->report.arena_bytes += run->instances[n].executor->arena_bytes;
    }
    (*first)->type->describe(*first, run->report.device, sizeof run->report.device);
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

static enum wr_status lower_chain(struct wr_run *run, struct wr_error *error)
{
    char *filters;
    enum wr_status status = wr_chain_lower(run->options.chain, wr_reader_format(run->reader),
                                           &run->program, &filters, error);
    if (!status)
        status = append_chain(run, "format=", unpacked_as(run), error);
    if (!status)
        status = append_chain(run, "", filters, error);
    av_free(filters);
    return status;
}

// ---- opening

static enum wr_status open_parts(struct wr_run *run, struct wr_error *error)
{
    enum wr_status status =
        wr_reader_open(&run->reader, &run->options, is_finished, run->decoded, error);
    if (status)
        return status;
    wr_reader_describe(run->reader, &run->report.input);
    run->progress.frames_total = wr_reader_frames_total(run->reader);
    run->progress.duration = wr_reader_duration(run->reader);
    status = lower_chain(run, error);
    char note[sizeof error->text + 64]; // why not the first choice; said only if all goes well
    if (!status)
        status = open_executors(run, note, sizeof note, error);
    if (status)
        return status;
    const struct wr_format *format = &run->program.output.format;
    if (!(run->pool = wr_frame_pool_open(format)))
        return wr_fail(error, WR_FAILED, "out of memory for frames of %dx%d", format->width,
                       format->height);
    // Last, since it leaves a trace.
    status = wr_writer_open(&run->writer, &run->options, run->reader, format, &run->report,
                            wr_is_given_up, run, error);
    if (!status)
        status = append_chain(run, "format=", packed_as(run), error);
    if (!status)
        say(&run->options, note);
    return status;
}

static enum wr_status check_options(const struct wr_options *options, struct wr_error *error)
{
    if (options->batch < 1 || options->batch > WR_MAX_BATCH)
        return wr_fail(error, WR_USAGE, "batch %d is not allowed, it takes 1 to %d", options->batch,
                       WR_MAX_BATCH);
    if (options->instances < 0 || options->instances > WR_MAX_INSTANCES)
        return wr_fail(error, WR_USAGE, "instances %d is not allowed, it takes 1 to %d",
                       options->instances, WR_MAX_INSTANCES);
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
    const enum wr_status status = check_options(options, error);
    if (status)
        return status;
    if (wr_queue_open(&new->decoded, sizeof(struct wr_message), QUEUE_MESSAGES) ||
        wr_queue_open(&new->filtered, sizeof(struct wr_message), QUEUE_MESSAGES))
        return wr_fail(error, WR_FAILED, "out of memory");
    return open_parts(new, error);
}

enum wr_status wr_execute(struct wr_run *run, struct wr_error *error)
{
    struct wr_error unused;
    const enum wr_status status = wr_pipeline_run(run, error ? error : &unused);
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
    for (int n = 0; n < WR_MAX_INSTANCES; n++) {
        wr_executor_close(&old->instances[n].executor);
        wr_frames_reset(&old->instances[n].frames);
    }
    wr_queue_close(&old->decoded, drop_message);
    wr_queue_close(&old->filtered, drop_message);
    wr_frame_pool_close(&old->pool);
    wr_program_close(&old->program);
    wr_reader_close(&old->reader);
    av_free(old->chain);
    pthread_mutex_destroy(&old->lock);
    free(old);
    *run = NULL;
}
