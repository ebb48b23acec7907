// SPDX-License-Identifier: MIT
// Whether files can be what they are named for, and jobs what they are asked for.
#include "cli/many/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/names.h"
#include "cli/option_words.h"
#include "cli/paths.h"

static enum wr_status check_journal(const struct wr_settings *settings, struct wr_error *error)
{
    char *const journal = wr_name_join(settings->job.output, WR_JOURNAL_NAME);
    const enum wr_status status =
        journal ? wr_paths_check_taken(settings, "what the run notes for --resume",
                                       (const char *const[]){journal, NULL}, error)
                : wr_fail(error, WR_FAILED, "out of memory");
    free(journal);
    return status;
}

enum wr_status wr_many_check_paths(const struct wr_settings *settings,
                                   const struct wr_entries *entries, struct wr_error *error)
{
    const size_t most = (size_t)entries->count + 2; // the list, and NULL
    const char **const inputs = calloc(most, sizeof(*inputs));
    const char **const outputs = calloc(most, sizeof(*outputs));
    for (int n = 0, made = 0; inputs && outputs && n < entries->count; n++) {
        inputs[n] = entries->items[n]->input;
        if (entries->items[n]->settings.job.output)
            outputs[made++] = entries->items[n]->settings.job.output;
    }
    if (inputs)
        inputs[entries->count] = settings->many.list;
    enum wr_status status = inputs && outputs ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
    if (!status)
        status = wr_paths_check_taken(settings, "an input", inputs, error);
    if (!status)
        status = wr_paths_check_taken(settings, "an input", settings->job.inputs, error);
    if (!status)
        status = wr_paths_check_taken(settings, "an output", outputs, error);
    if (!status && settings->job.output)
        status = check_journal(settings, error);
    free(inputs);
    free(outputs);
    return status;
}

// The part of a name that chooses the container.
static const char *suffix(const char *path)
{
    const char *const slash = strrchr(path, '/'), *const dot = strrchr(slash ? slash : path, '.');
    return dot ? dot : "";
}

// A missing input fails when its turn comes; nothing is said of its output's name before.
static bool is_missing(const char *input)
{
    return access(input, F_OK) && !strstr(input, "://");
}

// Tries each suffix once. The run is refused only for what is wrong with all suffixes; otherwise
// the files of one container fail by themselves.
static enum wr_status check_outputs(const struct wr_entries *entries, struct wr_error *error)
{
    json_t *const tried = json_object(); // by suffix
    enum wr_status status = WR_OK;
    for (int n = 0; n < entries->count; n++) {
        const struct wr_entry *const entry = entries->items[n];
        if (entry->is_other || entry->own || !entry->output ||
            json_object_get(tried, suffix(entry->output)) || is_missing(entry->input))
            continue;
        json_object_set_new_nocheck(tried, suffix(entry->output), json_true());
        status = wr_job_check(NULL, &entry->settings.job, error);
        if (!status)
            break;
    }
    json_decref(tried);
    return status;
}

const char *wr_many_name(const struct wr_settings *settings)
{
    return settings->many.list ? settings->many.list : settings->many.inputs[0];
}

static enum wr_status fail_empty(const struct wr_settings *settings, struct wr_error *error)
{
    const char *const name = wr_many_name(settings);
    return settings->many.include
               ? wr_fail(error, WR_FAILED, "no file in \"%s\" is one that --%s asks for", name,
                         wr_option_name(many.include))
           : settings->many.exclude
               ? wr_fail(error, WR_FAILED, "--%s leaves no file in \"%s\"",
                         wr_option_name(many.exclude), name)
               : wr_fail(error, WR_FAILED, "there are no files in \"%s\"", name);
}

enum wr_status wr_many_check_jobs(const struct wr_settings *settings,
                                  const struct wr_entries *entries, struct wr_error *error)
{
    struct wr_job_options common = settings->job;
    common.output = NULL;
    common.expect = NULL; // a folder
    const enum wr_status status = wr_job_check(&settings->engine, &common, error);
    return status                                     ? status
           : !entries->count && !settings->many.watch ? fail_empty(settings, error)
                                                      : check_outputs(entries, error);
}
