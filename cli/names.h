// SPDX-License-Identifier: MIT
// How an output is called after its input.
#pragma once

#include "lib/warpreel.h"

// What an input is called in a folder: of a path what stands behind the last slash, of a URL host,
// port and path, such as "cam1-554-live" for "rtsp://user:word@cam1:554/live?tcp". The caller's to
// free; NULL when memory is short.
char *wr_name_of_input(const char *input);

// Fills a pattern such as "{stem}-sharp.{ext}" with the parts of an input's name. *name is the
// caller's to free, "clip-sharp.mp4" for "dir/clip.mp4". Fails where the pattern names another
// part, where it leads out of the folder that the name is for, and where the input has no name.
enum wr_status wr_name_make(char **name, const char *pattern, const char *input,
                            struct wr_error *error);

// "folder/name", or one of them if the other is "". The caller's to free; NULL when memory is
// short.
char *wr_name_join(const char *folder, const char *name);

// Makes all folders that lead to the path. Returns 0, or -1 with errno set.
int wr_name_make_folders(const char *path);

// Removes the folder with all folders in it, as far as there is no file in them.
void wr_name_drop_empty_folders(const char *folder);
