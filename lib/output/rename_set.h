// SPDX-License-Identifier: MIT
// Files that get other names, all of them or none.
#pragma once

#include <stdbool.h>
#include <string.h>

struct wr_move {
    char *from, *to;
};

static inline const char *wr_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// The length of path up to its last slash, that included; 0 for a name in the working folder.
static inline int wr_folder_length(const char *path)
{
    return (int)(wr_base_name(path) - path);
}

// Lists all files in folder, to get the same names in the folder of `final`; the one of that name
// comes last, since a playlist names the others. Returns how many, -1 with errno. Free with
// wr_moves_free.
int wr_moves_list(const char *folder, const char *final, struct wr_move **moves);

// Moves all; returns count, or which one failed, with errno: EEXIST if it would have replaced
// another and overwrite is false. Then those before it are moved back, unless they may have
// replaced others.
int wr_moves_make(const struct wr_move *moves, int count, bool overwrite);

void wr_moves_free(struct wr_move *moves, int count);
