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
// with queues and threads of their own (lib/run/stages/further.h); these, too, wait for nobody but
// that stage. The caller's thread is the writer; it joins the others and only then gives the file
// its name.
//
// A thread that is done finishes the queue behind it with WR_END: the next one still receives what
// was sent before. A thread that fails notes why and finishes all queues of the job with the
// failure: every other thread stops at once, also one that waits for an input that stalls.
// Cancelling does the same from outside. Nobody polls a flag and nobody sleeps.
#include "lib/run/job.h"

#include "lib/media/libav.h"
#include "lib/run/copy_job.h"
#include "lib/run/job_end.h"
#include "lib/run/stages/changes.h"

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
        .log = {wr_notes_say, &job->notes},
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
        if (message.frame && job->chunk.joined_parts) { // the parts have the video
            wr_message_drop(&message);
            continue;
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
        if (is_frame && job->chunk.joined_parts) { // that a filter has made of nothing (tpad)
            wr_message_drop(&message);
            continue;
        }
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
        wr_job_tell_progress(job);
        if (wr_writer_is_full(job->writer))
            return WR_END;
    }
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
    wr_job_complete_report(job);
    const enum wr_status result = complete ? wr_job_conclude(job, status, error)
                                           : wr_fail(error, WR_FAILED, "cannot start a thread");
    job->report.seconds_total = wr_now() - job->started;
    return result;
}

enum wr_status wr_job_run(struct wr_job *job, struct wr_error *error)
{
    struct wr_error unused, trouble;
    error = error ? error : &unused;
    // Not before: while the input is opened the program may be ended, and an older trace with it.
    enum wr_status status = wr_trace_begin(&job->trace, error);
    wr_findings_go_to(&job->findings);
    if (!status)
        status = job->packets ? wr_copy_run(job, error) : run_threads(job, error);
    wr_findings_go_to(NULL);
    // What was not finished goes at once: the caller may still take its time, or be ended.
    wr_writer_abandon(job->writer);
    if (wr_trace_close(&job->trace, &trouble)) {
        if (status)
            wr_notes_say(&job->notes, WR_LOG_WARNING, trouble.text);
        else
            *error = trouble, status = trouble.status;
    }
    wr_job_tell_left_out(job);
    if (job->report.memory.departures)
        wr_notes_say(&job->notes, WR_LOG_INFO,
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
