// SPDX-License-Identifier: MIT
// Copies with copy_file_range(2), which shares blocks where the file system can.
#include "cli/many/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/names.h"

// The input's own name in the folder of the output; NULL where memory is short.
static char *name_copy(const char *input, const char *output)
{
    const char *const file = strrchr(input, '/') ? strrchr(input, '/') + 1 : input;
    char folder[PATH_MAX];
    snprintf(folder, sizeof(folder), "%s", output);
    char *const slash = strrchr(folder, '/');
    *(slash ? slash : folder) = '\0';
    return wr_name_join(folder, file);
}

// Returns 0, or -1 with errno set.
static int copy_contents(int from, int to)
{
    const size_t most = 1 << 30;
    ssize_t copied;
    bool ranges = true; // until a file system refuses
    do {
        copied = ranges ? copy_file_range(from, NULL, to, NULL, most, 0)
                        : sendfile(to, from, NULL, most);
        if (copied < 0 && ranges && (errno == EXDEV || errno == EINVAL || errno == ENOSYS))
            ranges = false, copied = 1;
    } while (copied > 0);
    return (int)copied;
}

static int copy_to(const char *from, const char *beside)
{
    struct stat status;
    const int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return -1;
    const int out = fstat(in, &status) ? -1
                                       : open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                                              status.st_mode & 0777);
    int failed = out < 0 ? -1 : copy_contents(in, out);
    const struct timespec times[] = {status.st_atim, status.st_mtim};
    if (!failed)
        futimens(out, times);
    if (out >= 0 && close(out))
        failed = -1;
    close(in);
    return failed;
}

// Makes the folders that lead to the copy, which gets its name when it is whole.
static enum wr_status copy_file(const char *from, const char *to, struct wr_error *error)
{
    char beside[PATH_MAX];
    int failed = wr_name_make_folders(to);
    if (!failed && snprintf(beside, sizeof(beside), "%s.%ld.part", to, (long)getpid()) >=
                       (int)sizeof(beside)) {
        errno = ENAMETOOLONG;
        failed = -1;
    } else if (!failed) {
        failed = copy_to(from, beside) || rename(beside, to) ? -1 : 0;
        const int cause = errno;
        if (failed)
            unlink(beside);
        errno = cause;
    }
    return failed ? wr_fail(error, WR_FAILED, "cannot copy \"%s\" to \"%s\": %s", from, to,
                            strerror(errno))
                  : WR_OK;
}

enum wr_status wr_copy_beside(const char *input, const char *output, bool overwrite,
                              struct wr_error *error)
{
    struct stat entry;
    char *const copy = name_copy(input, output);
    const enum wr_status status = !copy ? wr_fail(error, WR_FAILED, "out of memory")
                                  : !overwrite && !stat(copy, &entry)
                                      ? wr_fail(error, WR_FAILED, "\"%s\" exists already", copy)
                                      : copy_file(input, copy, error);
    free(copy);
    return status;
}
