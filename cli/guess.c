// SPDX-License-Identifier: MIT
// Nearness is the edit distance of Levenshtein, and near means less than half of the word is wrong.
#include "cli/guess.h"

#include <string.h>

#define LONGEST 63

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int distance(const char *a, const char *b)
{
    const int length = (int)strlen(b);
    int row[LONGEST + 1]; // row[j]: from the part of a read so far to the first j letters of b
    for (int j = 0; j <= length; j++)
        row[j] = j;
    for (int i = 0; a[i]; i++) {
        int diagonal = row[0];
        row[0] = i + 1;
        for (int j = 1; j <= length; j++) {
            const int changed = diagonal + (a[i] != b[j - 1]);
            diagonal = row[j];
            row[j] = smaller(changed, 1 + smaller(row[j], row[j - 1]));
        }
    }
    return row[length];
}

void wr_guess_offer(struct wr_guess *guess, const char *name)
{
    const size_t length = strlen(guess->word);
    if (length > LONGEST || strlen(name) > LONGEST)
        return;
    const int d = distance(guess->word, name);
    if (2 * d > (int)length || (guess->name && d >= guess->distance))
        return;
    guess->name = name;
    guess->distance = d;
}
