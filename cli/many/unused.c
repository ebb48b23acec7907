// SPDX-License-Identifier: MIT
// Goes through the expected files, and leaves out what an input is compared with.
#include "cli/many/unused.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/expect.h"
#include "cli/many/find.h"
#include "cli/paths.h"

struct unused {
    struct wr_entries *entries;
    const struct wr_settings *settings;
    json_t *used; // by paths without links: -1, or the number of the entry that is no video
};

static void use(json_t *used, const char *path, int number)
{
    char resolved[PATH_MAX];
    if (path && wr_path_resolve(path, resolved))
        json_object_set_new_nocheck(used, resolved, json_integer(number));
}

static enum wr_status take(void *opaque, const struct wr_found *found, struct wr_error *error)
{
    const struct unused *const unused = opaque;
    char resolved[PATH_MAX];
    if (!wr_expect_is_name(found->path) || !wr_path_resolve(found->path, resolved))
        return WR_OK;
    const json_t *const known = json_object_get(unused->used, resolved);
    const int number = known ? (int)json_integer_value(known) : unused->entries->count;
    if (number < 0)
        return WR_OK;
    const enum wr_status status = known ? WR_OK
                                        : wr_entries_add(unused->entries, unused->settings,
                                                         found->path, found->folder, NULL, error);
    if (status)
        return status;
    struct wr_entry *const entry = unused->entries->items[number];
    entry->is_other = true;
    entry->state = WR_ENTRY_DIFFERS;
    snprintf(entry->sentence, sizeof(entry->sentence),
             "no input is compared with it: one is gone from the folder, or this is to go, too");
    return WR_OK;
}

static void pass_over(void *opaque, const char *path, enum wr_status status, const char *reason)
{
    (void)opaque, (void)path, (void)status, (void)reason; // only files are compared with inputs
}

// Whether the inputs are folders with all their files.
static bool are_all(const struct wr_many_options *many)
{
    bool all = !many->list && !many->include && !many->exclude && !many->watch;
    for (const char *const *input = many->inputs; *input; input++)
        all &= wr_path_is_folder(*input);
    return all;
}

enum wr_status wr_unused_add(struct wr_entries *entries, const struct wr_settings *settings,
                             struct wr_error *error)
{
    const char *const folder = settings->job.expect;
    if (!folder || settings->expect_update || !are_all(&settings->many))
        return WR_OK;
    struct unused unused = {entries, settings, json_object()};
    const struct wr_find_options options = {.recursive = settings->many.recursive,
                                            .opaque = &unused,
                                            .file = take,
                                            .left_out = pass_over};
    for (int n = 0; n < entries->count; n++)
        use(unused.used, entries->items[n]->input, entries->items[n]->is_other ? n : -1);
    for (int n = 0; n < entries->count; n++) {
        struct wr_entry *const entry = entries->items[n];
        // An input without anything to be compared with is told of when it runs.
        if (!entry->is_other && !wr_expect_settle(&entry->settings, entry->place, NULL))
            use(unused.used, entry->settings.job.expect, -1);
    }
    const enum wr_status status = wr_find(folder, &options, error);
    json_decref(unused.used);
    return status;
}
