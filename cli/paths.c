// SPDX-License-Identifier: MIT
// Checks the names of all files before anything is opened, so that no run is wasted.
#include "cli/paths.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct name {
    const char *what, *path; // path NULL for none
};

// True if both are to be made under one name in one folder.
static bool same_name(const char *a, const char *b)
{
    char names[4][PATH_MAX]; // dirname() and basename() write into what they are given
    for (int i = 0; i < 4; i++)
        snprintf(names[i], PATH_MAX, "%s", i < 2 ? a : b);
    struct stat one, other;
    return !strcmp(basename(names[0]), basename(names[2])) && !stat(dirname(names[1]), &one) &&
           !stat(dirname(names[3]), &other) && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

// True if both paths lead to one file, or would if it existed. Devices may be shared.
static bool same_file(const char *a, const char *b)
{
    struct stat one, other;
    const bool have_one = !stat(a, &one), have_other = !stat(b, &other);
    if (!have_one && !have_other)
        return same_name(a, b);
    return have_one && have_other && S_ISREG(one.st_mode) && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

// Input and output may have libavformat's prefix for files.
static bool is_taken(const char *path, const char *by)
{
    static const char prefix[] = "file:";
    const size_t length = strlen(prefix);
    return same_file(path, by) || (!strncmp(by, prefix, length) && same_file(path, by + length));
}

static bool is_file(const struct name *name)
{
    return name->path && strcmp(name->path, "-");
}

bool wr_path_is_folder(const char *path)
{
    struct stat status;
    return path && !stat(path, &status) && S_ISDIR(status.st_mode);
}

bool wr_path_is_replaced(const char *path)
{
    struct stat status;
    return lstat(path, &status) || S_ISREG(status.st_mode);
}

// The errno that writing to the path would end with, 0 if none is expected.
static int obstacle(const char *path)
{
    if (wr_path_is_folder(path))
        return EISDIR;
    char folder[PATH_MAX];
    snprintf(folder, sizeof(folder), "%s", path);
    return access(wr_path_is_replaced(path) ? dirname(folder) : path, W_OK) ? errno : 0;
}

// Refuses a name that is the same file as one of those before it, or as a further input.
static enum wr_status check(const struct name *name, const struct name *first,
                            const char *const *inputs, struct wr_error *error)
{
    for (const struct name *other = first; other < name; other++)
        if (is_file(other) && is_taken(name->path, other->path))
            return wr_fail(error, WR_USAGE, "the %s \"%s\" would replace the %s", name->what,
                           name->path, other->what);
    for (const char *const *input = inputs; input && *input; input++)
        if (strcmp(*input, "-") && is_taken(name->path, *input))
            return wr_fail(error, WR_USAGE, "the %s \"%s\" would replace an input", name->what,
                           name->path);
    const int cause = obstacle(name->path);
    return cause ? wr_fail(error, WR_FAILED, "cannot write the %s \"%s\": %s", name->what,
                           name->path, strerror(cause))
                 : WR_OK;
}

// The files of one run: what it reads, its output, and what else it writes.
enum { INPUT, OUTPUT, BESIDES, NAMES = 6 };

static void list_names(struct name names[NAMES], const struct wr_settings *settings)
{
    const struct name all[NAMES] = {
        {"input", settings->job.input}, {"output", settings->job.output},
        {"trace", settings->job.trace}, {"memory plot", settings->memory_plot},
        {"report", settings->report},   {"JUnit file", settings->junit}};
    memcpy(names, all, sizeof(all));
}

enum wr_status wr_paths_check(const struct wr_settings *settings, struct wr_error *error)
{
    struct name names[NAMES];
    list_names(names, settings);
    enum wr_status status = WR_OK;
    for (int n = BESIDES; n < NAMES && !status; n++)
        if (is_file(&names[n]))
            status = check(&names[n], names, settings->job.inputs, error);
    return status;
}

// Refuses what a run would write where an earlier one has written.
static enum wr_status check_pair(const struct wr_settings *earlier, const struct wr_settings *later,
                                 struct wr_error *error)
{
    struct name before[NAMES], names[NAMES];
    list_names(before, earlier);
    list_names(names, later);
    for (int n = OUTPUT; n < NAMES; n++)
        for (int k = OUTPUT; k < NAMES && is_file(&names[n]); k++)
            if (is_file(&before[k]) && is_taken(names[n].path, before[k].path))
                return wr_fail(error, WR_USAGE,
                               "the %s \"%s\" of one output would replace the %s of another: each "
                               "needs a name of its own",
                               names[n].what, names[n].path, before[k].what);
    return WR_OK;
}

static enum wr_status check_existing(const struct wr_settings *settings, struct wr_error *error)
{
    const char *const output = settings->job.output;
    struct stat status;
    return output && !settings->job.overwrite && !stat(output, &status) && S_ISREG(status.st_mode)
               ? wr_fail(error, WR_FAILED, "%s exists already; --overwrite replaces it", output)
               : WR_OK;
}

enum wr_status wr_paths_check_runs(const struct wr_settings *settings, int count,
                                   struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < count && count > 1 && !status; n++) {
        status = wr_paths_check(&settings[n], error);
        for (int k = 0; k < n && !status; k++)
            status = check_pair(&settings[k], &settings[n], error);
        if (!status)
            status = check_existing(&settings[n], error);
    }
    return status;
}
