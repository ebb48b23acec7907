// SPDX-License-Identifier: MIT
// The output's name: what may be overwritten, the partial file beside it, the renaming.
#include "lib/target.h"

#include <errno.h>
#include <fcntl.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_PARTIALS = 1000 }; // of one output at the same time

static bool is_input(const struct stat *output, const char *input)
{
    struct stat status;
    av_strstart(input, "file:", &input);
    return !stat(input, &status) && status.st_dev == output->st_dev &&
           status.st_ino == output->st_ino;
}

// What stands under the output's name, or under the first name of a numbered sequence.
static bool find_existing(const char *name, struct stat *status)
{
    char first[PATH_MAX];
    if (!stat(name, status))
        return true;
    return av_get_frame_filename(first, sizeof first, name, 1) >= 0 && !stat(first, status);
}

static enum wr_status check_existing(const struct wr_options *options, const struct stat *status,
                                     struct wr_error *error)
{
    if (S_ISDIR(status->st_mode))
        return wr_fail(error, WR_FAILED, "cannot write %s: it is a directory", options->output);
    if (is_input(status, options->input))
        return wr_fail(error, WR_FAILED, "input and output are the same file: %s", options->output);
    if (S_ISREG(status->st_mode) && !options->overwrite)
        return wr_fail(error, WR_FAILED, "%s exists already; --overwrite replaces it",
                       options->output);
    return WR_OK;
}

// ".clip.mp4.1234-0.part" in the folder of final: hidden, and nobody else's.
static char *partial_name(const char *final, int attempt)
{
    const char *slash = strrchr(final, '/');
    const int folder = slash ? (int)(slash - final) + 1 : 0;
    return av_asprintf("%.*s.%.200s.%ld-%d.part", folder, final, final + folder, (long)getpid(),
                       attempt);
}

static enum wr_status create_partial(struct wr_target *target, const struct stat *replaced,
                                     struct wr_error *error)
{
    for (int attempt = 0; attempt < MOST_PARTIALS; attempt++) {
        char *name = partial_name(target->final, attempt);
        if (!name)
            return wr_fail(error, WR_FAILED, "out of memory");
        const int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0) {
            if (replaced) // not fatal: the modes are a courtesy
                (void)!fchmod(file, replaced->st_mode & 0777);
            close(file);
            target->partial = name;
            return WR_OK;
        }
        av_free(name);
        if (errno != EEXIST)
            break;
    }
    return wr_fail(error, WR_FAILED, "cannot write %s: %s", target->name, strerror(errno));
}

enum wr_status wr_target_open(struct wr_target *target, const struct wr_options *options,
                              enum wr_target_kind kind, struct wr_error *error)
{
    const char *name = options->output;
    *target = (struct wr_target){.name = name};
    struct stat status;
    bool exists = false;
    if (kind == WR_TARGET_NOTHING) {
        target->url = av_strdup(name);
    } else if (!strcmp(name, "-")) {
        target->is_stream = true;
        target->url = av_strdup("pipe:1");
    } else if (strstr(name, "://")) { // a protocol of libavformat's
        target->is_stream = true;
        target->url = av_strdup(name);
    } else {
        av_strstart(name, "file:", &name);
        exists = find_existing(name, &status);
        const enum wr_status refused = exists ? check_existing(options, &status, error) : WR_OK;
        if (refused)
            return refused;
        const bool special = exists && !S_ISREG(status.st_mode);
        target->is_stream = special;
        if (special || kind == WR_TARGET_NAMES) {
            target->url = kind == WR_TARGET_NAMES ? av_strdup(name) : av_asprintf("file:%s", name);
        } else {
            // A link stays a link: what it points to is replaced.
            target->final = exists ? realpath(name, NULL) : strdup(name);
            if (!target->final)
                return wr_fail(error, WR_FAILED, "cannot write %s: %s", name, strerror(errno));
            const enum wr_status failed = create_partial(target, exists ? &status : NULL, error);
            if (failed)
                return failed;
            target->url = av_asprintf("file:%s", target->partial);
        }
    }
    return target->url ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

enum wr_status wr_target_finish(struct wr_target *target, struct wr_error *error)
{
    if (!target->partial)
        return WR_OK;
    if (rename(target->partial, target->final))
        return wr_fail(error, WR_FAILED, "cannot give %s its name: %s", target->name,
                       strerror(errno));
    av_freep(&target->partial);
    return WR_OK;
}

void wr_target_close(struct wr_target *target)
{
    if (target->partial)
        unlink(target->partial);
    av_freep(&target->partial);
    free(target->final);
    target->final = NULL;
    av_freep(&target->url);
}
