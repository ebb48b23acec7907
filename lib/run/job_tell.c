// SPDX-License-Identifier: MIT
// Keeps what a job says for its report, and hands it on to the caller.
#include "lib/run/job_tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wr_job_open_notes(struct wr_job *job)
{
    pthread_mutex_init(&job->notes_lock, NULL);
}

void wr_job_close_notes(struct wr_job *job)
{
    pthread_mutex_destroy(&job->notes_lock);
    for (int n = 0; n < job->report.note_count; n++)
        free(job->notes[n]);
    free(job->notes);
    free(job->losses);
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

void wr_job_tell_evened(struct wr_job *job)
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
        wr_job_say(job, dropped ? WR_LOG_LOSS : WR_LOG_WARNING, sentence);
}

void wr_job_tell_progress(struct wr_job *job)
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

void wr_job_tell_left_out(struct wr_job *job)
{
    const long long batches = job->report.redone_batches;
    char sentence[640];
    snprintf(sentence, sizeof sentence,
             "a device failed and was left out, and %lld batch%s done again elsewhere: %s", batches,
             batches == 1 ? " was" : "es were", job->report.left_out);
    if (batches)
        wr_job_say(job, WR_LOG_WARNING, sentence);
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
