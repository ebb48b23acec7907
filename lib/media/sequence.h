// SPDX-License-Identifier: MIT
// Numbered pictures: "frame%04d.png" stands for frame0001.png, frame0002.png and so on.
#pragma once

#include <stdbool.h>
#include <string.h>

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

// True if pattern, without a folder, gives name for *number.
bool wr_sequence_has(const char *pattern, const char *name, int *number);

// The numbers of the pictures that there are.
struct wr_sequence {
    int first; // the lowest, -1 where there is no picture
    int gap;   // the lowest number above it that is missing
    int later; // how many pictures have numbers above the gap
};

// Looks into the folder of pattern. A folder that cannot be read has no pictures.
void wr_sequence_find(struct wr_sequence *sequence, const char *pattern);
