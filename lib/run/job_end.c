// SPDX-License-Identifier: MIT
// Completes the output and the report of a job, and finds the words for how it ended.
#include "lib/run/job_end.h"

#include <stdio.h>
#include <sys/resource.h>

#include "lib/output/writer_finish.h"
#include "lib/run/stages/stages_report.h"

void wr_job_tell_progress(struct wr_job *job)
{
    struct wr_progress *progress = &job->progress;
    const int64_t frames = wr_writer_frames(job->writer);
    const double position = wr_writer_position(job->writer);
    const bool is_news =
        frames != progress->frames_out || (job->packets && position > progress->position);
    if (!job->options.progress || !is_news)
        return;
    progress->frames_out = frames;
    progress->position = position;
    progress->elapsed = wr_now() - job->started;
    job->options.progress(job->options.opaque, progress);
}

// Says how many frames were repeated and dropped for an output that counts frames.
static void tell_evened(struct wr_job *job)
{
    int64_t repeated = 0, dropped = 0;
    for (int n = job->stages.evened_from; n < job->stages.count && n; n++) {
        repeated += job->stages.items[n]->counts.repeated;
        dropped += job->stages.items[n]->counts.dropped;
    }
    char sentence[256];
    snprintf(sentence, sizeof sentence,
             "%s counts frames: %lld were repeated and %lld dropped to have %.6g in a second",
             job->report.output.format, (long long)repeated, (long long)dropped,
             job->report.output.frame_rate);
    if (repeated || dropped)
        wr_notes_say(&job->notes, dropped ? WR_LOG_LOSS : WR_LOG_WARNING, sentence);
}

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
        wr_job_tell_progress(job);
    }
    wr_stage_account(&job->report.seconds_encode, job->writer_track, "flush", start, NULL, 0);
    if (wr_cause_is_given_up(&job->cause))
        return fail_given_up(job, error);
    return status == WR_END ? WR_OK : (enum wr_status)status;
}

// Every frame that the reader sent is accounted for by each stage, and written; unless a stage had
// enough before, or the file was full.
static enum wr_status check_frames(const struct wr_job *job, struct wr_error *error)
{
    const struct wr_report *report = &job->report;
    if (job->chunk.joined_parts || wr_writer_is_full(job->writer))
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
    // The first pass of some encoders makes no pictures.
    return balanced && (report->frames_out == frames || job->options.pass == 1)
               ? WR_OK
               : wr_fail(error, WR_FAILED, "%s: %lld frames came in, but %lld went out",
                         job->options.output, (long long)report->frames_in,
                         (long long)report->frames_out);
}

// How many frames all pieces must have together. Only one part may have filters that drop or make
// some.
static int64_t frames_of_parts(const struct wr_job *job)
{
    return job->chunk.share.parts == 1 ? job->stages.items[job->stages.count - 1]->counts.out
                                       : wr_reader_frames(job->reader);
}

// The file gets its name last, and only if nothing was lost and nobody gave it up meanwhile.
static enum wr_status finish_file(struct wr_job *job, struct wr_error *error)
{
    if (job->reader)
        wr_writer_tell_source(job->writer, frames_of_parts(job), job->report.damaged);
    enum wr_status status = flush_writer(job, error);
    // The runs that made the parts of a join have counted the damaged places. Joining reads the
    // input once more and meets the same places: they do not add up.
    job->report.damaged = FFMAX(job->report.damaged, wr_writer_damaged(job->writer));
    job->report.frames_out = wr_writer_frames(job->writer);
    if (!status)
        status = check_frames(job, error);
    if (!status)
        tell_evened(job);
    if (!status)
        status = wr_notes_check_losses(&job->notes, error);
    return status ? status : wr_writer_finish(job->writer, error);
}

// The first input that has damage.
static const char *damaged_input(const struct wr_job *job)
{
    const struct wr_stages *stages = &job->stages;
    const char *name = job->packets ? wr_packets_damaged_input(job->packets)
                                    : wr_reader_damaged_input(job->reader);
    for (int n = 0; n < stages->further_count && !name; n++)
        name = wr_reader_damaged_input(stages->further[n].reader);
    return name ? name : job->options.input;
}

// The first input that was given up; NULL if none was.
static const char *stalled_input(const struct wr_job *job)
{
    const struct wr_stages *stages = &job->stages;
    const char *name =
        job->packets ? wr_packets_stalled(job->packets) : wr_reader_stalled(job->reader);
    for (int n = 0; n < stages->further_count && !name; n++)
        name = wr_reader_stalled(stages->further[n].reader);
    return name;
}

enum wr_status wr_job_conclude(struct wr_job *job, int status, struct wr_error *error)
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
                       "%s was kept%s",
                       damaged_input(job), (long long)job->report.damaged,
                       job->report.damaged == 1 ? "" : "s", job->packets ? "read" : "decoded",
                       wr_writer_damaged(job->writer)
                           ? "; the parts have met damage, and may differ there from one run"
                           : "");
    return WR_OK;
}

void wr_job_complete_report(struct wr_job *job)
{
    struct wr_report *report = &job->report;
    report->damaged =
        job->packets ? wr_packets_damaged(job->packets) : wr_reader_damaged(job->reader);
    for (int n = 0; n < job->stages.further_count; n++)
        report->damaged += wr_reader_damaged(job->stages.further[n].reader);
    report->stalled = stalled_input(job) != NULL;
    wr_latency_report(&job->latency, report);
    if (job->reader) {
        report->next_start = wr_reader_changed_at(job->reader);
        wr_stages_count(&job->stages, &job->report);
    }
    struct rusage usage;
    report->pinned_frame_bytes = atomic_load(&job->engine->resources.host_memory.peak);
    if (!getrusage(RUSAGE_SELF, &usage))
        report->peak_bytes = (int64_t)usage.ru_maxrss * 1024;
}

void wr_job_tell_left_out(struct wr_job *job)
{
    const long long batches = job->report.redone_batches;
    char sentence[640];
    snprintf(sentence, sizeof sentence,
             "a device failed and was left out, and %lld batch%s done again elsewhere: %s", batches,
             batches == 1 ? " was" : "es were", job->report.left_out);
    if (batches)
        wr_notes_say(&job->notes, WR_LOG_WARNING, sentence);
}
