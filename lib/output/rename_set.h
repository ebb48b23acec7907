// SPDX-License-Identifier: MIT
// A set of files that are renamed, all of them or none.
#pragma once

#include <stdbool.h>

struct wr_rename {
    char *from, *to;
};

// Lists all files in `folder`. They are to get the same names in the folder of `final`. The one
// that is called as `final` comes last, since it may be a playlist, which names the others. Returns
// how many there are, or -1 and errno. The list is freed with wr_renames_free.
int wr_renames_list(const char *folder, const char *final, struct wr_rename **renames);

// Renames all files and returns count. On failure returns the number of the one that failed, with
// errno: EEXIST if another file would have been replaced, which only `overwrite` allows. Without
// `overwrite` those before it get their old names back; with it they may have replaced others.
int wr_renames_make(const struct wr_rename *renames, int count, bool overwrite);

void wr_renames_free(struct wr_rename *renames, int count);
