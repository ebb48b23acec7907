// SPDX-License-Identifier: MIT
// Finds what an input is compared with by its name.
#include "cli/expect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/names.h"
#include "cli/option_values.h"
#include "cli/option_words.h"
#include "cli/paths.h"

bool wr_expect_is_asked(const struct wr_settings *settings)
{
    return settings->job.expect || settings->expect_update;
}

static enum wr_status refuse_pair(const char *one, const char *other, struct wr_error *error)
{
    return wr_fail(error, WR_USAGE, "--%s and --%s exclude each other", one, other);
}

enum wr_status wr_expect_check_job(const struct wr_settings *settings, struct wr_error *error)
{
    const struct wr_job_options *const job = &settings->job;
    const char *const update = wr_option_name(expect_update);
    const char *const needy = job->tolerance              ? wr_option_name(job.tolerance)
                              : settings->expect_pictures ? wr_option_name(expect_pictures)
                                                          : NULL;
    if (settings->expect_update && job->output)
        return refuse_pair(update, wr_option_name(job.output), error);
    if (settings->expect_update && needy)
        return refuse_pair(update, needy, error);
    if (!job->expect && needy)
        return wr_fail(error, WR_USAGE, "--%s needs --%s", needy, wr_option_name(job.expect));
    if (wr_expect_is_asked(settings) && job->on_change == WR_ON_CHANGE_SPLIT)
        return wr_fail(error, WR_USAGE, "--%s=split makes several files, and --%s is about one",
                       wr_option_name(job.on_change), wr_option_name(job.expect));
    if (wr_expect_is_asked(settings) && (job->part || settings->join))
        return refuse_pair(settings->join ? wr_option_name(join) : wr_option_name(job.part),
                           settings->expect_update ? update : wr_option_name(job.expect), error);
    return WR_OK;
}

enum wr_status wr_expect_check(const struct wr_settings *settings, struct wr_error *error)
{
    const struct wr_job_options *const job = &settings->job;
    const enum wr_status status = wr_expect_check_job(settings, error);
    if (status)
        return status;
    if (settings->has_many && job->expect && !wr_path_is_folder(job->expect) &&
        (!settings->expect_update || !access(job->expect, F_OK)))
        return wr_fail(error, WR_USAGE, "with many inputs --%s takes a folder, not \"%s\"",
                       wr_option_name(job.expect), job->expect);
    const char *const useless = job->output || !wr_expect_is_asked(settings) ? NULL
                                : settings->many.resume ? wr_option_name(many.resume)
                                : settings->many.watch  ? wr_option_name(many.watch)
                                : settings->many.others ? wr_option_name(many.others)
                                                        : NULL;
    return useless ? wr_fail(error, WR_USAGE, "--%s needs an output folder", useless) : WR_OK;
}

// ---- names

static const char *keep(struct wr_settings *settings, char *text, struct wr_error *error)
{
    const char *const kept = wr_settings_keep(settings, text);
    if (!kept)
        wr_fail(error, WR_FAILED, "out of memory");
    return kept;
}

// "folder/name" and a suffix; NULL when memory is short.
static char *join(const char *folder, const char *name, int length, const char *suffix)
{
    char *path = NULL;
    return asprintf(&path, "%s/%.*s%s", folder, length, name, suffix) < 0 ? NULL : path;
}

static bool is_file_but(const char *path, const char *input)
{
    struct stat entry, other;
    return !stat(path, &entry) && !S_ISDIR(entry.st_mode) &&
           (stat(input, &other) || entry.st_dev != other.st_dev || entry.st_ino != other.st_ino);
}

static const char *const suffixes[] = {".framehash", ".framemd5", "",     ".mkv", ".nut",
                                       ".avi",       ".mov",      ".mp4", ".png"};

// What stands in the folder for the input of this place, NULL for nothing.
static char *find(const char *folder, const char *place, const char *input)
{
    const char *const slash = strrchr(place, '/'), *const dot = strrchr(slash ? slash : place, '.');
    const int whole = (int)strlen(place), stem = dot ? (int)(dot - place) : whole;
    for (int n = 0; n < 2; n++)
        for (size_t k = 0; k < sizeof(suffixes) / sizeof(*suffixes); k++) {
            char *const path = join(folder, place, n ? stem : whole, suffixes[k]);
            if (path && is_file_but(path, input))
                return path;
            free(path);
        }
    return NULL;
}

// ---- comparing, and writing anew

static bool has_suffix(const char *path, const char *suffix)
{
    const size_t length = strlen(path), of_suffix = strlen(suffix);
    return length >= of_suffix && !strcmp(path + length - of_suffix, suffix);
}

bool wr_expect_is_name(const char *path)
{
    bool is = false;
    for (size_t n = 0; n < sizeof(suffixes) / sizeof(*suffixes); n++)
        is |= *suffixes[n] && has_suffix(path, suffixes[n]);
    return is;
}

bool wr_expect_is_beside(const struct wr_settings *settings, const char *path)
{
    const char *const dot = strrchr(path, '.');
    if (!wr_expect_is_asked(settings) || !dot ||
        (strcmp(dot, ".framehash") && strcmp(dot, ".framemd5")))
        return false;
    char *const beside = strndup(path, (size_t)(dot - path));
    struct stat entry;
    const bool is = beside && !stat(beside, &entry) && S_ISREG(entry.st_mode);
    free(beside);
    return is;
}

// A list of hashes by its suffix, else a video without loss. The hashes' file says nothing of
// FFmpeg's version, so that it changes only with the pictures.
static enum wr_status choose_format(struct wr_settings *settings, const char *path,
                                    struct wr_error *error)
{
    struct wr_job_options *const job = &settings->job;
    const bool is_md5 = has_suffix(path, ".framemd5") || has_suffix(path, ".md5");
    if (!is_md5 && !has_suffix(path, ".framehash") && !has_suffix(path, ".txt")) {
        job->codec = job->codec ? job->codec : "ffv1";
        return WR_OK;
    }
    job->format = is_md5 ? "framemd5" : "framehash";
    job->codec = NULL;
    return wr_option_set(settings, wr_option_name(job.muxer_options), "fflags=+bitexact", error);
}

static enum wr_status settle_update(struct wr_settings *settings, const char *place,
                                    struct wr_error *error)
{
    struct wr_job_options *const job = &settings->job;
    const char *path = job->expect;
    char *made = NULL;
    if (!path && asprintf(&made, "%s.framehash", job->input) < 0)
        made = NULL;
    const bool in_folder = path && (settings->expect_is_folder || wr_path_is_folder(path));
    if (in_folder && !(made = find(path, place, job->input)))
        made = join(path, place, (int)strlen(place), ".framehash");
    if ((!path || in_folder) && !(path = keep(settings, made, error)))
        return WR_FAILED;
    job->output = path;
    job->expect = NULL;
    job->overwrite = true;
    job->no_audio = job->no_subtitles = job->no_data = true;
    return choose_format(settings, path, error);
}

static enum wr_status settle_picture(struct wr_settings *settings, const char *place,
                                     struct wr_error *error)
{
    if (!settings->expect_pictures)
        return WR_OK;
    const char *const path =
        keep(settings, join(settings->expect_pictures, place, (int)strlen(place), ".png"), error);
    if (!path)
        return WR_FAILED;
    settings->job.expect_picture = path;
    return WR_OK;
}

enum wr_status wr_expect_settle(struct wr_settings *settings, const char *place,
                                struct wr_error *error)
{
    struct wr_job_options *const job = &settings->job;
    if (settings->expect_update)
        return job->output ? WR_OK : settle_update(settings, place, error);
    if (!job->expect)
        return WR_OK;
    if (wr_path_is_folder(job->expect)) {
        char *const found = find(job->expect, place, job->input);
        if (!found)
            return wr_fail(error, WR_FAILED,
                           "\"%s\" has nothing to compare %s with: --%s writes it", job->expect,
                           place, wr_option_name(expect_update));
        if (!(job->expect = keep(settings, found, error)))
            return WR_FAILED;
    }
    return settle_picture(settings, place, error);
}

static enum wr_status make_folder_of(const char *path, struct wr_error *error)
{
    return path && wr_name_make_folders(path)
               ? wr_fail(error, WR_FAILED, "cannot make the folder of \"%s\": %s", path,
                         strerror(errno))
               : WR_OK;
}

enum wr_status wr_expect_make_folders(const struct wr_settings *settings, struct wr_error *error)
{
    const enum wr_status status = make_folder_of(settings->job.expect_picture, error);
    return status || !settings->expect_update ? status
                                              : make_folder_of(settings->job.output, error);
}
