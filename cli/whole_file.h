// SPDX-License-Identifier: MIT
// Writes a small file that has its name only when it is whole.
#pragma once

#include <stdio.h>

// Has put() write into the file; it returns non-zero when it could not. "-" is standard output, and
// what is no regular file is written through. Returns 0, or -1 with errno set; then nothing of a
// regular file is left.
int wr_whole_file_write(const char *path, int (*put)(const void *what, FILE *file),
                        const void *what);
