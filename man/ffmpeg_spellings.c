// SPDX-License-Identifier: MIT
// From the table of ffmpeg's options to spellings and what they take.
#include "man/ffmpeg_spellings.h"

#include <stdio.h>
#include <string.h>

#include "cli/ffmpeg/ffmpeg_options.h"
#include "cli/options.h"

// What an option takes, or help of it, where nothing better is known.
static const struct wr_option_info nothing = {.argument = "VALUE", .help = ""};

// The option of ours that the row becomes.
static struct wr_option_info own_option(const struct wr_ffmpeg_option *row)
{
    for (int i = 0; row->own && i < wr_option_count(); i++) {
        const struct wr_option_info option = wr_option_describe(i);
        if (!strcmp(option.name, row->own))
            return option;
    }
    return nothing;
}

// stream: the letter of the stream specifier, '-' for none.
static const char *argument_of(const struct wr_ffmpeg_option *row, char stream)
{
    const char kind = row->key ? *row->key : stream;
    if (row->is_flag)
        return NULL;
    switch (row->special) {
    case WR_FFMPEG_CODEC:
        return kind == 'a' ? "SOUND_CODEC" : kind == 's' ? "TEXT_CODEC" : "CODEC";
    case WR_FFMPEG_SCRIPT:
    case WR_FFMPEG_GRAPH_SCRIPT:
        return "FILE";
    case WR_FFMPEG_PLAIN:
    case WR_FFMPEG_GRAPH:
    case WR_FFMPEG_AUDIO_FILTER:
    case WR_FFMPEG_PIX_FMT:
        return row->key || !own_option(row).argument ? nothing.argument : own_option(row).argument;
    default:
        return nothing.argument;
    }
}

// Whether the option means something else for other streams than video.
static bool has_streams(const struct wr_ffmpeg_option *row)
{
    bool found = row->streams != NULL;
    const struct wr_ffmpeg_option *other;
    for (int n = 0; (other = wr_ffmpeg_option_at(n)); n++)
        found |= other->streams && !strcmp(other->name, row->name);
    return found;
}

void each_ffmpeg_spelling(void (*put_row)(void *opaque, const char *spelling, const char *argument,
                                          const char *help),
                          void *opaque)
{
    const struct wr_ffmpeg_option *row;
    for (int n = 0; (row = wr_ffmpeg_option_at(n)); n++) {
        if (!(row->places & (WR_BEHIND | WR_GLOBAL)) || row->refused)
            continue;
        const char *const streams = row->streams ? row->streams : has_streams(row) ? "-v" : "-";
        for (const char *stream = streams; *stream; stream++) {
            char spelling[64];
            if (!strchr("-vas", *stream))
                continue;
            snprintf(spelling, sizeof spelling, *stream == '-' ? "-%s" : "-%s:%c", row->name,
                     *stream);
            put_row(opaque, spelling, argument_of(row, *stream), own_option(row).help);
        }
    }
}
