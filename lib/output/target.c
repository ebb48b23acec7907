// SPDX-License-Identifier: MIT
// Keeps the output in a hidden folder beside its name until it is whole.
//
// Some muxers write one file. Others write a playlist and hundreds of files, which name each other.
// All files are written under their final names into the hidden folder, so that one rule holds for
// every muxer: nothing is seen before it is whole, and nothing stays when a run fails.
#include "lib/output/target.h"

#include <dirent.h>
#include <errno.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/error.h"
#include "lib/media/sequence.h"
#include "lib/output/hidden_folder.h"
#include "lib/output/rename_set.h"

enum { MOST_LINKS = 40 };

// The folder of path, to be freed with av_free; NULL when out of memory.
static char *folder_of(const char *path)
{
    const int length = wr_folder_length(path);
    return length ? av_asprintf("%.*s", length, path) : av_strdup(".");
}

// ---- what stands there already

static enum wr_status refuse_existing(const char *path, struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "%s exists already; --overwrite replaces it", path);
}

static bool is_input(const struct stat *output, const char *input)
{
    struct stat status;
    av_strstart(input, "file:", &input);
    return !stat(input, &status) && status.st_dev == output->st_dev &&
           status.st_ino == output->st_ino;
}

static enum wr_status check_existing(const struct wr_target *target, const struct stat *status,
                                     const char *input, struct wr_error *error)
{
    if (S_ISDIR(status->st_mode))
        return wr_fail(error, WR_FAILED, "cannot write %s: it is a directory", target->name);
    if (is_input(status, input))
        return wr_fail(error, WR_FAILED, "input and output are the same file: %s", target->name);
    return S_ISREG(status->st_mode) && !target->overwrite ? refuse_existing(target->name, error)
                                                          : WR_OK;
}

// Refuses any picture of a numbered sequence that stands there already.
static enum wr_status check_sequence(const char *pattern, struct wr_error *error)
{
    char *folder = folder_of(pattern);
    DIR *entries = folder ? opendir(folder) : NULL;
    av_free(folder);
    enum wr_status status = WR_OK;
    const struct dirent *entry;
    int number;
    while (entries && !status && (entry = readdir(entries))) {
        char path[PATH_MAX];
        if (!wr_sequence_has(wr_base_name(pattern), entry->d_name, &number))
            continue;
        snprintf(path, sizeof path, "%.*s%s", wr_folder_length(pattern), pattern, entry->d_name);
        status = refuse_existing(path, error);
    }
    if (entries)
        closedir(entries);
    return status;
}

// ---- opening

// Follows links to the file that path means, which need not exist; to be freed with av_free. NULL
// and errno on failure.
static char *follow_links(const char *path)
{
    char *name = av_strdup(path);
    for (int n = 0; name && n < MOST_LINKS; n++) {
        char link[PATH_MAX];
        const ssize_t length = readlink(name, link, sizeof link);
        if (length < 0)
            return name; // no link, or nothing
        char *next = link[0] == '/'
                         ? av_asprintf("%.*s", (int)length, link)
                         : av_asprintf("%.*s%.*s", wr_folder_length(name), name, (int)length, link);
        av_free(name);
        name = next;
    }
    av_free(name);
    errno = ELOOP;
    return NULL;
}

static enum wr_status open_path(struct wr_target *target, const char *input, struct wr_error *error)
{
    const char *name = target->name;
    av_strstart(name, "file:", &name);
    struct stat status;
    const bool exists = !stat(name, &status);
    const enum wr_status refused = exists ? check_existing(target, &status, input, error) : WR_OK;
    if (refused)
        return refused;
    if (exists && !S_ISREG(status.st_mode)) {
        target->is_stream = true;
        target->url = av_asprintf("file:%s", name);
        return WR_OK;
    }
    // A link that leads to nothing is not replaced either.
    if (!exists && !target->overwrite && !lstat(name, &status))
        return refuse_existing(target->name, error);
    target->final = follow_links(name);
    char *folder = target->final ? folder_of(target->final) : NULL;
    const int cause = folder && !access(folder, W_OK | X_OK) ? 0 : errno;
    av_free(folder);
    if (cause)
        return wr_fail(error, WR_FAILED, "cannot write %s: %s", target->name, strerror(cause));
    const bool check = target->kind == WR_TARGET_NAMES && !target->overwrite;
    return check ? check_sequence(target->final, error) : WR_OK;
}

enum wr_status wr_target_open(struct wr_target *target, const struct wr_writer_options *options,
                              enum wr_target_kind kind, const char *input, struct wr_error *error)
{
    const char *name = options->output;
    const bool standard = !strcmp(name, "-");
    *target =
        (struct wr_target){.name = name, .kind = kind, .lock = -1, .overwrite = options->overwrite};
    if (kind != WR_TARGET_NOTHING && !standard && !strstr(name, "://"))
        return open_path(target, input, error);
    target->is_stream = kind != WR_TARGET_NOTHING;
    target->url = av_strdup(standard && target->is_stream ? "pipe:1" : name);
    return WR_OK;
}

enum wr_status wr_target_refuse_pictures(const char *name, struct wr_error *error)
{
    const char *suffix = strrchr(wr_base_name(name), '.');
    const int length = (int)(suffix ? suffix - name : (ptrdiff_t)strlen(name));
    return wr_fail(error, WR_FAILED,
                   "%s holds one picture, and there are more: add --frames 1, or name the output "
                   "%.*s%%04d%s to number them",
                   name, length, name, suffix ? suffix : "");
}

enum wr_status wr_target_begin(struct wr_target *target, struct wr_error *error)
{
    if (target->final) {
        wr_hidden_folders_sweep(target->final);
        target->folder = wr_hidden_folder_make(target->final, &target->lock);
        if (!target->folder)
            return wr_fail(error, WR_FAILED, "cannot write %s: %s", target->name, strerror(errno));
        // Muxers that make their files themselves do not know the prefix "file:".
        target->url = av_asprintf("%s%s/%s", target->kind == WR_TARGET_FILE ? "file:" : "",
                                  target->folder, wr_base_name(target->final));
    }
    return target->url ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

// ---- finishing

enum wr_status wr_target_check(const struct wr_target *target, struct wr_error *error)
{
    struct wr_rename *renames;
    struct stat existing;
    if (!target->folder || target->overwrite)
        return WR_OK;
    const int count = wr_renames_list(target->folder, target->final, &renames);
    if (count < 0)
        return wr_fail(error, WR_FAILED, "cannot write %s: %s", target->name, strerror(errno));
    enum wr_status status = WR_OK;
    for (int n = 0; n < count && !status; n++)
        if (!lstat(renames[n].to, &existing))
            status = refuse_existing(renames[n].to, error);
    wr_renames_free(renames, count);
    return status;
}

enum wr_status wr_target_finish(struct wr_target *target, struct wr_error *error)
{
    struct wr_rename *renames;
    if (!target->folder)
        return WR_OK;
    const int count = wr_renames_list(target->folder, target->final, &renames);
    if (count < 0)
        return wr_fail(error, WR_FAILED, "cannot give %s its name: %s", target->name,
                       strerror(errno));
    enum wr_status status = WR_OK;
    const int renamed = wr_renames_make(renames, count, target->overwrite);
    if (renamed < count)
        status = errno == EEXIST && !target->overwrite
                     ? refuse_existing(renames[renamed].to, error)
                     : wr_fail(error, WR_FAILED, "cannot give %s its name: %s", renames[renamed].to,
                               strerror(errno));
    struct stat written;
    for (int n = 0; n < count && !status; n++)
        target->bytes += stat(renames[n].to, &written) ? 0 : written.st_size;
    wr_renames_free(renames, count);
    if (!status)
        wr_target_remove(target);
    return status;
}

// ---- removing

void wr_target_remove(const struct wr_target *target)
{
    if (target->folder)
        wr_hidden_folder_remove(target->folder);
}

void wr_target_close(struct wr_target *target)
{
    wr_target_remove(target);
    if (target->folder && target->lock >= 0)
        close(target->lock);
    av_freep(&target->folder);
    av_freep(&target->final);
    av_freep(&target->url);
}
