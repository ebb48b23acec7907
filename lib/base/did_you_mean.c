// SPDX-License-Identifier: MIT
// "Did you mean": the nearest known name by edit distance.
#include <string.h>

#include "lib/warpreel.h"

enum { LONGEST = 63 };

// Levenshtein 1966: fewest insertions, deletions and replacements.
static int edit_distance(const char *a, const char *b)
{
    int row[LONGEST + 1];
    const int length = (int)strlen(b);
    for (int j = 0; j <= length; j++)
        row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= length; j++) {
            const int replaced = diagonal + (a[i - 1] != b[j - 1]);
            const int shifted = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < shifted ? replaced : shifted;
        }
    }
    return row[length];
}

const char *wr_nearest(const char *wrong, const char *(*get)(const void *names, int n),
                       const void *names, int count)
{
    const char *best = NULL;
    // More than a third of the letters wrong is another word.
    int least = ((int)strlen(wrong) + 1) / 3 + 1;
    for (int n = 0; n < count && strlen(wrong) <= LONGEST; n++) {
        const char *name = get(names, n);
        if (!name || strlen(name) > LONGEST)
            continue;
        const int distance = edit_distance(wrong, name);
        if (distance < least) {
            least = distance;
            best = name;
        }
    }
    return best;
}

static const char *name_in_list(const void *names, int n)
{
    return ((const char *const *)names)[n];
}

const char *wr_nearest_of_two(const char *wrong, const char *first, const char *second)
{
    const char *const names[] = {first, second};
    return wr_nearest(wrong, name_in_list, names, 2);
}
