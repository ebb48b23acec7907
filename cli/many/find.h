// SPDX-License-Identifier: MIT
// Finds the inputs in a folder.
#pragma once

#include "lib/warpreel.h"

struct wr_found {
    const char *path;   // of the file: root, folder and name
    const char *folder; // below root, "" for root itself
};

// How a folder is walked. include and exclude are globs for a file's name or its path below the
// folder, NULL at the end of each list; NULL for no list.
struct wr_find_options {
    bool recursive;     // go into folders of folders, but those that exclude matches
    bool passes_hidden; // without a word
    bool may_be_away;   // a root that cannot be read is left out, and no failure
    const char *const *include, *const *exclude;
    void *opaque;
    // Called for each file and each link to nothing, in the order of names. What is hidden, since
    // its name begins with a dot, is left out.
    enum wr_status (*file)(void *opaque, const struct wr_found *found, struct wr_error *error);
    // Called with what is not looked at, and why; WR_OK if that is as asked for. Not called for
    // what runs themselves hide, nor for what is gone when its turn comes.
    void (*left_out)(void *opaque, const char *path, enum wr_status status, const char *reason);
};

// Whether a file of this name or path below the folder would be taken.
bool wr_find_wants(const struct wr_find_options *options, const char *below);

// Fails where root cannot be read, unless it may be away, and with what file() fails.
enum wr_status wr_find(const char *root, const struct wr_find_options *options,
                       struct wr_error *error);
