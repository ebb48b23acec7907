// SPDX-License-Identifier: MIT
// One JSON object on each line of a hidden file; the last one for an output counts.
#include "cli/many/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/json.h"
#include "cli/names.h"
#include "cli/paths.h"

struct wr_journal {
    char *path;
    json_t *made;        // by output: what is in the line
    atomic_bool is_torn; // the last line has no end: the disk was full
};

// Size and time of a file, null if it is not there.
static json_t *fingerprint(const char *path)
{
    struct stat status;
    if (stat(path, &status))
        return json_null();
    return json_pack("[I, I, I]", (json_int_t)status.st_size, (json_int_t)status.st_mtim.tv_sec,
                     (json_int_t)status.st_mtim.tv_nsec);
}

// Adds a file that was read besides the input.
static void add_read(void *list, const char *path)
{
    json_array_append_new(list, wr_json_text(path));
    json_array_append_new(list, fingerprint(path));
}

// What was read besides the input: files that the chains name, further inputs, what is expected.
static json_t *describe_read(const struct wr_job_options *job)
{
    json_t *const list = json_array();
    wr_chain_each_file(job->chain, add_read, list);
    wr_chain_each_file(job->audio_filter, add_read, list);
    for (const char *const *input = job->inputs; input && *input; input++)
        add_read(list, *input);
    if (job->expect)
        add_read(list, job->expect);
    return list;
}

// What must be the same for a file to be left out; NULL when memory is short.
static json_t *describe(const struct wr_entry *entry, enum wr_entry_state state)
{
    char *const words = wr_settings_words(&entry->settings);
    json_t *const line =
        words ? json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "output",
                          wr_json_text(entry->output), "input", wr_json_text(entry->input),
                          "input_is", fingerprint(entry->input), "read",
                          describe_read(&entry->settings.job), "output_is",
                          fingerprint(entry->output), "options", wr_json_text(words), "warpreel",
                          wr_version(), "state", wr_entry_state_name(state))
              : NULL;
    free(words);
    return line;
}

static void read_lines(struct wr_journal *journal, FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, file)) >= 0) {
        journal->is_torn = length && line[length - 1] != '\n';
        json_t *const object = json_loads(line, 0, NULL);
        const char *const output = json_string_value(json_object_get(object, "output"));
        if (output)
            json_object_set(journal->made, output, object);
        json_decref(object);
    }
    free(line);
}

enum wr_status wr_journal_open(struct wr_journal **journal, const char *folder,
                               struct wr_error *error)
{
    struct wr_journal *new = *journal = calloc(1, sizeof(*new));
    if (new)
        new->path = wr_name_join(folder, WR_JOURNAL_NAME);
    if (new)
        new->made = json_object();
    if (!new || !new->path || !new->made) {
        wr_journal_close(journal);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    FILE *const file = fopen(new->path, "r");
    if (file) {
        read_lines(new, file);
        fclose(file);
    } else if (errno != ENOENT) {
        wr_fail(error, WR_FAILED, "cannot read \"%s\": %s", new->path, strerror(errno));
        wr_journal_close(journal);
        return WR_FAILED;
    }
    return WR_OK;
}

// Standard input may be another one in each run.
static bool reads_standard_input(const struct wr_entry *entry)
{
    bool reads = wr_path_is_standard(entry->input);
    for (const char *const *input = entry->settings.job.inputs; input && *input; input++)
        reads |= wr_path_is_standard(*input);
    return reads;
}

// Whether a line says that the entry was made so.
static bool says(const json_t *line, const struct wr_entry *entry, enum wr_entry_state state)
{
    json_t *const now = describe(entry, state);
    const bool stands =
        !json_is_null(json_object_get(now, "output_is")) && !reads_standard_input(entry);
    const bool same = now && stands && json_equal((json_t *)line, now);
    json_decref(now);
    return same;
}

enum wr_entry_state wr_journal_find(const struct wr_journal *journal, const struct wr_entry *entry)
{
    json_t *const key = wr_json_text(entry->output); // in valid UTF-8
    const json_t *const line = json_object_get(journal->made, json_string_value(key));
    json_decref(key);
    return !line                                 ? WR_ENTRY_WAITING
           : says(line, entry, WR_ENTRY_DONE)    ? WR_ENTRY_DONE
           : says(line, entry, WR_ENTRY_DAMAGED) ? WR_ENTRY_DAMAGED
                                                 : WR_ENTRY_WAITING;
}

enum wr_status wr_journal_add(struct wr_journal *journal, const struct wr_entry *entry,
                              enum wr_entry_state state, struct wr_error *error)
{
    json_t *const line = describe(entry, state);
    char *const json = line ? json_dumps(line, JSON_COMPACT) : NULL;
    char *text = NULL;
    json_decref(line);
    if (!json || asprintf(&text, "%s%s\n", atomic_exchange(&journal->is_torn, false) ? "\n" : "",
                          json) < 0) {
        free(json);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    // One write for a line: those of several runs and threads do not mix.
    const int file = open(journal->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    const ssize_t written = file >= 0 ? write(file, text, strlen(text)) : 0;
    const bool whole = written == (ssize_t)strlen(text);
    const int cause = written > 0 ? ENOSPC : errno; // a line is cut short where the disk is full
    journal->is_torn |= written > 0 && !whole;
    if (file >= 0)
        close(file);
    free(json);
    free(text);
    return whole ? WR_OK
                 : wr_fail(error, WR_FAILED, "cannot write \"%s\": %s", journal->path,
                           strerror(cause));
}

void wr_journal_close(struct wr_journal **journal)
{
    struct wr_journal *const old = *journal;
    if (!old)
        return;
    json_decref(old->made);
    free(old->path);
    free(old);
    *journal = NULL;
}
