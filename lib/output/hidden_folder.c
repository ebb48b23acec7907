// SPDX-License-Identifier: MIT
// Makes, locks and removes hidden folders.
#include "lib/output/hidden_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/media/sequence.h"
#include "lib/output/rename_set.h"

#define PREFIX ".warpreel-"

enum { RANDOM = 6, OPEN_FOLDERS = 8, MOST_TRIES = 16 };

// Opens the folder and locks it. -1 where that is not possible: errno is EWOULDBLOCK if another
// process has it.
static int lock_folder(const char *folder)
{
    const int lock = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (lock < 0 || !flock(lock, LOCK_EX | LOCK_NB))
        return lock;
    const int cause = errno;
    close(lock);
    errno = cause;
    return -1;
}

// Whether the folder is still the one that was opened: another process may have taken it for one
// left behind before it was locked.
static bool is_there(const char *folder, int lock)
{
    struct stat named, opened;
    return !lstat(folder, &named) && !fstat(lock, &opened) && named.st_dev == opened.st_dev &&
           named.st_ino == opened.st_ino;
}

char *wr_hidden_folder_make(const char *final, int *lock)
{
    *lock = -1;
    for (int n = 0; n < MOST_TRIES; n++) {
        char *folder = av_asprintf("%.*s" PREFIX "XXXXXX", wr_folder_length(final), final);
        if (!folder || !mkdtemp(folder)) {
            av_free(folder);
            return NULL;
        }
        *lock = lock_folder(folder);
        const bool is_taken =
            *lock < 0 ? errno == EWOULDBLOCK || errno == ENOENT : !is_there(folder, *lock);
        if (!is_taken)
            return folder;
        if (*lock >= 0)
            close(*lock);
        *lock = -1;
        av_free(folder);
    }
    errno = EEXIST;
    return NULL;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *position)
{
    (void)status, (void)type, (void)position;
    (void)!remove(path);
    return 0;
}

void wr_hidden_folder_remove(const char *folder)
{
    nftw(folder, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static bool is_hidden_folder(const char *name)
{
    return av_strstart(name, PREFIX, &name) && strlen(name) == RANDOM;
}

void wr_hidden_folders_sweep(const char *final)
{
    char path[PATH_MAX];
    const int length = wr_folder_length(final);
    snprintf(path, sizeof path, "%.*s", length, length ? final : ".");
    DIR *entries = opendir(length ? path : ".");
    const struct dirent *entry;
    while (entries && (entry = readdir(entries))) {
        if (!is_hidden_folder(entry->d_name))
            continue;
        snprintf(path, sizeof path, "%.*s%s", length, final, entry->d_name);
        const int lock = lock_folder(path);
        if (lock < 0)
            continue;
        wr_hidden_folder_remove(path);
        close(lock);
    }
    if (entries)
        closedir(entries);
}
