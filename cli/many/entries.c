// SPDX-License-Identifier: MIT
// Keeps the list of what is to be done, names outputs, and finds those that collide.
#include "cli/many/entries.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/expect.h"
#include "cli/names.h"
#include "cli/option_words.h"
#include "cli/paths.h"

static enum wr_status out_of_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory");
}

static void free_entry(struct wr_entry *entry)
{
    if (!entry)
        return;
    wr_settings_free(&entry->settings);
    json_decref(entry->own);
    json_decref(entry->report);
    free(entry->input);
    free(entry->prefix);
    free(entry->target);
    free(entry->output);
    free(entry->place);
    free(entry);
}

static enum wr_status append(struct wr_entries *entries, struct wr_entry *entry,
                             struct wr_error *error)
{
    // Doubled at each power of two.
    const int count = entries->count;
    if (!(count & (count - 1))) {
        const size_t room = count ? (size_t)count * 2 : 1;
        struct wr_entry **const longer = realloc(entries->items, room * sizeof(struct wr_entry *));
        if (!longer)
            return out_of_memory(error);
        entries->items = longer;
    }
    entries->items[entries->count++] = entry;
    return WR_OK;
}

enum wr_status wr_entry_set_output(struct wr_entry *entry, const char *root, const char *output,
                                   struct wr_error *error)
{
    char *const path = wr_name_join(*output == '/' || !root ? "" : root, output);
    if (!path)
        return out_of_memory(error);
    free(entry->output);
    free(entry->target);
    entry->target = NULL;
    entry->settings.job.output = entry->output = path;
    return WR_OK;
}

static enum wr_status name_output(struct wr_entry *entry, const char *folder,
                                  struct wr_error *error)
{
    const char *const root = entry->settings.job.output;
    char *name = NULL;
    enum wr_status status = wr_name_make(&name, entry->settings.many.name, entry->input, error);
    if (status)
        return status;
    char *const below = wr_name_join(folder, name);
    status = below ? wr_entry_set_output(entry, root, below, error) : out_of_memory(error);
    free(below);
    free(name);
    return status;
}

enum wr_status wr_entries_add(struct wr_entries *entries, const struct wr_settings *settings,
                              const char *input, const char *folder, struct wr_entry **added,
                              struct wr_error *error)
{
    struct wr_entry *const entry = calloc(1, sizeof(*entry));
    if (!entry)
        return out_of_memory(error);
    enum wr_status status = wr_settings_copy(&entry->settings, settings, error);
    entry->settings.job.input = entry->input = strdup(input);
    char *const name = wr_name_of_input(input);
    entry->place = name ? wr_name_join(folder, name) : NULL;
    free(name);
    if (!status && (!entry->input || !entry->place || asprintf(&entry->prefix, "%s: ", input) < 0))
        status = out_of_memory(error);
    if (!status && settings->job.output)
        status = name_output(entry, folder, error);
    if (!status)
        status = append(entries, entry, error);
    if (status)
        free_entry(entry);
    else if (added)
        *added = entry;
    return status;
}

void wr_entries_close(struct wr_entries *entries)
{
    for (int n = 0; n < entries->count; n++)
        free_entry(entries->items[n]);
    free(entries->items);
    *entries = (struct wr_entries){0};
}

const char *wr_entry_prefix(const struct wr_entry *entry, const char *sentence)
{
    return !*sentence || strstr(sentence, entry->input) ? "" : entry->prefix;
}

const char *wr_entry_state_name(enum wr_entry_state state)
{
    static const char *const names[] = {
        [WR_ENTRY_WAITING] = "not begun", [WR_ENTRY_RUNNING] = "running",
        [WR_ENTRY_DONE] = "done",         [WR_ENTRY_DAMAGED] = "damaged",
        [WR_ENTRY_FAILED] = "failed",     [WR_ENTRY_DIFFERS] = "differs",
        [WR_ENTRY_SKIPPED] = "skipped",   [WR_ENTRY_INTERRUPTED] = "interrupted",
    };
    return names[state];
}

// ---- collisions

// A file that an entry writes.
struct claim {
    char *path;  // without links, owned
    bool is_log; // of two passes, and no output
    const struct wr_entry *entry;
};

struct claims {
    struct claim *items;
    size_t count;
};

static int by_path(const void *a, const void *b)
{
    const struct claim *const one = a, *const other = b;
    return strcmp(one->path, other->path);
}

// Adds a file without links; where it has no place, by its name.
static enum wr_status claim(struct claims *claims, const struct wr_entry *entry, const char *path,
                            bool is_log, struct wr_error *error)
{
    char resolved[PATH_MAX];
    char *const target = strdup(wr_path_resolve(path, resolved) ? resolved : path);
    if (!target)
        return out_of_memory(error);
    claims->items[claims->count++] = (struct claim){target, is_log, entry};
    return WR_OK;
}

static enum wr_status claim_output(struct claims *claims, struct wr_entry *entry,
                                   struct wr_error *error)
{
    if (!entry->target) { // else it was found out before
        const enum wr_status status =
            claim(claims, entry, entry->settings.job.output, false, error);
        if (status)
            return status;
        entry->target = strdup(claims->items[claims->count - 1].path);
        return entry->target ? WR_OK : out_of_memory(error);
    }
    char *const target = strdup(entry->target);
    claims->items[claims->count] = (struct claim){target, false, entry};
    claims->count += target != NULL;
    return target ? WR_OK : out_of_memory(error);
}

static enum wr_status claim_log(struct claims *claims, const struct wr_entry *entry,
                                struct wr_error *error)
{
    const char *const prefix = entry->settings.job.pass_log;
    char *path = NULL;
    if (!entry->settings.job.pass)
        return WR_OK;
    if (asprintf(&path, "%s-0.log", prefix ? prefix : "ffmpeg2pass") < 0)
        return out_of_memory(error);
    const enum wr_status status = claim(claims, entry, path, true, error);
    free(path);
    return status;
}

// What the entry writes for later runs to compare with has its name from now on.
static enum wr_status settle(struct wr_entry *entry, struct wr_error *error)
{
    return entry->settings.expect_update ? wr_expect_settle(&entry->settings, entry->place, error)
                                         : WR_OK;
}

static enum wr_status claim_all(const struct wr_entries *entries, struct claims *claims,
                                struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < entries->count && !status; n++) {
        struct wr_entry *const entry = entries->items[n];
        if (entry->is_other)
            continue;
        status = settle(entry, error);
        if (!status && entry->settings.job.output)
            status = claim_output(claims, entry, error);
        if (!status)
            status = claim_log(claims, entry, error);
    }
    return status;
}

// The journal is in the output folder, and an output of that name anywhere would be taken for one.
static enum wr_status check_names(const struct claims *claims, struct wr_error *error)
{
    for (size_t n = 0; n < claims->count; n++) {
        const char *const slash = strrchr(claims->items[n].path, '/');
        if (slash && !strcmp(slash + 1, WR_JOURNAL_NAME))
            return wr_fail(
                error, WR_USAGE,
                "\"%s\" cannot become \"%s\": a run notes in a file of that name what it "
                "has made",
                claims->items[n].entry->input, claims->items[n].path);
    }
    return WR_OK;
}

static enum wr_status check_claims(const struct claims *claims, struct wr_error *error)
{
    for (size_t n = 1; n < claims->count; n++) {
        const struct claim *const one = &claims->items[n - 1], *const other = one + 1;
        if (strcmp(one->path, other->path))
            continue;
        const char *const name = other->entry->settings.job.output;
        return one->is_log || other->is_log
                   ? wr_fail(error, WR_USAGE,
                             "\"%s\" and \"%s\" would share \"%s\", the file between two passes: "
                             "each needs a --%s of its own",
                             one->entry->input, other->entry->input, other->path,
                             wr_option_name(job.pass_log))
                   : wr_fail(error, WR_USAGE, "\"%s\" and \"%s\" would both become \"%s\"",
                             one->entry->input, other->entry->input, name);
    }
    return WR_OK;
}

static enum wr_status check_outputs(const struct wr_entries *entries, struct wr_error *error)
{
    struct claims claims = {calloc(2 * (size_t)entries->count + 1, sizeof(struct claim)), 0};
    enum wr_status status =
        claims.items ? claim_all(entries, &claims, error) : out_of_memory(error);
    if (!status) {
        qsort(claims.items, claims.count, sizeof(struct claim), by_path);
        status = check_claims(&claims, error);
    }
    if (!status)
        status = check_names(&claims, error);
    for (size_t n = 0; n < claims.count; n++)
        free(claims.items[n].path);
    free(claims.items);
    return status;
}

// A file, however it is called.
struct identity {
    dev_t device;
    ino_t number;
    const struct wr_entry *entry;
};

static int by_identity(const void *a, const void *b)
{
    const struct identity *const one = a, *const other = b;
    if (one->device != other->device)
        return one->device < other->device ? -1 : 1;
    return one->number < other->number ? -1 : one->number > other->number;
}

static bool identify(const char *path, struct identity *identity)
{
    struct stat status;
    if (stat(path, &status) || !S_ISREG(status.st_mode))
        return false;
    identity->device = status.st_dev;
    identity->number = status.st_ino;
    return true;
}

static enum wr_status check_inputs(const struct wr_entries *entries, struct identity *inputs,
                                   struct wr_error *error)
{
    size_t known = 0;
    for (int n = 0; n < entries->count; n++) {
        inputs[known].entry = entries->items[n];
        known += identify(entries->items[n]->input, &inputs[known]);
    }
    qsort(inputs, known, sizeof(*inputs), by_identity);
    for (int n = 0; n < entries->count; n++) {
        struct identity output;
        const char *const path = entries->items[n]->settings.job.output;
        if (entries->items[n]->is_other || !path || !identify(path, &output))
            continue;
        const struct identity *const input =
            bsearch(&output, inputs, known, sizeof(*inputs), by_identity);
        if (input)
            return wr_fail(error, WR_USAGE, "the output \"%s\" would replace the input \"%s\"",
                           path, input->entry->input);
    }
    return WR_OK;
}

enum wr_status wr_entries_check(const struct wr_entries *entries, struct wr_error *error)
{
    struct identity *const inputs = calloc((size_t)entries->count + 1, sizeof(*inputs));
    enum wr_status status = inputs ? check_outputs(entries, error) : out_of_memory(error);
    if (!status)
        status = check_inputs(entries, inputs, error);
    free(inputs);
    return status;
}
