// SPDX-License-Identifier: MIT
// Walks a folder with fts(3), which follows links and knows when they run in circles.
#include "cli/many/find.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/many/entries.h"

static bool matches(const char *const *globs, const char *name, const char *below)
{
    for (; globs && *globs; globs++)
        if (!fnmatch(*globs, name, 0) || !fnmatch(*globs, below, 0))
            return true;
    return false;
}

static const char *name_in(const char *below)
{
    const char *const slash = strrchr(below, '/');
    return slash ? slash + 1 : below;
}

// Whether include and exclude allow a file.
static bool is_allowed(const struct wr_find_options *options, const char *below)
{
    const char *const name = name_in(below);
    return (!options->include || matches(options->include, name, below)) &&
           !matches(options->exclude, name, below);
}

bool wr_find_wants(const struct wr_find_options *options, const char *below)
{
    return name_in(below)[0] != '.' && is_allowed(options, below);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

// The path without the root and the slash behind it.
static const char *below_root(const FTSENT *entry, const char *root)
{
    const char *const rest = entry->fts_path + strlen(root);
    return rest + strspn(rest, "/");
}

static void leave_out(const FTSENT *entry, const struct wr_find_options *options,
                      const char *reason)
{
    options->left_out(options->opaque, entry->fts_path, WR_OK, reason);
}

// The program's own: outputs that grow, and what runs note.
static bool is_own(const char *name)
{
    return !fnmatch(".warpreel-??????", name, 0) || !strcmp(name, WR_JOURNAL_NAME);
}

static void take_hidden(FTS *tree, FTSENT *entry, const char *root,
                        const struct wr_find_options *options)
{
    const char *const below = below_root(entry, root);
    const bool is_folder = entry->fts_info == FTS_D;
    if (is_folder)
        fts_set(tree, entry, FTS_SKIP);
    if (entry->fts_info == FTS_DP || options->passes_hidden || is_own(entry->fts_name))
        return;
    if (is_folder ? !matches(options->exclude, entry->fts_name, below) : is_allowed(options, below))
        leave_out(entry, options, "it is hidden, since its name begins with a dot");
}

static enum wr_status take_file(const FTSENT *entry, const char *root,
                                const struct wr_find_options *options, struct wr_error *error)
{
    char folder[PATH_MAX];
    const char *const below = below_root(entry, root);
    if (!wr_find_wants(options, below))
        return WR_OK;
    const char *const slash = strrchr(below, '/');
    const int length = slash ? (int)(slash - below) : 0;
    if (snprintf(folder, sizeof(folder), "%.*s", length, below) >= (int)sizeof(folder))
        return wr_fail(error, WR_FAILED, "the path \"%s\" is too long", entry->fts_path);
    return options->file(options->opaque, &(struct wr_found){entry->fts_path, folder}, error);
}

// Goes into a folder, unless that is asked to be left out.
static void take_folder(FTS *tree, FTSENT *entry, const char *root,
                        const struct wr_find_options *options)
{
    const bool is_unwanted = matches(options->exclude, entry->fts_name, below_root(entry, root));
    if (entry->fts_level == FTS_ROOTLEVEL || (options->recursive && !is_unwanted))
        return;
    fts_set(tree, entry, FTS_SKIP);
    if (!is_unwanted)
        leave_out(entry, options, "it is a folder, which --recursive would go into");
}

// Pipes, sockets and devices in a folder are left out: they are inputs only where they are named.
static void take_special(const FTSENT *entry, const char *root,
                         const struct wr_find_options *options)
{
    const mode_t mode = entry->fts_statp->st_mode;
    if (wr_find_wants(options, below_root(entry, root)))
        leave_out(entry, options,
                  S_ISFIFO(mode)   ? "it is a named pipe, which has to be named to be read"
                  : S_ISSOCK(mode) ? "it is a socket"
                                   : "it is a device");
}

static enum wr_status take_unread(const FTSENT *entry, const char *root,
                                  const struct wr_find_options *options, struct wr_error *error)
{
    const char *const reason = strerror(entry->fts_errno);
    char text[sizeof(error->text)], name[PATH_MAX];
    if (entry->fts_level != FTS_ROOTLEVEL) {
        if (entry->fts_errno != ENOENT)
            options->left_out(options->opaque, entry->fts_path, WR_FAILED, reason);
        return WR_OK;
    }
    if (!options->may_be_away)
        return wr_fail(error, WR_FAILED, "cannot read the folder \"%s\": %s", root, reason);
    size_t length = strlen(root);
    while (length > 1 && root[length - 1] == '/')
        length--;
    snprintf(name, sizeof(name), "%.*s", (int)length, root);
    snprintf(text, sizeof(text), "cannot read the folder: %s", reason);
    options->left_out(options->opaque, name, WR_FAILED, text);
    return WR_OK;
}

static enum wr_status take(FTS *tree, FTSENT *entry, const char *root,
                           const struct wr_find_options *options, struct wr_error *error)
{
    if (entry->fts_level > FTS_ROOTLEVEL && entry->fts_name[0] == '.') {
        take_hidden(tree, entry, root, options);
        return WR_OK;
    }
    switch (entry->fts_info) {
    case FTS_F:
    case FTS_SLNONE: // reading it will say that it links to nothing
        return take_file(entry, root, options, error);
    case FTS_D:
        take_folder(tree, entry, root, options);
        return WR_OK;
    case FTS_DC:
        leave_out(entry, options, "it links to a folder it lies in");
        return WR_OK;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        return take_unread(entry, root, options, error);
    case FTS_DEFAULT:
        take_special(entry, root, options);
        return WR_OK;
    default: // the way back out of a folder
        return WR_OK;
    }
}

enum wr_status wr_find(const char *root, const struct wr_find_options *options,
                       struct wr_error *error)
{
    char *const roots[] = {(char *)root, NULL};
    FTS *const tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
    if (!tree)
        return wr_fail(error, WR_FAILED, "cannot read the folder \"%s\": %s", root,
                       strerror(errno));
    enum wr_status status = WR_OK;
    FTSENT *entry;
    errno = 0;
    while (!status && (entry = fts_read(tree)))
        status = take(tree, entry, root, options, error);
    if (!status && errno)
        status =
            wr_fail(error, WR_FAILED, "cannot read the folder \"%s\": %s", root, strerror(errno));
    fts_close(tree);
    return status;
}
