// SPDX-License-Identifier: MIT
// The threads of a job, and the queues between them.
//
//     reader ──> queue ──> stage ──> queue ──> ... ──> queue ──> writer
//
// What travels in the queues are messages: frames, and packets of the streams that are copied.
// Packets overtake the frames that wait for a batch to fill; the muxer puts them in order again. So
// the threads form a line, each waits for its neighbours only, and bounded queues cannot lock each
// other up.
//
// A stage that runs a program shares it with other jobs (see batcher.h): its thread feeds frames to
// batches, and the threads of the instances send the results to the queue behind it. The stage kept
// room for them there, so these threads never wait for a job.
//
// The reader and every stage have a thread. A stage of FFmpeg's filters may have further inputs,
// with queues and threads of their own (lib/run/further.h); these, too, wait for nobody but that
// stage. The caller's thread is the writer; it joins the others and only then gives the file its
// name.
//
// A thread that is done finishes the queue behind it with WR_END: the next one still receives what
// was sent before. A thread that fails notes why and finishes all queues of the job with the
// failure: every other thread stops at once, also one that waits for an input that stalls.
// Cancelling does the same from outside. Nobody polls a flag and nobody sleeps.
#include "lib/run/job.h"

#include <stdio.h>
#include <sys/resource.h>

#include "lib/output/writer_finish.h"
#include "lib/run/changes.h"
#include "lib/run/stages_report.h"

// What stands before the first stage.
static struct wr_changes follow_changes(struct wr_job *job)
{
    const struct wr_stages *stages = &job->stages;
    struct wr_program_stage *program = stages->program_count ? stages->programs[0] : NULL;
    struct wr_changes changes = {
        .first = stages->items[0],
        .in = stages->in,
        .input = job->options.input,
        .engine = job->engine,
        .trace = job->trace,
        .converted = job->queues[WR_QUEUE_CHANGES],
        .log = {wr_job_say, job},
    };
    wr_changes_open(&changes, program && &program->stage == changes.first ? program : NULL);
    return changes;
}

// The reader has no more messages, or failed.
static void end_reading(struct wr_job *job, int status, const struct wr_error *error)
{
    struct wr_queue *out = job->queues[0];
    // Once the queue is finished, reading was interrupted on purpose.
    if (status != WR_END && !wr_queue_status(out)) {
        wr_cause_note(&job->cause, error);
        wr_queue_finish(out, job->options.keep_partial ? WR_END : status);
    }
    wr_queue_finish(out, WR_END);
}

static void *read_stage(void *argument)
{
    struct wr_job *job = argument;
    for (;;) {
        struct wr_message message = {0};
        struct wr_error error = {0};
        const double start = wr_now();
        const int status = wr_reader_next(job->reader, &message, &error);
        wr_stage_account(&job->report.seconds_decode, job->reader_track,
                         status           ? "end"
                         : message.packet ? "demux"
                                          : "decode",
                         start, message.frame ? "frame" : NULL, job->report.frames_in);
        if (status) {
            end_reading(job, status, &error);
            return NULL;
        }
        const bool is_empty = message.frame && wr_chunk_is_elsewhere(&job->chunk, message.index);
        const bool is_frame = message.frame && !is_empty;
        if (is_empty)
            wr_message_empty(&message);
        if (is_frame)
            wr_latency_begin(message.frame);
        if (wr_stage_send(job->queues[0], &message, job->reader_track)) {
            wr_message_drop(&message);
            return NULL;
        }
        job->report.frames_in += is_frame;
    }
}

static void *run_stage(void *argument)
{
    wr_stage_run(argument);
    return NULL;
}

static void report_progress(struct wr_job *job)
{
    struct wr_progress *progress = &job->progress;
    const int64_t frames = wr_writer_frames(job->writer);
    if (!job->options.progress || frames == progress->frames_out)
        return;
    progress->frames_out = frames;
    progress->position = wr_writer_position(job->writer);
    progress->elapsed = wr_now() - job->started;
    job->options.progress(job->options.opaque, progress);
}

// Returns what the last queue was finished with.
static int write_stage(struct wr_job *job)
{
    struct wr_queue *in = job->queues[job->stages.count];
    int64_t frames = 0; // sent, for the trace
    for (;;) {
        struct wr_message message;
        const int status = wr_stage_receive(in, &message, job->writer_track);
        if (status)
            return status;
        const bool is_frame = message.frame != NULL;
        struct wr_error error = {0};
        const double start = wr_now();
        if (is_frame)
            wr_latency_end(&job->latency, message.frame);
        enum wr_status sent =
            is_frame && job->expect ? wr_expect_frame(job->expect, message.frame, &error) : WR_OK;
        if (!sent)
            sent = wr_writer_send(job->writer, &message, &error);
        wr_stage_account(&job->report.seconds_encode, job->writer_track,
                         is_frame ? "encode" : "mux", start, is_frame ? "frame" : NULL, frames);
        frames += is_frame;
        if (sent) {
            wr_message_drop(&message);
            wr_cause_note(&job->cause, &error);
            wr_cause_stop(&job->cause, sent);
            return sent;
        }
        report_progress(job);
    }
}

// ---- how it ended

static enum wr_status fail_given_up(const struct wr_job *job, struct wr_error *error)
{
    return wr_fail(error, WR_INTERRUPTED, "interrupted, %s was not written", job->options.output);
}

// What the encoder holds back may take it many seconds.
static enum wr_status flush_writer(struct wr_job *job, struct wr_error *error)
{
    const double start = wr_now();
    int status = WR_OK;
    while (!status && !wr_cause_is_given_up(&job->cause)) {
        status = wr_writer_flush(job->writer, error);
        report_progress(job);
    }
    wr_stage_account(&job->report.seconds_encode, job->writer_track, "flush", start, NULL, 0);
    if (wr_cause_is_given_up(&job->cause))
        return fail_given_up(job, error);
    return status == WR_END ? WR_OK : (enum wr_status)status;
}

// Every frame that the reader sent is accounted for by each stage, and written; unless a stage had
// enough before.
static enum wr_status check_frames(const struct wr_job *job, struct wr_error *error)
{
    const struct wr_report *report = &job->report;
    if (job->chunk.is_joined)
        return WR_OK; // parts that are joined have counted their frames themselves
    for (int k = 0; k < job->stages.count; k++)
        if (job->stages.items[k]->has_enough)
            return WR_OK;
    int64_t frames = report->frames_in;
    bool balanced = true;
    for (int k = 0; k < job->stages.count; k++) {
        const struct wr_stage_report *stage = &job->stages.items[k]->counts;
        balanced &= stage->in == frames;
        balanced &= stage->out == stage->in - stage->dropped + stage->repeated;
        frames = stage->out;
    }
    return balanced && report->frames_out == frames
               ? WR_OK
               : wr_fail(error, WR_FAILED, "%s: %lld frames came in, but %lld went out",
                         job->options.output, (long long)report->frames_in,
                         (long long)report->frames_out);
}

// The file gets its name last, and only if nothing was lost and nobody gave it up meanwhile.
static enum wr_status finish_file(struct wr_job *job, struct wr_error *error)
{
    wr_writer_tell_source(job->writer, wr_reader_frames(job->reader), job->report.damaged);
    enum wr_status status = flush_writer(job, error);
    job->report.damaged += wr_writer_damaged(job->writer);
    job->report.frames_out = wr_writer_frames(job->writer);
    if (!status)
        status = check_frames(job, error);
    if (!status)
        wr_job_tell_evened(job);
    if (!status)
        status = wr_job_check_losses(job, error);
    return status ? status : wr_writer_finish(job->writer, error);
}

// The first input that has damage.
static const char *damaged_input(const struct wr_job *job)
{
    const struct wr_stages *stages = &job->stages;
    for (int n = 0; n < stages->further_count && !wr_reader_damaged(job->reader); n++)
        if (wr_reader_damaged(stages->further[n].reader))
            return job->options.inputs[stages->further[n].number - 1];
    return job->options.input;
}

// The first input that was given up; NULL if none was.
static const char *stalled_input(const struct wr_job *job)
{
    const struct wr_stages *stages = &job->stages;
    const char *name = wr_reader_stalled(job->reader);
    for (int n = 0; n < stages->further_count && !name; n++)
        name = wr_reader_stalled(stages->further[n].reader);
    return name;
}

// What the job comes to, once every thread has stopped.
static enum wr_status conclude(struct wr_job *job, int status, struct wr_error *error)
{
    const bool finish = status == WR_END && !wr_cause_is_given_up(&job->cause);
    const char *output = job->options.output;
    if (finish) {
        const enum wr_status finished = finish_file(job, error);
        if (finished)
            return finished;
    }
    const long long frames = job->report.frames_out = wr_writer_frames(job->writer);
    if (atomic_load(&job->cause.cancelled))
        return finish ? wr_fail(error, WR_INTERRUPTED,
                                "interrupted, %s holds the %lld frames so far", output, frames)
                      : fail_given_up(job, error);
    const struct wr_error *first = &job->cause.first;
    if (first->status)
        return finish ? wr_fail(error, first->status, "%s; %s holds the %lld frames before it",
                                first->text, output, frames)
                      : wr_fail(error, first->status, "%s", first->text);
    if (!finish)
        return wr_fail(error, WR_FAILED, "%s was not written", output);
    const enum wr_status compared = job->expect ? wr_expect_end(job->expect, error) : WR_OK;
    if (compared)
        return compared;
    if (job->report.stalled)
        return wr_fail(error, WR_DAMAGED,
                       "%s: nothing came for %g s, so the input was given up and what had come was "
                       "kept",
                       stalled_input(job), job->options.source_timeout);
    if (job->report.damaged)
        return wr_fail(error, WR_DAMAGED,
                       "%s: the input is damaged in %lld place%s, what could be "
                       "decoded was kept",
                       damaged_input(job), (long long)job->report.damaged,
                       job->report.damaged == 1 ? "" : "s");
    return WR_OK;
}

static void complete_report(struct wr_job *job)
{
    struct wr_report *report = &job->report;
    report->damaged = wr_reader_damaged(job->reader);
    for (int n = 0; n < job->stages.further_count; n++)
        report->damaged += wr_reader_damaged(job->stages.further[n].reader);
    report->stalled = stalled_input(job) != NULL;
    wr_latency_report(&job->latency, report);
    report->next_start = wr_reader_changed_at(job->reader);
    wr_stages_count(&job->stages, &job->report);
    struct rusage usage;
    report->pinned_frames = atomic_load(&job->engine->resources.host_memory.peak);
    if (!getrusage(RUSAGE_SELF, &usage))
        report->peak_bytes = (int64_t)usage.ru_maxrss * 1024;
}

// ---- running

struct threads {
    pthread_t started[WR_MAX_STAGES + 1 + 2 * WR_MAX_FILES];
    int count;
};

static bool start(struct threads *threads, void *(*run)(void *), void *argument)
{
    const bool is_started = !pthread_create(&threads->started[threads->count], NULL, run, argument);
    threads->count += is_started;
    return is_started;
}

// Starts the reader, the stages and what reads further inputs; false where one cannot be started.
static bool start_threads(struct wr_job *job, struct wr_changes *changes, struct threads *threads)
{
    bool is_complete =
        start(threads, read_stage, job) && start(threads, run_stage, &changes->stage);
    for (int n = 1; n < job->stages.count && is_complete; n++)
        is_complete = start(threads, run_stage, job->stages.items[n]);
    for (int n = 0; n < job->stages.further_count && is_complete; n++) {
        struct wr_further *further = &job->stages.further[n];
        is_complete = start(threads, wr_further_read, further) &&
                      (!further->program || start(threads, run_stage, &further->program->stage));
    }
    return is_complete;
}

static enum wr_status run_threads(struct wr_job *job, struct wr_error *error)
{
    struct threads threads = {.count = 0};
    job->started = wr_now();
    struct wr_changes changes = follow_changes(job);
    const bool complete = start_threads(job, &changes, &threads);
    if (!complete)
        wr_cause_stop(&job->cause, WR_FAILED);
    const int status = complete ? write_stage(job) : WR_FAILED;
    wr_cause_stop(&job->cause, status); // where the writer has ended early, nobody is waited for
    for (int n = 0; n < threads.count; n++)
        pthread_join(threads.started[n], NULL);
    wr_changes_close(&changes);
    complete_report(job);
    const enum wr_status result = complete ? conclude(job, status, error)
                                           : wr_fail(error, WR_FAILED, "cannot start a thread");
    job->report.seconds_total = wr_now() - job->started;
    return result;
}

static void tell_left_out(struct wr_job *job)
{
    const long long batches = job->report.redone_batches;
    char sentence[640];
    snprintf(sentence, sizeof sentence,
             "a device failed and was left out, and %lld batch%s done again elsewhere: %s", batches,
             batches == 1 ? " was" : "es were", job->report.left_out);
    if (batches)
        wr_job_say(job, WR_LOG_WARNING, sentence);
}

enum wr_status wr_job_run(struct wr_job *job, struct wr_error *error)
{
    struct wr_error unused, trouble;
    error = error ? error : &unused;
    // Not before: while the input is opened the program may be ended, and an older trace with it.
    enum wr_status status = wr_trace_begin(&job->trace, error);
    if (!status)
        status = run_threads(job, error);
    // What was not finished goes at once: the caller may still take its time, or be ended.
    wr_writer_abandon(job->writer);
    if (wr_trace_close(&job->trace, &trouble)) {
        if (status)
            wr_job_say(job, WR_LOG_WARNING, trouble.text);
        else
            *error = trouble, status = trouble.status;
    }
    tell_left_out(job);
    if (job->report.memory.departures)
        wr_job_say(job, WR_LOG_INFO,
                   "the filters asked for memory in another order than expected: it was planned "
                   "anew");
    return status;
}

void wr_job_cancel(struct wr_job *job)
{
    const int before = atomic_fetch_add(&job->cause.cancelled, 1);
    if (job->options.keep_partial && before == 0) {
        wr_queue_finish(job->queues[0], WR_END);
        for (int n = 0; n < job->stages.further_count; n++)
            wr_further_stop(&job->stages.further[n]);
        return;
    }
    wr_cause_stop(&job->cause, WR_INTERRUPTED);
}
