// SPDX-License-Identifier: MIT
// Checks the names of all files before anything is opened, so that no run is wasted.
#include "cli/paths.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/progress_file.h"

struct name {
    const char *what, *path; // path NULL for none
};

// True if both are to be made under one name in one folder, which may be yet to be made, too.
static bool same_name(const char *a, const char *b)
{
    char names[4][PATH_MAX]; // dirname() and basename() write into what they are given
    for (int i = 0; i < 4; i++)
        snprintf(names[i], PATH_MAX, "%s", i < 2 ? a : b);
    if (strcmp(basename(names[0]), basename(names[2])) != 0)
        return false;
    struct stat one, other;
    const char *const folder = dirname(names[1]), *const other_folder = dirname(names[3]);
    const bool have_one = !stat(folder, &one), have_other = !stat(other_folder, &other);
    return have_one && have_other ? one.st_dev == other.st_dev && one.st_ino == other.st_ino
                                  : !have_one && !have_other && !strcmp(folder, other_folder);
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

bool wr_path_means_folder(const char *path)
{
    const size_t length = path ? strlen(path) : 0;
    const bool ends_so = length && path[length - 1] == '/' && !strstr(path, "://");
    return ends_so || wr_path_is_folder(path);
}

// Appends one part of a path, of so many bytes; ".." takes the last one away. False where it is
// too long.
static bool append_part(char *path, const char *part, size_t length)
{
    const size_t used = strlen(path);
    if (length == 2 && !strncmp(part, "..", length)) {
        char *const slash = strrchr(path, '/');
        *(slash == path ? slash + 1 : slash) = '\0';
        return true;
    }
    if (!length || (length == 1 && *part == '.'))
        return true;
    const char *const slash = path[used - 1] == '/' ? "" : "/";
    return snprintf(path + used, PATH_MAX - used, "%s%.*s", slash, (int)length, part) <
           (int)(PATH_MAX - used);
}

bool wr_path_resolve(const char *path, char *resolved)
{
    char existing[PATH_MAX];
    if (snprintf(existing, sizeof(existing), "%s", path) >= (int)sizeof(existing))
        return false;
    size_t length = strlen(existing); // of what is there
    while (!realpath(length ? existing : ".", resolved)) {
        if (!length)
            return false;
        while (length && existing[length - 1] == '/')
            length--;
        while (length && existing[length - 1] != '/')
            length--;
        if (!length && *path == '/')
            return false;
        existing[length] = '\0';
    }
    for (const char *part = path + length; *part; part += strspn(part, "/")) {
        const size_t size = strcspn(part, "/");
        if (!append_part(resolved, part, size))
            return false;
        part += size;
    }
    return true;
}

bool wr_path_is_standard(const char *path)
{
    return !strcmp(path, "-") || !strncmp(path, "pipe:", 5);
}

bool wr_path_is_stream(const char *path)
{
    struct stat status;
    return wr_path_is_standard(path) || strstr(path, "://") ||
           (!stat(path, &status) && !S_ISREG(status.st_mode));
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

// Refuses a name that is the same file as one of a list, which may be NULL.
static enum wr_status check_list(const struct name *name, const char *kind,
                                 const char *const *taken, struct wr_error *error)
{
    for (; taken && *taken; taken++)
        if (strcmp(*taken, "-") && is_taken(name->path, *taken))
            return wr_fail(error, WR_USAGE, "the %s \"%s\" would replace %s", name->what,
                           name->path, kind);
    return WR_OK;
}

// A name, and whether the chain names the same file: a table, a model, a picture.
struct named {
    const char *path;
    bool is_read;
};

static void compare_named(void *opaque, const char *path)
{
    struct named *const named = opaque;
    named->is_read |= is_taken(named->path, path);
}

static enum wr_status check_chain(const struct name *name, const char *chain,
                                  struct wr_error *error)
{
    struct named named = {name->path, false};
    wr_chain_each_file(chain, compare_named, &named);
    return named.is_read
               ? wr_fail(error, WR_USAGE, "the %s \"%s\" would replace a file that the chain reads",
                         name->what, name->path)
               : WR_OK;
}

// Refuses a name that is the same file as one of those before it, as a further input, as a part or
// as what the chain reads.
static enum wr_status check(const struct name *name, const struct name *first,
                            const struct wr_settings *settings, struct wr_error *error)
{
    for (const struct name *other = first; other < name; other++)
        if (is_file(other) && is_taken(name->path, other->path))
            return wr_fail(error, WR_USAGE, "the %s \"%s\" would replace the %s", name->what,
                           name->path, other->what);
    enum wr_status status = check_list(name, "an input", settings->job.inputs, error);
    if (!status)
        status = check_list(name, "an input", settings->job.joined, error);
    if (!status)
        status = check_chain(name, settings->job.chain, error);
    if (status)
        return status;
    const int cause = obstacle(name->path);
    return cause ? wr_fail(error, WR_FAILED, "cannot write the %s \"%s\": %s", name->what,
                           name->path, strerror(cause))
                 : WR_OK;
}

// The files of one run: what it reads, its output, and what else it writes.
enum { INPUT, EXPECTED, OUTPUT, BESIDES, PROGRESS = 7, NAMES };

static void list_names(struct name names[NAMES], const struct wr_settings *settings)
{
    const struct name all[NAMES] = {
        {"input", settings->job.input},
        {"expected file", settings->job.expect},
        {"output", settings->job.output},
        {"trace", settings->job.trace},
        {"memory plot", settings->memory_plot},
        {"report", settings->report},
        {"JUnit file", settings->junit},
        {"progress", wr_progress_file_path(settings->progress_to)},
    };
    memcpy(names, all, sizeof(all));
}

enum wr_status wr_paths_check(const struct wr_settings *settings, struct wr_error *error)
{
    struct name names[NAMES];
    list_names(names, settings);
    enum wr_status status = WR_OK;
    for (int n = BESIDES; n < NAMES && !status; n++)
        if (is_file(&names[n]))
            status = check(&names[n], names, settings, error);
    return status;
}

enum wr_status wr_paths_check_taken(const struct wr_settings *settings, const char *kind,
                                    const char *const *taken, struct wr_error *error)
{
    struct name names[NAMES];
    list_names(names, settings);
    enum wr_status status = WR_OK;
    for (int n = BESIDES; n < NAMES && !status; n++)
        if (is_file(&names[n]))
            status = check_list(&names[n], kind, taken, error);
    return status;
}

// Refuses what a run would write where an earlier one has written. As in ffmpeg, one file may tell
// of the progress of both.
static enum wr_status check_pair(const struct wr_settings *earlier, const struct wr_settings *later,
                                 struct wr_error *error)
{
    struct name before[NAMES], names[NAMES];
    list_names(before, earlier);
    list_names(names, later);
    for (int n = OUTPUT; n < NAMES; n++)
        for (int k = OUTPUT; k < NAMES && is_file(&names[n]); k++)
            if (is_file(&before[k]) && !(n == PROGRESS && k == PROGRESS) &&
                is_taken(names[n].path, before[k].path))
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
