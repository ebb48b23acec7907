// SPDX-License-Identifier: MIT
// Writes beside the name, and renames.
#include "cli/whole_file.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "cli/paths.h"

static int put_through(const char *path, int (*put)(const void *what, FILE *file), const void *what)
{
    FILE *const file = fopen(path, "w");
    if (!file)
        return -1;
    const int failed = put(what, file) || fflush(file);
    return fclose(file) || failed ? -1 : 0;
}

int wr_whole_file_write(const char *path, int (*put)(const void *what, FILE *file),
                        const void *what)
{
    errno = 0;
    if (!strcmp(path, "-"))
        return put(what, stdout) || fflush(stdout) ? -1 : 0;
    if (!wr_path_is_replaced(path))
        return put_through(path, put, what);
    char beside[PATH_MAX];
    const int length = snprintf(beside, sizeof(beside), "%s.%ld.part", path, (long)getpid());
    if (length >= (int)sizeof(beside)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int failed = put_through(beside, put, what);
    if (!failed)
        failed = rename(beside, path);
    if (failed) {
        const int cause = errno;
        unlink(beside);
        errno = cause;
    }
    return failed;
}
