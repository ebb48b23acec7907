// SPDX-License-Identifier: MIT
// Refuses options of ffmpeg's in a line of our own, and says what they are here.
#include "cli/ffmpeg/ffmpeg_refuse.h"

#include <stdio.h>
#include <string.h>

#include "cli/ffmpeg/ffmpeg_words.h"

// What is better said with an option of ours than with the encoder's.
static const char *const better[][2] = {
    {"crf", "quality"},    {"qp", "quality"},    {"q", "quality"},
    {"qscale", "quality"}, {"preset", "preset"},
};

// What an option becomes at a place, NULL for nothing; *known if there is one at all.
static const char *own_option(const struct wr_ffmpeg_word *word, int place, bool *known)
{
    const struct wr_ffmpeg_option *const row = wr_ffmpeg_find_row(word, place);
    const char *const own =
        row ? row->own : wr_ffmpeg_library_option(place, word->name, word->specifier);
    *known |= row || own;
    for (size_t n = 0; own && n < sizeof(better) / sizeof(*better); n++)
        if (!strcmp(own, "encoder-option") && !strcmp(word->name, better[n][0]))
            return better[n][1];
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

enum wr_status wr_ffmpeg_take_question(int argc, char **argv, struct wr_error *error)
{
    static char version[] = "--version", filters[] = "--list-filters";
    static const char *const lists[] = {"-codecs", "-encoders",    "-decoders", "-formats",
                                        "-muxers", "-demuxers",    "-pix_fmts", "-protocols",
                                        "-bsfs",   "-sample_fmts", "-devices",  "-layouts"};
    const int asked = argc - 1; // "-hide_banner" may stand before it
    if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[1], "-hide_banner")))
        return WR_OK;
    for (size_t n = 0; n < sizeof(lists) / sizeof(*lists); n++)
        if (!strcmp(argv[asked], lists[n]))
            return wr_fail(error, WR_USAGE,
                           "%s is about FFmpeg's libraries, which warpreel uses: ask ffmpeg %s",
                           argv[asked], argv[asked]);
    char *const own = !strcmp(argv[asked], "-version")   ? version
                      : !strcmp(argv[asked], "-filters") ? filters
                                                         : NULL;
    for (int n = 1; own && n < argc; n++)
        argv[n] = own;
    return WR_OK;
}
