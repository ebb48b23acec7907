// SPDX-License-Identifier: MIT
// Renames files without ever replacing what was not to be replaced.
#include "lib/output/rename_set.h"

#include "lib/media/sequence.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

void wr_renames_free(struct wr_rename *renames, int count)
{
    for (int n = 0; n < count; n++) {
        av_free(renames[n].from);
        av_free(renames[n].to);
    }
    free(renames);
}

int wr_renames_list(const char *folder, const char *final, struct wr_rename **renames)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, is_entry, alphasort);
    if (count < 0)
        return -1;
    struct wr_rename *list = calloc((size_t)count + 1, sizeof *list);
    bool complete = list;
    int last = count;
    for (int n = 0, next = 0; n < count; n++) {
        const char *name = entries[n]->d_name;
        const bool asked_for = !strcmp(name, wr_base_name(final));
        const int at = asked_for ? --last : next++;
        if (list) {
            list[at].from = av_asprintf("%s/%s", folder, name);
            list[at].to = av_asprintf("%.*s%s", wr_folder_length(final), final, name);
            complete &= list[at].from && list[at].to;
        }
        free(entries[n]);
    }
    free(entries);
    if (complete) {
        *renames = list;
        return count;
    }
    if (list)
        wr_renames_free(list, count);
    errno = ENOMEM;
    return -1;
}

// Renames unless the new name is taken, in one step wherever the file system can.
static int rename_new(const char *from, const char *to)
{
    struct stat status;
    if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE))
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (!link(from, to))
        return unlink(from);
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return -1;
    if (!lstat(to, &status)) {
        errno = EEXIST;
        return -1;
    }
    return rename(from, to);
}

// Renames, and keeps the mode of what is replaced.
static int rename_over(const char *from, const char *to)
{
    struct stat replaced;
    if (!stat(to, &replaced)) // not fatal: the mode is a courtesy
        (void)!chmod(from, replaced.st_mode & 0777);
    return rename(from, to);
}

int wr_renames_make(const struct wr_rename *renames, int count, bool overwrite)
{
    int n = 0;
    int (*const move)(const char *, const char *) = overwrite ? rename_over : rename_new;
    while (n < count && !move(renames[n].from, renames[n].to))
        n++;
    const int cause = errno;
    for (int back = n; n < count && !overwrite && back-- > 0;)
        (void)!rename(renames[back].to, renames[back].from);
    errno = cause;
    return n;
}
