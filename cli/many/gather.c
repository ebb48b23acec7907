// SPDX-License-Identifier: MIT
// Folders are looked through again and again with --watch: the kernel says nothing of files that
// another machine writes to a shared disk.
#include "cli/many/gather.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/clock.h"
#include "cli/expect.h"
#include "cli/many/find.h"
#include "cli/many/list.h"
#include "cli/paths.h"

#define SETTLED 3 // seconds without a change after which a file is whole

struct wr_gather {
    const struct wr_settings *settings;
    struct wr_entries *entries;
    json_t *seen; // with --watch, by path: size and time of change, when first seen so, entry + 1
    json_t *left_out; // by path: entry, and the number of the last look that left it out
    json_t *folders;  // of the command line, by path
    int looks;
};

enum wr_status wr_gather_open(struct wr_gather **gather, const struct wr_settings *settings,
                              struct wr_entries *entries, struct wr_error *error)
{
    struct wr_gather *const new = *gather = calloc(1, sizeof(*new));
    if (new) {
        new->seen = json_object();
        new->left_out = json_object();
        new->folders = json_object();
    }
    if (!new || !new->seen || !new->left_out || !new->folders) {
        wr_gather_close(gather);
        return wr_fail(error, WR_FAILED, "out of memory");
    }
    new->settings = settings;
    new->entries = entries;
    return WR_OK;
}

void wr_gather_close(struct wr_gather **gather)
{
    if (!*gather)
        return;
    json_decref((*gather)->seen);
    json_decref((*gather)->left_out);
    json_decref((*gather)->folders);
    free(*gather);
    *gather = NULL;
}

// ---- folders

static enum wr_status add_file(struct wr_gather *gather, const struct wr_found *found,
                               struct wr_error *error)
{
    struct wr_entry *entry;
    const enum wr_status status = wr_entries_add(gather->entries, gather->settings, found->path,
                                                 found->folder, &entry, error);
    if (!status)
        entry->is_other = !wr_may_be_video(found->path);
    return status;
}

static enum wr_status add_found(void *gather, const struct wr_found *found, struct wr_error *error)
{
    const struct wr_settings *const settings = ((struct wr_gather *)gather)->settings;
    return wr_expect_is_beside(settings, found->path) ? WR_OK : add_file(gather, found, error);
}

// Notes a file that is left out: the first look at it adds an entry, later ones bring its state up
// to date.
static void add_left_out(void *opaque, const char *path, enum wr_status status, const char *reason)
{
    struct wr_gather *const gather = opaque;
    struct wr_entries *const entries = gather->entries;
    struct wr_entry *entry;
    json_int_t number = entries->count, look;
    json_t *const known = json_object_get(gather->left_out, path);
    if (known && !json_unpack(known, "[I, I]", &number, &look))
        entry = entries->items[number];
    else if (wr_entries_add(entries, gather->settings, path, "", &entry, NULL))
        return; // memory is short: what follows will fail, and say so
    entry->is_other = true;
    entry->state = status ? WR_ENTRY_FAILED : WR_ENTRY_SKIPPED;
    snprintf(entry->sentence, sizeof(entry->sentence), "%s", reason);
    json_object_set_new_nocheck(gather->left_out, path, json_pack("[I, i]", number, gather->looks));
}

// A file or folder that could not be read in an earlier look, and now can, no longer counts as
// failed.
static void forgive(const struct wr_gather *gather)
{
    const char *path;
    json_t *known;
    json_object_foreach(gather->left_out, path, known)
    {
        json_int_t number, look;
        if (json_unpack(known, "[I, I]", &number, &look) || look == gather->looks)
            continue;
        struct wr_entry *const entry = gather->entries->items[number];
        if (entry->state == WR_ENTRY_FAILED)
            snprintf(entry->sentence, sizeof(entry->sentence), "it could not be read for a while");
        entry->state = WR_ENTRY_SKIPPED;
    }
}

static enum wr_status watch_found(void *opaque, const struct wr_found *found,
                                  struct wr_error *error);

// How the folders of the command line are walked.
static struct wr_find_options find_options(struct wr_gather *gather)
{
    const struct wr_many_options *const many = &gather->settings->many;
    return (struct wr_find_options){
        .recursive = many->recursive,
        .passes_hidden = many->watch, // many programs write a file under a hidden name at first
        .include = many->include,
        .exclude = many->exclude,
        .may_be_away = gather->looks > 0, // it may be there again at the next look
        .opaque = gather,
        .file = many->watch ? watch_found : add_found,
        .left_out = add_left_out,
    };
}

// Refuses an output folder inside an input folder: the next run would take its files as inputs.
static enum wr_status check_folder(const char *folder, const struct wr_settings *settings,
                                   struct wr_error *error)
{
    char input[PATH_MAX], output[PATH_MAX];
    if (!settings->many.recursive || !settings->job.output || !realpath(folder, input) ||
        !wr_path_resolve(settings->job.output, output))
        return WR_OK;
    const size_t length = strlen(input);
    const bool inside = !strncmp(output, input, length) &&
                        (output[length] == '/' || !output[length] || !strcmp(input, "/"));
    return inside ? wr_fail(error, WR_USAGE,
                            "the output folder \"%s\" lies inside the input folder \"%s\"",
                            settings->job.output, folder)
                  : WR_OK;
}

static enum wr_status walk(struct wr_gather *gather, const char *folder, struct wr_error *error)
{
    const struct wr_find_options options = find_options(gather);
    const enum wr_status status = check_folder(folder, gather->settings, error);
    json_object_set_new_nocheck(gather->folders, folder, json_true());
    return status ? status : wr_find(folder, &options, error);
}

// Refuses an output that the next run, or look, would find as an input.
static enum wr_status check_next_look(struct wr_gather *gather, const struct wr_entry *entry,
                                      struct wr_error *error)
{
    const struct wr_find_options options = find_options(gather);
    const char *folder;
    json_t *unused;
    if (entry->is_other || !entry->output || !entry->target)
        return WR_OK;
    json_object_foreach(gather->folders, folder, unused)
    {
        char root[PATH_MAX];
        const size_t length = realpath(folder, root) ? strlen(root) : 0;
        if (!length || strncmp(entry->target, root, length) || entry->target[length] != '/')
            continue;
        const char *const below = entry->target + length + 1;
        if ((options.recursive || !strchr(below, '/')) && wr_find_wants(&options, below))
            return wr_fail(error, WR_USAGE,
                           "the output \"%s\" lies in the input folder \"%s\", where the next run "
                           "would find it as an input: write to another folder, or leave it out "
                           "with --exclude",
                           entry->output, folder);
    }
    return WR_OK;
}

enum wr_status wr_gather_first(struct wr_gather *gather, struct wr_error *error)
{
    const struct wr_settings *const settings = gather->settings;
    struct wr_entries *const entries = gather->entries;
    enum wr_status status = WR_OK;
    for (const char *const *input = settings->many.inputs; *input && !status; input++)
        status = wr_path_means_folder(*input)
                     ? walk(gather, *input, error)
                     : wr_entries_add(entries, settings, *input, "", NULL, error);
    if (!status && settings->many.list)
        status = wr_list_read(entries, settings, error);
    if (!status)
        status = wr_entries_check(entries, error);
    for (int n = 0; n < entries->count && !status; n++)
        status = check_next_look(gather, entries->items[n], error);
    return status;
}

// ---- files that arrive

// Has the entry of a file that has changed wait again.
static struct wr_entry *renew(struct wr_entry *entry)
{
    if (entry->state == WR_ENTRY_RUNNING)
        return NULL; // later
    entry->state = WR_ENTRY_WAITING;
    entry->is_other = !wr_may_be_video(entry->input);
    entry->settings.job.overwrite = true;
    return entry;
}

// Adds a file that is whole, or has its entry wait again, unless that is still running. Where its
// output has the name of another file's output, only this file fails.
static enum wr_status take_arrival(struct wr_gather *gather, const struct wr_found *found,
                                   json_int_t *number, bool *is_taken, struct wr_error *error)
{
    struct wr_entries *const entries = gather->entries;
    const enum wr_status status = *number ? WR_OK : add_file(gather, found, error);
    if (status)
        return status;
    struct wr_entry *const entry =
        *number ? renew(entries->items[*number - 1]) : entries->items[entries->count - 1];
    if (!entry)
        return WR_OK;
    *number = *number ? *number : entries->count;
    struct wr_error wrong;
    if (wr_entries_check(entries, &wrong) || check_next_look(gather, entry, &wrong)) {
        entry->is_other = true; // the name of its output is taken
        entry->state = WR_ENTRY_FAILED;
        snprintf(entry->sentence, sizeof(entry->sentence), "%s", wrong.text);
    }
    *is_taken = true;
    return WR_OK;
}

static enum wr_status watch_found(void *opaque, const struct wr_found *found,
                                  struct wr_error *error)
{
    struct wr_gather *const gather = opaque;
    struct stat now;
    if (wr_expect_is_beside(gather->settings, found->path))
        return WR_OK;
    if (stat(found->path, &now) && lstat(found->path, &now))
        return WR_OK; // gone already; a link to nothing is there, and fails once it has settled
    const json_int_t size = now.st_size,
                     changed = now.st_mtim.tv_nsec + now.st_mtim.tv_sec * 1000000000;
    json_int_t old_size = -1, old_changed = 0, number = 0;
    int was_taken = 0;
    double since = 0;
    json_t *const before = json_object_get(gather->seen, found->path);
    if (before)
        json_unpack(before, "[I, I, f, I, b]", &old_size, &old_changed, &since, &number,
                    &was_taken);
    bool is_taken = was_taken;
    const double clock = wr_clock();
    if (size != old_size || changed != old_changed) {
        since = clock;
        is_taken = false;
    }
    if (!is_taken && clock - since >= SETTLED) {
        const enum wr_status status = take_arrival(gather, found, &number, &is_taken, error);
        if (status)
            return status;
    }
    json_t *const after = json_pack("[I, I, f, I, b]", size, changed, since, number, is_taken);
    return json_object_set_new_nocheck(gather->seen, found->path, after)
               ? wr_fail(error, WR_FAILED, "out of memory")
               : WR_OK;
}

enum wr_status wr_gather_again(struct wr_gather *gather, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    gather->looks++;
    for (const char *const *input = gather->settings->many.inputs; *input && !status; input++)
        if (json_object_get(gather->folders, *input))
            status = walk(gather, *input, error);
    forgive(gather);
    return status;
}
