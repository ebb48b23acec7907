// SPDX-License-Identifier: MIT
// The public face of the library: opens a run, runs it, closes it.
#include "lib/warpreel.h"

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

static enum wr_status open_executor(struct wr_run *run, char *note, size_t note_size,
                                    struct wr_error *error)
{
    const struct wr_executor_options options = {.batch = run->options.batch,
                                                .threads = run->options.threads,
                                                .cpu_level = run->options.cpu_level};
    const enum wr_status status = wr_executor_open(&run->executor, run->options.device, &run->program,
                                                   &options, note, note_size, error);
    if (status)
        return status;
    run->executor->type->describe(run->executor, run->report.device, sizeof run->report.device);
    run->report.arena_bytes = run->executor->arena_bytes;
    return WR_OK;
}

static enum wr_status open_parts(struct wr_run *run, struct wr_error *error)
{
    enum wr_status status = wr_reader_open(&run->reader, &run->options, is_finished, run->decoded,
                                           error);
    if (status)
        return status;
    wr_reader_describe(run->reader, &run->report.input);
    status = wr_chain_lower(run->options.chain, wr_reader_format(run->reader), &run->program,
                            run->report.chain, sizeof run->report.chain, error);
    char note[sizeof error->text + 64]; // why not the first choice; said only if all goes well
    if (!status)
        status = open_executor(run, note, sizeof note, error);
    if (status)
        return status;
    const struct wr_format *format = &run->program.output.format;
    if (!(run->pool = wr_frame_pool_open(format)))
        return wr_fail(error, WR_FAILED, "out of memory for frames of %dx%d", format->width,
                       format->height);
    // Last, since it leaves a file: nothing after it can fail.
    status = wr_writer_open(&run->writer, &run->options, run->reader, format, &run->report, error);
    if (!status)
        say(&run->options, note);
    return status;
}

enum wr_status wr_open(struct wr_run **run, const struct wr_options *options, struct wr_error *error)
{
    *run = NULL;
    if (options->batch < 1 || options->batch > WR_MAX_BATCH)
        return wr_fail(error, WR_USAGE, "batch %d is not allowed, it takes 1 to %d", options->batch,
                       WR_MAX_BATCH);
    struct wr_run *r = calloc(1, sizeof *r);
    if (!r)
        return wr_fail(error, WR_FAILED, "out of memory");
    pthread_mutex_init(&r->lock, NULL);
    r->options = *options;
    r->frames.size = r->report.batch = options->batch;
    enum wr_status status = WR_OK;
    if (wr_queue_open(&r->decoded, sizeof(struct wr_message), QUEUE_MESSAGES) ||
        wr_queue_open(&r->filtered, sizeof(struct wr_message), QUEUE_MESSAGES))
        status = wr_fail(error, WR_FAILED, "out of memory");
    if (!status)
        status = open_parts(r, error);
    if (status)
        wr_close(&r);
    *run = r;
    return status;
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
    struct wr_run *r = *run;
    if (!r)
        return;
    wr_writer_close(&r->writer);
    wr_executor_close(&r->executor);
    wr_frames_reset(&r->frames);
    wr_queue_close(&r->decoded, drop_message);
    wr_queue_close(&r->filtered, drop_message);
    wr_frame_pool_close(&r->pool);
    wr_program_close(&r->program);
    wr_reader_close(&r->reader);
    pthread_mutex_destroy(&r->lock);
    free(r);
    *run = NULL;
}
