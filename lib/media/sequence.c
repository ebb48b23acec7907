// SPDX-License-Identifier: MIT
// Finds numbered pictures by reading their folder once.
#include "lib/media/sequence.h"

#include <ctype.h>
#include <dirent.h>
#include <libavformat/avformat.h>
#include <libavutil/mem.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

bool wr_sequence_has(const char *pattern, const char *name, int *number)
{
    char made[NAME_MAX + 1];
    for (const char *digit = name; *digit; digit++) {
        if (!isdigit((unsigned char)*digit) || (digit > name && isdigit((unsigned char)digit[-1])))
            continue;
        const long value = strtol(digit, NULL, 10);
        if (value <= INT_MAX &&
            av_get_frame_filename(made, sizeof made, pattern, (int)value) >= 0 &&
            !strcmp(made, name)) {
            *number = (int)value;
            return true;
        }
    }
    return false;
}

static int compare(const void *a, const void *b)
{
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

// The numbers in the folder, to be freed; *count is 0 where there are none.
static int *list_numbers(const char *pattern, size_t *count)
{
    const int length = wr_folder_length(pattern);
    char *folder = length ? av_strndup(pattern, (size_t)length) : av_strdup(".");
    DIR *entries = folder ? opendir(folder) : NULL;
    int *numbers = NULL, number;
    const struct dirent *entry;
    *count = 0;
    while (entries && (entry = readdir(entries))) {
        if (!wr_sequence_has(pattern + length, entry->d_name, &number))
            continue;
        int *longer = reallocarray(numbers, *count + 1, sizeof *longer);
        if (!longer)
            break;
        numbers = longer;
        numbers[(*count)++] = number;
    }
    if (entries)
        closedir(entries);
    av_free(folder);
    return numbers;
}

void wr_sequence_find(struct wr_sequence *sequence, const char *pattern)
{
    size_t count;
    int *numbers = list_numbers(pattern, &count);
    *sequence = (struct wr_sequence){.first = -1};
    if (count) {
        qsort(numbers, count, sizeof *numbers, compare);
        size_t n = 1;
        while (n < count && numbers[n] == numbers[n - 1] + 1)
            n++;
        *sequence = (struct wr_sequence){numbers[0], numbers[n - 1] + 1, (int)(count - n)};
    }
    free(numbers);
}
