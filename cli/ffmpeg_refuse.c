// SPDX-License-Identifier: MIT
// Refuses options of ffmpeg's in a line of our own, and says what they are here.
#include "cli/ffmpeg_refuse.h"

#include <stdio.h>
#include <string.h>

#include "cli/ffmpeg_words.h"

// What an option becomes at a place, NULL for nothing; *known if there is one at all.
static const char *own_option(const struct wr_ffmpeg_word *word, int place, bool *known)
{
    const struct wr_ffmpeg_option *const row = wr_ffmpeg_find_row(word, place);
    const char *const own =
        row ? row->own : wr_ffmpeg_library_option(place, word->name, word->specifier);
    *known |= row || own;
    return own;
}

static enum wr_status refuse(const char *text, struct wr_error *error)
{
    struct wr_ffmpeg_word word = {.text = text};
    bool known = false;
    char hint[128] = "";
    wr_ffmpeg_split_name(&word);
    const char *const before = own_option(&word, WR_BEFORE, &known);
    const char *const behind = own_option(&word, WR_BEHIND, &known);
    if (!known)
        return WR_OK;
    if (before && behind && strcmp(before, behind) && strcmp(before, "input-option"))
        snprintf(hint, sizeof(hint), "; here it is --%s or --%s", before, behind);
    else if (before || behind)
        snprintf(hint, sizeof(hint), "; here it is --%s", behind ? behind : before);
    return wr_fail(error, WR_USAGE,
                   "%s is an option of ffmpeg's lines, which have -i before the "
                   "input%s",
                   text, hint);
}

enum wr_status wr_ffmpeg_refuse(int argc, char **argv, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 1; n < argc && !status && strcmp(argv[n], "--"); n++)
        if (argv[n][0] == '-' && argv[n][1] && argv[n][1] != '-' && argv[n][2])
            status = refuse(argv[n], error);
    return status;
}
