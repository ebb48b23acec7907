// SPDX-License-Identifier: MIT
// Folders are looked through again and again with --watch: the kernel says nothing of files that
// another machine writes to a shared disk.
#include "cli/many/gather.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/many/find.h"
#include "cli/many/list.h"
#include "cli/paths.h"

#define SETTLED 3 // seconds without a change after which a file is whole

struct wr_gather {
    const struct wr_settings *settings;
    struct wr_entries *entries;
    json_t *seen; // with --watch, by path: size and time of change, when first seen so, entry + 1
    int more;
};

enum wr_status wr_gather_open(struct wr_gather **gather, const struct wr_settings *settings,
                              struct wr_entries *entries, struct wr_error *error)
{
    struct wr_gather *const new = *gather = calloc(1, sizeof(*new));
    if (new)
        new->seen = json_object();
    if (!new || !new->seen) {
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
    return add_file(gather, found, error);
}

static void add_left_out(void *opaque, const char *path, enum wr_status status, const char *reason)
{
    struct wr_gather *const gather = opaque;
    struct wr_entry *entry;
    if (wr_entries_add(gather->entries, gather->settings, path, "", &entry, NULL))
        return; // short of memory, which what follows will say
    entry->is_other = true;
    entry->state = status ? WR_ENTRY_FAILED : WR_ENTRY_SKIPPED;
    snprintf(entry->sentence, sizeof(entry->sentence), "%s", reason);
}

static void pass_over(void *opaque, const char *path, enum wr_status status, const char *reason)
{
    (void)opaque, (void)path, (void)status, (void)reason; // said when it was found first
}

static enum wr_status watch_found(void *opaque, const struct wr_found *found,
                                  struct wr_error *error);

// How the folders of the command line are walked; again: not for the first time.
static struct wr_find_options find_options(struct wr_gather *gather, bool again)
{
    const struct wr_many_options *const many = &gather->settings->many;
    return (struct wr_find_options){
        .recursive = many->recursive,
        .include = many->include,
        .exclude = many->exclude,
        .opaque = gather,
        .file = many->watch ? watch_found : add_found,
        .left_out = again ? pass_over : add_left_out,
    };
}

// An output folder inside a folder that is gone through would be an input of the next run.
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

static enum wr_status walk(struct wr_gather *gather, const char *folder, bool again,
                           struct wr_error *error)
{
    const struct wr_find_options options = find_options(gather, again);
    const enum wr_status status = check_folder(folder, gather->settings, error);
    return status ? status : wr_find(folder, &options, error);
}

enum wr_status wr_gather_first(struct wr_gather *gather, struct wr_error *error)
{
    const struct wr_settings *const settings = gather->settings;
    enum wr_status status = WR_OK;
    for (const char *const *input = settings->many.inputs; *input && !status; input++)
        status = wr_path_is_folder(*input)
                     ? walk(gather, *input, false, error)
                     : wr_entries_add(gather->entries, settings, *input, "", NULL, error);
    if (!status && settings->many.list)
        status = wr_list_read(gather->entries, settings, error);
    return status ? status : wr_entries_check(gather->entries, error);
}

// ---- files that arrive

// Adds a file that is whole, or has its entry wait again. A file whose output is another's fails
// alone.
static enum wr_status take_arrival(struct wr_gather *gather, const struct wr_found *found,
                                   json_int_t *number, struct wr_error *error)
{
    struct wr_entries *const entries = gather->entries;
    if (*number) {
        struct wr_entry *const entry = entries->items[*number - 1];
        if (entry->state == WR_ENTRY_RUNNING)
            return WR_OK; // later
        entry->state = WR_ENTRY_WAITING;
        entry->settings.job.overwrite = true;
        gather->more++;
        return WR_OK;
    }
    const enum wr_status status = add_file(gather, found, error);
    if (status)
        return status;
    *number = entries->count;
    struct wr_entry *const entry = entries->items[entries->count - 1];
    struct wr_error wrong;
    if (wr_entries_check(entries, &wrong)) {
        entry->is_other = true; // its output is not its own
        entry->state = WR_ENTRY_FAILED;
        snprintf(entry->sentence, sizeof(entry->sentence), "%s", wrong.text);
    }
    gather->more++;
    return WR_OK;
}

static enum wr_status watch_found(void *opaque, const struct wr_found *found,
                                  struct wr_error *error)
{
    struct wr_gather *const gather = opaque;
    struct stat now;
    if (stat(found->path, &now))
        return WR_OK; // gone already
    const json_int_t size = now.st_size,
                     changed = now.st_mtim.tv_nsec + now.st_mtim.tv_sec * 1000000000;
    json_int_t old_size = -1, old_changed = 0, since = 0, number = 0, taken = 0;
    json_t *const before = json_object_get(gather->seen, found->path);
    if (before)
        json_unpack(before, "[I, I, I, I, I]", &old_size, &old_changed, &since, &number, &taken);
    const json_int_t clock = time(NULL);
    if (size != old_size || changed != old_changed) {
        since = clock;
        taken = 0;
    }
    if (!taken && clock - since >= SETTLED) {
        const int more = gather->more;
        const enum wr_status status = take_arrival(gather, found, &number, error);
        if (status)
            return status;
        taken = gather->more > more;
    }
    json_t *const after = json_pack("[I, I, I, I, I]", size, changed, since, number, taken);
    return json_object_set_new_nocheck(gather->seen, found->path, after)
               ? wr_fail(error, WR_FAILED, "out of memory")
               : WR_OK;
}

enum wr_status wr_gather_again(struct wr_gather *gather, int *more, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    gather->more = 0;
    for (const char *const *input = gather->settings->many.inputs; *input && !status; input++)
        if (wr_path_is_folder(*input))
            status = walk(gather, *input, true, error);
    *more = gather->more;
    return status;
}
