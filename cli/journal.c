// SPDX-License-Identifier: MIT
// Appends a line for each finished output; the last line about an output counts.
#include "cli/journal.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/json.h"

struct wr_journal {
    char path[PATH_MAX];
    json_t *entries; // by output
    FILE *file;      // NULL until something is added
};

// Lines that were cut off in the middle of writing are as good as none.
static void read_entries(struct wr_journal *journal)
{
    FILE *file = fopen(journal->path, "r");
    char *text = NULL;
    size_t size = 0;
    while (file && getline(&text, &size, file) >= 0) {
        json_t *line = json_loads(text, 0, NULL);
        const char *output = json_string_value(json_object_get(line, "output"));
        if (output)
            json_object_set(journal->entries, output, line);
        json_decref(line);
    }
    free(text);
    if (file)
        fclose(file);
}

enum wr_status wr_journal_open(struct wr_journal **journal, const char *folder,
                               struct wr_error *error)
{
    struct wr_journal *new = *journal = calloc(1, sizeof *new);
    if (!new || !(new->entries = json_object())) {
        wr_journal_close(journal);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    snprintf(new->path, sizeof new->path, "%s/.warpreel-done.jsonl", folder);
    read_entries(new);
    return WR_OK;
}

static void add_option(json_t *settings, const char *name, const char *value)
{
    if (value)
        json_object_set_new(settings, name, wr_json_text(value));
}

// Everything that the output depends on, besides the input.
static json_t *settings_of(const struct wr_job_options *job)
{
    json_t *o = json_object(), *options = json_array();
    add_option(o, "version", wr_version());
    add_option(o, "filter", job->chain);
    add_option(o, "codec", job->codec);
    add_option(o, "quality", job->quality);
    add_option(o, "preset", job->preset);
    add_option(o, "format", job->format);
    add_option(o, "pix_fmt", job->pix_fmt);
    add_option(o, "start", job->start);
    json_object_set_new(o, "frames", json_integer(job->frames));
    for (const char *const *option = job->encoder_options; option && *option; option++)
        json_array_append_new(options, wr_json_text(*option));
    json_object_set_new(o, "encoder_options", options);
    return o;
}

static json_t *entry_of(const struct wr_task *task)
{
    struct stat in, out;
    if (stat(task->input, &in) || stat(task->output, &out))
        return NULL;
    json_t *o = json_object();
    json_object_set_new(o, "output", wr_json_text(task->output));
    json_object_set_new(o, "bytes", json_integer(out.st_size));
    json_object_set_new(o, "input", wr_json_text(task->input));
    json_object_set_new(o, "input_bytes", json_integer(in.st_size));
    json_object_set_new(o, "input_time",
                        json_integer(in.st_mtim.tv_sec * INT64_C(1000000000) + in.st_mtim.tv_nsec));
    json_object_set_new(o, "settings", settings_of(&task->job));
    return o;
}

enum wr_entry wr_journal_find(const struct wr_journal *journal, const struct wr_task *task)
{
    json_t *now = entry_of(task);
    json_t *then =
        now ? json_object_get(journal->entries, json_string_value(json_object_get(now, "output")))
            : NULL;
    const enum wr_entry entry = !then                   ? WR_ENTRY_NONE
                                : json_equal(then, now) ? WR_ENTRY_CURRENT
                                                        : WR_ENTRY_OTHER;
    json_decref(now);
    return entry;
}

enum wr_status wr_journal_add(struct wr_journal *journal, const struct wr_task *task,
                              struct wr_error *error)
{
    json_t *entry = entry_of(task);
    if (!entry) // it was removed in the meantime, or is no file
        return WR_OK;
    errno = 0;
    if (!journal->file)
        journal->file = fopen(journal->path, "a");
    const bool written = journal->file && !json_dumpf(entry, journal->file, JSON_COMPACT) &&
                         fputc('\n', journal->file) != EOF && !fflush(journal->file);
    json_decref(entry);
    return written
               ? WR_OK
               : wr_fail(error, WR_FAILED, "cannot write %s: %s", journal->path, strerror(errno));
}

void wr_journal_close(struct wr_journal **journal)
{
    struct wr_journal *old = *journal;
    if (!old)
        return;
    if (old->file)
        fclose(old->file);
    json_decref(old->entries);
    free(old);
    *journal = NULL;
}
