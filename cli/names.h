// SPDX-License-Identifier: MIT
// How an output is called after its input.
#pragma once

#include "lib/warpreel.h"

// Fills a pattern such as "{stem}-sharp.{ext}" with the parts of a file's name. *name is the
// caller's to free, also "clip-sharp.mp4" for "dir/clip.mp4". Fails where the pattern names another
// part, or a part that the file's name does not have.
enum wr_status wr_name_make(char **name, const char *pattern, const char *path,
                            struct wr_error *error);

// "folder/name", or one of them if the other is "". The caller's to free; NULL when memory is
// short.
char *wr_name_join(const char *folder, const char *name);

// Makes all folders that lead to the path. Returns 0, or -1 with errno set.
int wr_name_make_folders(const char *path);

// Removes the folder with all folders in it, as far as there is no file in them.
void wr_name_drop_empty_folders(const char *folder);
