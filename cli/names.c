// SPDX-License-Identifier: MIT
// Fills patterns for names and makes the folders that names stand in.
#include "cli/names.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FOLDERS = 8 };

// A part of a file's name, not ended by a 0.
struct part {
    const char *text;
    size_t length;
};

// The part that the word in braces names; text NULL for an unknown word.
static struct part find_part(const char *word, size_t length, const char *file)
{
    const char *const dot = strrchr(file, '.');
    const bool has_suffix = dot && dot > file;
    const size_t stem = has_suffix ? (size_t)(dot - file) : strlen(file);
    if (length == 4 && !strncmp(word, "stem", length))
        return (struct part){file, stem};
    if (length == 3 && !strncmp(word, "ext", length))
        return has_suffix ? (struct part){dot + 1, strlen(dot + 1)} : (struct part){"", 0};
    return (struct part){0};
}

enum wr_status wr_name_make(char **name, const char *pattern, const char *path,
                            struct wr_error *error)
{
    const char *const slash = strrchr(path, '/');
    const char *const file = slash ? slash + 1 : path;
    if (!*file)
        return wr_fail(error, WR_USAGE, "\"%s\" has no name that an output could get", path);
    char *const text = *name = calloc(1, strlen(pattern) * (strlen(file) + 1) + 1);
    if (!text)
        return wr_fail(error, WR_FAILED, "out of memory");
    size_t used = 0;
    while (*pattern) {
        const size_t word = *pattern == '{' ? strcspn(pattern + 1, "}") : 0;
        if (*pattern != '{' || !pattern[1 + word]) {
            text[used++] = *pattern++;
            continue;
        }
        const struct part part = find_part(pattern + 1, word, file);
        if (!part.text) {
            wr_fail(error, WR_USAGE, "--name: {%.*s} is not known, it takes {stem} and {ext}",
                    (int)word, pattern + 1);
            free(text);
            *name = NULL;
            return WR_USAGE;
        }
        memcpy(text + used, part.text, part.length);
        used += part.length;
        pattern += word + 2;
    }
    // A file without a suffix has nothing behind the dot.
    if (used && text[used - 1] == '.' && !strchr(file, '.'))
        text[--used] = '\0';
    return WR_OK;
}

char *wr_name_join(const char *folder, const char *name)
{
    const size_t length = strlen(folder);
    const bool bare = !length || folder[length - 1] == '/' || !*name;
    char *const path = malloc(length + strlen(name) + 2);
    if (path)
        sprintf(path, "%s%s%s", folder, bare ? "" : "/", name);
    return path;
}

static int drop_folder(const char *path, const struct stat *status, int type, struct FTW *position)
{
    (void)status, (void)position;
    if (type == FTW_DP)
        (void)!rmdir(path); // which one with a file in it withstands
    return 0;
}

void wr_name_drop_empty_folders(const char *folder)
{
    nftw(folder, drop_folder, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

int wr_name_make_folders(const char *path)
{
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof(folder), "%s", path) >= (int)sizeof(folder)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0777) && errno != EEXIST)
            return -1;
        *slash = '/';
    }
    return 0;
}
