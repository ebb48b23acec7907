// SPDX-License-Identifier: MIT
// Keeps the list of what is to be done, names outputs, and finds those that collide.
#include "cli/many/entries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/many/names.h"

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
    const char *const slash = strrchr(input, '/');
    entry->place = wr_name_join(folder, slash ? slash + 1 : input);
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

static int by_output(const void *a, const void *b)
{
    const struct wr_entry *const one = *(struct wr_entry *const *)a;
    const struct wr_entry *const other = *(struct wr_entry *const *)b;
    return strcmp(one->output, other->output);
}

// Puts the entries that are to be made into order; returns how many they are.
static int sort(const struct wr_entries *entries, struct wr_entry **sorted)
{
    int count = 0;
    for (int n = 0; n < entries->count; n++)
        if (!entries->items[n]->is_other && entries->items[n]->output)
            sorted[count++] = entries->items[n];
    qsort(sorted, (size_t)count, sizeof(struct wr_entry *), by_output);
    return count;
}

static enum wr_status check_outputs(struct wr_entry **sorted, int count, struct wr_error *error)
{
    for (int n = 1; n < count; n++)
        if (!strcmp(sorted[n - 1]->output, sorted[n]->output))
            return wr_fail(error, WR_USAGE, "\"%s\" and \"%s\" would both become \"%s\"",
                           sorted[n - 1]->input, sorted[n]->input, sorted[n]->output);
    return WR_OK;
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
        if (entries->items[n]->is_other || !entries->items[n]->output ||
            !identify(entries->items[n]->output, &output))
            continue;
        const struct identity *const input =
            bsearch(&output, inputs, known, sizeof(*inputs), by_identity);
        if (input)
            return wr_fail(error, WR_USAGE, "the output \"%s\" would replace the input \"%s\"",
                           entries->items[n]->output, input->entry->input);
    }
    return WR_OK;
}

enum wr_status wr_entries_check(const struct wr_entries *entries, struct wr_error *error)
{
    const size_t count = (size_t)entries->count;
    struct wr_entry **const sorted = calloc(count + 1, sizeof(struct wr_entry *));
    struct identity *const inputs = calloc(count + 1, sizeof(*inputs));
    enum wr_status status = sorted && inputs ? WR_OK : out_of_memory(error);
    if (!status)
        status = check_outputs(sorted, sort(entries, sorted), error);
    if (!status)
        status = check_inputs(entries, inputs, error);
    free(sorted);
    free(inputs);
    return status;
}
