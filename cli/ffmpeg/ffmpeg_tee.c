// SPDX-License-Identifier: MIT
// Reads the files of the muxer "tee" with their options, and gives each the words of the output.
#include "cli/ffmpeg/ffmpeg_tee.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum wr_status fail_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory");
}

// The next piece of *text, up to one of the characters `ends`, without its quotes and backslashes;
// *text then stands at that character. NULL where memory is short.
static char *read_piece(const char **text, const char *ends)
{
    char *const piece = malloc(strlen(*text) + 1);
    char *to = piece;
    bool is_quoted = false;
    const char *at = *text;
    for (; *at && piece && (is_quoted || !strchr(ends, *at)); at++) {
        if (*at == '\'')
            is_quoted = !is_quoted;
        else if (*at == '\\' && !is_quoted && at[1])
            *to++ = *++at;
        else
            *to++ = *at;
    }
    if (piece)
        *to = '\0';
    *text = at;
    return piece;
}

// Appends a word that the part owns. False where memory is short.
static bool append_made(struct wr_ffmpeg_part *part, char *word)
{
    if (!word)
        return false;
    part->made[part->made_count++] = word;
    part->argv[part->argc++] = word;
    return true;
}

// "select=v,a" leaves the other kinds of streams out, as -sn and -dn do. Single streams (a:1) are
// refused: which streams the maps choose is not known yet.
static enum wr_status append_selection(struct wr_ffmpeg_part *part, const char *kinds,
                                       struct wr_error *error)
{
    static const char left_out[][4] = {"-vn", "-an", "-sn", "-dn"};
    if (!*kinds || strspn(kinds, "vasd,") != strlen(kinds))
        return wr_fail(error, WR_USAGE,
                       "tee: select=%s is not possible, it takes v, a, s and d: write the file as "
                       "an output of its own, with -map before it",
                       kinds);
    for (size_t n = 0; n < sizeof(left_out) / sizeof(*left_out); n++)
        if (!strchr(kinds, left_out[n][1]) && !append_made(part, strdup(left_out[n])))
            return fail_memory(error);
    return WR_OK;
}

// One option of a file becomes an option of the output.
static enum wr_status append_option(struct wr_ffmpeg_part *part, char *key, const char *value,
                                    struct wr_error *error)
{
    static const char *const unneeded[] = {"onfail", "use_fifo", "fifo_options"};
    for (size_t n = 0; n < sizeof(unneeded) / sizeof(*unneeded); n++)
        if (!strcmp(key, unneeded[n]))
            return WR_OK;
    if (!*key)
        return wr_fail(error, WR_USAGE, "tee: an option of a file has no name");
    if (!strcmp(key, "select"))
        return append_selection(part, value, error);
    char *const specifier = !strncmp(key, "bsfs", 4) ? strchr(key, '/') : NULL;
    char *name = NULL, *const copy = strdup(value);
    const int length = !strncmp(key, "bsfs", 4) ? asprintf(&name, "-bsf%s%s", specifier ? ":" : "",
                                                           specifier ? specifier + 1 : "")
                                                : asprintf(&name, "-%s", key);
    if (length >= 0 && append_made(part, name) && append_made(part, copy))
        return WR_OK;
    free(copy);
    return fail_memory(error);
}

// Reads "[f=mpegts:bsfs/v=dump_extra]", if the file begins with that.
static enum wr_status append_options(struct wr_ffmpeg_part *part, const char **text,
                                     struct wr_error *error)
{
    enum wr_status status = WR_OK;
    if (**text != '[')
        return WR_OK;
    while (**text && **text != ']' && !status) {
        ++*text;
        char *const key = read_piece(text, "=:]");
        *text += **text == '=';
        char *const value = read_piece(text, ":]");
        status = key && value ? append_option(part, key, value, error) : fail_memory(error);
        free(key);
        free(value);
    }
    *text += **text == ']';
    return status;
}

static bool is_tee(const struct wr_ffmpeg_part *part, int n)
{
    return n + 1 < part->argc && !strcmp(part->argv[n], "-f") && !strcmp(part->argv[n + 1], "tee");
}

static bool has_tee(const struct wr_ffmpeg_part *part)
{
    bool has = false;
    for (int n = 1; n < part->argc; n++)
        has |= is_tee(part, n);
    return has && part->output;
}

// The words of `whole` for `file`, which is "[OPTIONS]NAME".
static enum wr_status make_part(struct wr_ffmpeg_part *part, const struct wr_ffmpeg_part *whole,
                                const char *file, struct wr_error *error)
{
    // An option has a letter and what ends it, and becomes two words; select=v becomes three.
    const size_t most = (size_t)whole->argc + strlen(file) + 5;
    part->argv = calloc(most, sizeof(*part->argv));
    part->made = calloc(most, sizeof(*part->made));
    enum wr_status status = part->argv && part->made ? WR_OK : fail_memory(error);
    for (int n = 0; n < whole->argc && !status; n++) {
        if (n != whole->output) {
            if (is_tee(whole, n))
                n++;
            else
                part->argv[part->argc++] = whole->argv[n];
            continue;
        }
        status = append_options(part, &file, error);
        part->output = part->argc;
        if (!status && !append_made(part, strdup(file)))
            status = fail_memory(error);
    }
    return status;
}

static enum wr_status expand_one(struct wr_ffmpeg_part **parts, int *count, int at,
                                 struct wr_error *error)
{
    struct wr_ffmpeg_part whole = (*parts)[at];
    const char *text = whole.argv[whole.output];
    int made = 0;
    enum wr_status status = WR_OK;
    while (*text && !status) {
        struct wr_ffmpeg_part *const longer =
            realloc(*parts, ((size_t)*count + 1) * sizeof(*longer));
        if (!longer) {
            status = fail_memory(error);
            break;
        }
        *parts = longer;
        struct wr_ffmpeg_part *const part = &longer[at + made];
        if (made++) {
            memmove(part + 1, part, (size_t)(*count - at - made + 1) * sizeof(*part));
            ++*count;
        }
        *part = (struct wr_ffmpeg_part){0};
        char *const file = read_piece(&text, "|"); // its options have quotes of their own
        status = file ? make_part(part, &whole, file, error) : fail_memory(error);
        free(file);
        text += *text == '|';
    }
    if (made)
        free(whole.argv);
    return status;
}

enum wr_status wr_ffmpeg_tee_expand(struct wr_ffmpeg_part **parts, int *count,
                                    struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < *count && !status; n++)
        if (has_tee(&(*parts)[n]))
            status = expand_one(parts, count, n, error);
    return status;
}
