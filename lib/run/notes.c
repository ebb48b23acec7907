// SPDX-License-Identifier: MIT
// Keeps what is said of a job for its report, and hands it on to the caller.
#include "lib/run/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wr_notes_open(struct wr_notes *notes, const struct wr_job_options *options,
                   struct wr_report *report)
{
    *notes = (struct wr_notes){.options = options, .report = report};
    pthread_mutex_init(&notes->lock, NULL);
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
static void keep_note(struct wr_notes *notes, enum wr_log_level level, const char *sentence)
{
    struct wr_report *report = notes->report;
    pthread_mutex_lock(&notes->lock);
    char *copy = strdup(sentence);
    if (!copy || !append_sentence(&notes->all, &report->note_count, copy))
        free(copy);
    else if (level == WR_LOG_LOSS)
        append_sentence(&notes->losses, &report->loss_count, copy);
    report->notes = (const char *const *)notes->all;
    report->losses = (const char *const *)notes->losses;
    pthread_mutex_unlock(&notes->lock);
}

void wr_notes_say(void *notes, enum wr_log_level level, const char *sentence)
{
    const struct wr_job_options *options = ((struct wr_notes *)notes)->options;
    if (!*sentence)
        return;
    keep_note(notes, level, sentence);
    if (options->log)
        options->log(options->opaque, level, sentence);
}

enum wr_status wr_notes_check_losses(const struct wr_notes *notes, struct wr_error *error)
{
    const struct wr_report *report = notes->report;
    if (!notes->options->strict || !report->loss_count)
        return WR_OK;
    char more[48] = "";
    if (report->loss_count > 1)
        snprintf(more, sizeof more, " (and %d more)", report->loss_count - 1);
    return wr_fail(error, WR_FAILED, "%s was not written, since it would lose something: %s%s",
                   notes->options->output, report->losses[0], more);
}

void wr_notes_close(struct wr_notes *notes)
{
    for (int n = 0; n < notes->report->note_count; n++)
        free(notes->all[n]);
    free(notes->all);
    free(notes->losses);
    pthread_mutex_destroy(&notes->lock);
}
