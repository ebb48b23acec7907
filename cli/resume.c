// SPDX-License-Identifier: MIT
// The output is an entry in the journal of its folder, like each of many.
#include "cli/resume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_words.h"
#include "cli/paths.h"

static enum wr_status check(const struct wr_settings *settings, struct wr_error *error)
{
    const char *const output = settings->job.output;
    if (settings->job.on_change == WR_ON_CHANGE_SPLIT)
        return wr_fail(error, WR_USAGE, "--%s=split makes several files, and takes no --%s",
                       wr_option_name(job.on_change), wr_option_name(many.resume));
    const bool is_file = output && !wr_path_is_stream(output) && wr_path_is_replaced(output);
    return is_file ? WR_OK
                   : wr_fail(error, WR_USAGE, "--%s needs an output that is a file",
                             wr_option_name(many.resume));
}

// The file that is made: OUTPUT, or OUTPUT.partKofN. NULL when memory is short.
static char *name_output(const struct wr_job_options *job)
{
    char *path = NULL;
    const char *const slash = job->part ? strchr(job->part, '/') : NULL;
    if (!slash)
        return strdup(job->output);
    return asprintf(&path, "%s.part%.*sof%s", job->output, (int)(slash - job->part), job->part,
                    slash + 1) < 0
               ? NULL
               : path;
}

static enum wr_status open_journal(struct wr_journal **journal, const char *output,
                                   struct wr_error *error)
{
    const char *const slash = strrchr(output, '/');
    char *const folder = strndup(output, slash ? (size_t)(slash - output) + 1 : 0);
    const enum wr_status status = folder ? wr_journal_open(journal, folder, error)
                                         : wr_fail(error, WR_FAILED, "out of memory");
    free(folder);
    return status;
}

enum wr_status wr_resume_open(struct wr_resume *resume, const struct wr_settings *settings,
                              struct wr_error *error)
{
    *resume = (struct wr_resume){0};
    if (!settings->many.resume)
        return WR_OK;
    enum wr_status status = check(settings, error);
    if (status)
        return status;
    struct wr_entry *const entry = &resume->entry;
    entry->settings = *settings;
    entry->input = (char *)settings->job.input;
    entry->output = name_output(&settings->job);
    status = entry->output ? open_journal(&resume->journal, entry->output, error)
                           : wr_fail(error, WR_FAILED, "out of memory");
    if (!status)
        entry->state = wr_journal_find(resume->journal, entry);
    resume->is_done = entry->state != WR_ENTRY_WAITING;
    return status;
}

enum wr_status wr_resume_note(const struct wr_resume *resume, enum wr_entry_state state,
                              struct wr_error *error)
{
    return resume->journal ? wr_journal_add(resume->journal, &resume->entry, state, error) : WR_OK;
}

void wr_resume_close(struct wr_resume *resume)
{
    wr_journal_close(&resume->journal);
    free(resume->entry.output);
}
