// SPDX-License-Identifier: MIT
// Finds our options in sentences, and what ffmpeg calls them.
#include "cli/ffmpeg/ffmpeg_names.h"

#include <stdio.h>
#include <string.h>

#include "cli/ffmpeg/ffmpeg_options.h"

// The K of "K=V" or "N/K=V" at the text, and its length; 0 where there is none.
static size_t find_key(const char **key, const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    *key = digits && text[digits] == '/' ? text + digits + 1 : text;
    const size_t length = strcspn(*key, "= ");
    return (*key)[length] == '=' ? length : 0;
}

// Whether a name ends here, and is not the beginning of a file's name.
static bool is_end(const char *text)
{
    const bool is_mark = *text && strchr(",.:;)", *text);
    return !*text || strchr(" =\"", *text) || (is_mark && (!text[1] || text[1] == ' '));
}

// How much of the text names an option of ours that ffmpeg has, 0 for nothing; *name is what it is
// called there, with a space behind it where a value follows.
static size_t find_name(char name[64], const char *text)
{
    if (strncmp(text, "--", 2))
        return 0;
    const size_t length = 2 + strspn(text + 2, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (!is_end(text + length))
        return 0;
    const char *other = wr_ffmpeg_option_name(text + 2, length - 2, "", 0);
    if (other) {
        snprintf(name, 64, "-%s", other);
        return length;
    }
    const char *key;
    const size_t key_length = text[length] == ' ' ? find_key(&key, text + length + 1) : 0;
    if (!key_length || !(other = wr_ffmpeg_option_name(text + 2, length - 2, key, key_length)))
        return 0;
    snprintf(name, 64, "-%s ", other);
    return (size_t)(key - text) + key_length + 1;
}

void wr_ffmpeg_respell(char *text, size_t size, const char *sentence)
{
    size_t at = 0;
    bool is_begin = true; // of a word
    while (*sentence && at + 1 < size) {
        char name[64];
        const size_t length = is_begin ? find_name(name, sentence) : 0;
        is_begin = *sentence == ' ';
        if (!length) {
            text[at++] = *sentence++;
            continue;
        }
        const int written = snprintf(text + at, size - at, "%s", name);
        at = at + (size_t)written < size ? at + (size_t)written : size - 1;
        sentence += length;
    }
    text[at] = '\0';
}
