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

// What an input is called.
struct input_name {
    char *text;         // owned
    const char *suffix; // in it, behind the last dot; NULL for none
};

// Where the host begins in a URL; NULL for a path.
static const char *find_host(const char *input)
{
    const char *const colon = strstr(input, "://");
    return colon && !memchr(input, '/', (size_t)(colon - input)) ? colon + 3 : NULL;
}

// Adds a piece of a URL to a name that begins at `start`: "-" stands for what parts host, port and
// folders. Returns the name's new end.
static char *add_piece(char *end, const char *start, const char *piece, const char *piece_end)
{
    for (; piece < piece_end; piece++)
        if (!strchr("/:[]", *piece))
            *end++ = *piece;
        else if (end > start && end[-1] != '-')
            *end++ = '-';
    return end;
}

// Host, port and path, without who logs in and what is asked. Returns where the path's last part
// begins, behind which a dot is that of a suffix.
static const char *name_url(char *text, const char *host)
{
    const char *const path = host + strcspn(host, "/?#");
    const char *const url_end = path + strcspn(path, "?#");
    const char *const at = memrchr(host, '@', (size_t)(path - host));
    const char *const slash = memrchr(path, '/', (size_t)(url_end - path));
    const char *const last = slash ? slash + 1 : url_end;
    char *const middle = add_piece(text, text, at ? at + 1 : host, last);
    char *end = add_piece(middle, text, last, url_end);
    while (end > text && end[-1] == '-')
        end--;
    *end = '\0';
    return middle < end ? middle : end;
}

// text NULL when memory is short.
static struct input_name name_input(const char *input)
{
    const char *const host = find_host(input), *const slash = strrchr(input, '/');
    const char *const file = slash ? slash + 1 : input;
    char *const text = strdup(host ? host : file);
    if (!text)
        return (struct input_name){0};
    const char *const last = host ? name_url(text, host) : text, *const dot = strrchr(last, '.');
    return (struct input_name){text, dot && dot > last ? dot + 1 : NULL};
}

char *wr_name_of_input(const char *input)
{
    return name_input(input).text;
}

// A part of a name, not ended by a 0.
struct part {
    const char *text;
    size_t length;
};

// The part that the word in braces names; text NULL for an unknown word.
static struct part find_part(const char *word, size_t length, const struct input_name *name)
{
    const size_t whole = strlen(name->text), suffix = name->suffix ? strlen(name->suffix) : 0;
    if (length == 4 && !strncmp(word, "stem", length))
        return (struct part){name->text, name->suffix ? whole - suffix - 1 : whole};
    if (length == 3 && !strncmp(word, "ext", length))
        return (struct part){name->suffix ? name->suffix : "", suffix};
    return (struct part){0};
}

static enum wr_status fill(char **name, const char *pattern, const struct input_name *input,
                           struct wr_error *error)
{
    char *const text = *name = calloc(1, strlen(pattern) * (strlen(input->text) + 1) + 1);
    if (!text)
        return wr_fail(error, WR_FAILED, "out of memory");
    size_t used = 0;
    while (*pattern) {
        const size_t word = *pattern == '{' ? strcspn(pattern + 1, "}") : 0;
        if (*pattern != '{' || !pattern[1 + word]) {
            text[used++] = *pattern++;
            continue;
        }
        const struct part part = find_part(pattern + 1, word, input);
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
    // An input without a suffix has nothing behind the dot.
    if (used && text[used - 1] == '.' && !input->suffix)
        text[--used] = '\0';
    return WR_OK;
}

// Whether a name is a path from the root, or goes up a folder.
static bool leads_out(const char *name)
{
    for (const char *part = name; *part; part += *part == '/') {
        const size_t length = strcspn(part, "/");
        if (length == 2 && !strncmp(part, "..", 2))
            return true;
        part += length;
    }
    return *name == '/';
}

enum wr_status wr_name_make(char **name, const char *pattern, const char *input,
                            struct wr_error *error)
{
    struct input_name named = name_input(input);
    enum wr_status status =
        !named.text ? wr_fail(error, WR_FAILED, "out of memory")
        : !*named.text
            ? wr_fail(error, WR_USAGE, "\"%s\" has no name that an output could get", input)
            : fill(name, pattern, &named, error);
    free(named.text);
    if (!status && leads_out(*name)) {
        status =
            wr_fail(error, WR_USAGE, "--name: \"%s\" leads out of the folder of outputs", *name);
        free(*name);
        *name = NULL;
    }
    return status;
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
