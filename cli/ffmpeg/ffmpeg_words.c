// SPDX-License-Identifier: MIT
// Makes options of ours of single options of ffmpeg's line: by their rows, or by what FFmpeg's
// libraries know of them.
#include "cli/ffmpeg/ffmpeg_words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/ffmpeg/ffmpeg_sounds.h"

// ---- options with a rule of their own

static enum wr_status read_log_level(struct wr_ffmpeg_line *line)
{
    static const char *const quiet[] = {"quiet", "panic", "fatal", "error", "-8", "0", "8", "16"};
    static const char *const verbose[] = {"verbose", "debug", "trace", "40", "48", "56"};
    const char *level = strrchr(line->word->value, '+');
    level = level ? level + 1 : line->word->value;
    line->settings->quiet = line->settings->verbose = false;
    for (size_t n = 0; n < sizeof(quiet) / sizeof(*quiet); n++)
        line->settings->quiet |= !strcmp(level, quiet[n]);
    for (size_t n = 0; n < sizeof(verbose) / sizeof(*verbose); n++)
        line->settings->verbose |= !strcmp(level, verbose[n]);
    return WR_OK;
}

// "-metadata k=v" and "-metadata:s:a:0 k=v".
static enum wr_status read_metadata(struct wr_ffmpeg_line *line)
{
    const char *const specifier = line->word->specifier;
    if (*specifier != 's')
        return wr_ffmpeg_set(line, "metadata", line->word->value);
    return wr_ffmpeg_set(
        line, "stream-metadata",
        wr_ffmpeg_make(line, "%s/%s", specifier + 1 + (specifier[1] == ':'), line->word->value));
}

static enum wr_status read_of_streams(struct wr_ffmpeg_line *line,
                                      const struct wr_ffmpeg_option *row)
{
    return wr_ffmpeg_set(line, row->own,
                         wr_ffmpeg_make(line, "%s/%s", row->key ? row->key : line->word->specifier,
                                        line->word->value));
}

// Filters for packets that the containers ask for by themselves are not needed.
static enum wr_status read_packet_filter(struct wr_ffmpeg_line *line,
                                         const struct wr_ffmpeg_option *row)
{
    static const char *const automatic[] = {"h264_mp4toannexb", "hevc_mp4toannexb", "aac_adtstoasc",
                                            "vp9_superframe", "null"};
    for (size_t n = 0; n < sizeof(automatic) / sizeof(*automatic); n++)
        if (!strcmp(line->word->value, automatic[n]))
            return WR_OK;
    return read_of_streams(line, row);
}

// -map_metadata and -map_chapters: "-1" is none, any other number an input. Streams always have
// their own tags, not those of another input. As in ffmpeg, -1 for one stream removes those of all
// streams.
static enum wr_status read_from(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_option *row)
{
    const char *const value = line->word->value;
    const size_t digits = strspn(value, "0123456789");
    if (!strncmp(value, "-1", 2) && *line->word->specifier == 's')
        return wr_ffmpeg_set(line, "stream-metadata", "/*=");
    if (!strncmp(value, "-1", 2) && *line->word->specifier == 'g')
        return wr_ffmpeg_set(line, "metadata", "*=");
    if (!strncmp(value, "-1", 2))
        return wr_option_set(line->settings, row->key, NULL, line->error);
    if (*line->word->specifier && *line->word->specifier != 'g')
        return WR_OK;
    return digits && (!value[digits] || !strcmp(value + digits, ":g"))
               ? wr_ffmpeg_set(line, row->own, wr_ffmpeg_make(line, "%.*s", (int)digits, value))
               : wr_fail(line->error, WR_USAGE,
                         "%s %s is not possible: it takes the number of an input, or -1 for none",
                         line->word->text, value);
}

// -vsync and -fps_mode.
static enum wr_status read_sync(struct wr_ffmpeg_line *line)
{
    static const char *const names[][3] = {{"passthrough", "0", "keep"},
                                           {"cfr", "1", "cfr"},
                                           {"vfr", "2", "vfr"},
                                           {"auto", "-1", "auto"},
                                           {"drop", "drop", "keep"}};
    const char *const value = line->word->value;
    for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++)
        if (!strcmp(value, names[n][0]) || !strcmp(value, names[n][1]))
            return wr_ffmpeg_set(line, "fps-mode", names[n][2]);
    return wr_fail(line->error, WR_USAGE, "%s takes passthrough, cfr, vfr or auto, not \"%s\"",
                   line->word->text, value);
}

// "-ss -1" is one second before the beginning: of the input, or behind all of them, of each.
static enum wr_status read_start(struct wr_ffmpeg_line *line, const char *own)
{
    const char *const value = line->word->value;
    const int first = line->place == WR_BEFORE ? line->inputs : 0;
    const int last = line->place == WR_BEFORE ? line->inputs : line->inputs - 1;
    enum wr_status status = *value == '-' ? WR_OK : wr_ffmpeg_set(line, own, value);
    for (int n = first; *value == '-' && n <= last && !status; n++)
        status = wr_ffmpeg_set(line, "input-setting",
                               wr_ffmpeg_make(line, "%d/offset=%s", n, value + 1));
    return status;
}

static enum wr_status read_bitexact(struct wr_ffmpeg_line *line)
{
    const enum wr_status status = wr_ffmpeg_set(line, "encoder-option", "flags=+bitexact");
    return status ? status : wr_ffmpeg_set(line, "muxer-option", "fflags=+bitexact");
}

// "10M" is ten million, "10Mi" is ten times 1024 times 1024. ffmpeg takes all numbers for bits
// where a B follows, and multiplies by 8.
static enum wr_status read_bytes(struct wr_ffmpeg_line *line, const char *own)
{
    static const char letters[] = "KMGT";
    const char *const value = line->word->value;
    char *end;
    double bytes = strtod(value, &end);
    const char *const letter = *end ? strchr(letters, toupper((unsigned char)*end)) : NULL;
    const bool is_binary = letter && end[1] == 'i';
    for (const char *l = letters; letter && l <= letter; l++)
        bytes *= is_binary ? 1024 : 1000;
    end += letter ? 1 + is_binary : 0;
    bytes *= *end == 'B' ? 8 : 1;
    end += *end == 'B';
    return end == value || *end || !(bytes >= 1 && bytes < 1e18)
               ? wr_fail(line->error, WR_USAGE, "%s %s is not a number of bytes such as 10M",
                         line->word->text, value)
               : wr_ffmpeg_set(line, own, wr_ffmpeg_make(line, "%.0f", bytes));
}

// ffmpeg's own default of 0.7 s is where the times of MPEG transport streams come from.
enum wr_status wr_ffmpeg_set_mux_delay(struct wr_ffmpeg_line *line, const char *seconds)
{
    const double microseconds = strtod(seconds, NULL) * 1e6;
    return wr_ffmpeg_set(line, "muxer-option",
                         wr_ffmpeg_make(line, "max_delay=%.0f", microseconds));
}

// The muxer's own flag "shortest" would drop packets of pictures that are made already.
static enum wr_status read_flags(struct wr_ffmpeg_line *line, const char *own)
{
    static const char word[] = "shortest";
    const char *const value = line->word->value;
    const char *const found = strstr(value, word);
    if (!found || (found > value && found[-1] == '-'))
        return wr_ffmpeg_set(line, own, wr_ffmpeg_make(line, "fflags=%s", value));
    const int before = (int)(found - value) - (found > value);
    const char *const rest =
        wr_ffmpeg_make(line, "fflags=%.*s%s", before, value, found + sizeof word - 1);
    const enum wr_status status = strcmp(rest, "fflags=") ? wr_ffmpeg_set(line, own, rest) : WR_OK;
    return status ? status : wr_ffmpeg_set(line, "shortest", "");
}

static enum wr_status read_timestamp(struct wr_ffmpeg_line *line, const char *own)
{
    const char *text = line->word->value;
    char now[32];
    const time_t seconds = time(NULL);
    struct tm utc;
    if (!strcmp(text, "now") && gmtime_r(&seconds, &utc)) {
        strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
        text = now;
    }
    return wr_ffmpeg_set(line, own, wr_ffmpeg_make(line, "creation_time=%s", text));
}

static enum wr_status read_pix_fmt(struct wr_ffmpeg_line *line, const char *own)
{
    const char *const value = line->word->value;
    return wr_ffmpeg_set(line, own, *value == '+' ? value + 1 : wr_ffmpeg_make(line, "%s?", value));
}

static enum wr_status read_special(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_option *row)
{
    switch (row->special) {
    case WR_FFMPEG_CODEC:
        return wr_ffmpeg_read_codec(line, row);
    case WR_FFMPEG_AUDIO_OPTION:
        return wr_ffmpeg_read_audio_option(line, row->key);
    case WR_FFMPEG_AUDIO_FILTER:
        return wr_ffmpeg_read_audio_filter(line);
    case WR_FFMPEG_MAP_CHANNEL:
        return wr_ffmpeg_read_channel(line);
    case WR_FFMPEG_LOG_LEVEL:
        return read_log_level(line);
    case WR_FFMPEG_MAP_FROM:
        return read_from(line, row);
    case WR_FFMPEG_METADATA:
        return read_metadata(line);
    case WR_FFMPEG_OF_STREAMS:
        return read_of_streams(line, row);
    case WR_FFMPEG_PACKET_FILTER:
        return read_packet_filter(line, row);
    case WR_FFMPEG_SCALER_FLAGS:
        line->scaler_flags = line->word->value;
        return WR_OK;
    case WR_FFMPEG_SYNC:
        return read_sync(line);
    case WR_FFMPEG_START:
        return read_start(line, row->own);
    case WR_FFMPEG_END:
        line->end = line->word->value;
        return WR_OK;
    case WR_FFMPEG_COPY_TIMES:
        line->copies_times = true;
        return wr_ffmpeg_remark(line,
                                "-copyts is for filters, -ss, -t and -to; what is written begins "
                                "with its first frame");
    case WR_FFMPEG_LENGTH:
        return wr_ffmpeg_set(line, "to", wr_ffmpeg_make(line, "+%s", line->word->value));
    case WR_FFMPEG_CHANNELS:
        return wr_ffmpeg_set(line, row->own,
                             wr_ffmpeg_make(line, "ch_layout=%sC", line->word->value));
    case WR_FFMPEG_BITEXACT:
        return read_bitexact(line);
    case WR_FFMPEG_MUX_DELAY:
        return wr_ffmpeg_set_mux_delay(line, line->word->value);
    case WR_FFMPEG_PIX_FMT:
        return read_pix_fmt(line, row->own);
    case WR_FFMPEG_FLAGS:
        return read_flags(line, row->own);
    case WR_FFMPEG_TIMESTAMP:
        return read_timestamp(line, row->own);
    case WR_FFMPEG_BYTES:
        return read_bytes(line, row->own);
    case WR_FFMPEG_GRAPH:
        line->has_graph = true;
        return wr_ffmpeg_set(line, row->own, line->word->value);
    case WR_FFMPEG_SWITCH: // these are read before: see ffmpeg_expand.h
    case WR_FFMPEG_TARGET:
    case WR_FFMPEG_SCRIPT:
    case WR_FFMPEG_GRAPH_SCRIPT:
    case WR_FFMPEG_PLAIN:
        break;
    }
    return WR_OK;
}

// ---- options by row and by library

static enum wr_status read_row(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_option *row)
{
    const struct wr_ffmpeg_word *const word = line->word;
    if (row->refused)
        return wr_fail(line->error, WR_USAGE, "%s %s", word->text, row->refused);
    if (row->unneeded)
        return *row->unneeded ? wr_ffmpeg_remark(
                                    line, wr_ffmpeg_make(line, "%s %s", word->text, row->unneeded))
                              : WR_OK;
    if (row->special)
        return read_special(line, row);
    if (line->place == WR_BEFORE && line->inputs && row->places == (WR_BEFORE | WR_BEHIND))
        return wr_fail(line->error, WR_USAGE, "%s stands before the first -i or behind the last",
                       word->text);
    if (row->own && !strcmp(row->own, "input-setting"))
        return wr_ffmpeg_set(line, row->own,
                             wr_ffmpeg_make(line, "%d/%s=%s", line->inputs, row->key, word->value));
    if (row->is_flag)
        return wr_ffmpeg_set(line, row->own, row->key ? row->key : "");
    return wr_ffmpeg_set(line, row->own,
                         row->key ? wr_ffmpeg_make(line, "%s=%s", row->key, word->value)
                                  : word->value);
}

const char *wr_ffmpeg_library_option(int place, const char *name, const char *specifier)
{
    const int found = wr_libav_find_option(name);
    const bool is_sound = *specifier == 'a';
    if (place == WR_BEFORE)
        return found & (WR_LIBAV_DEMUXER | WR_LIBAV_DECODER) ? "input-option" : NULL;
    if (found & (WR_LIBAV_ENCODER | WR_LIBAV_AUDIO_ENCODER))
        return is_sound || !(found & WR_LIBAV_ENCODER) ? "audio" : "encoder-option";
    return found & WR_LIBAV_MUXER ? "muxer-option" : NULL;
}

static enum wr_status read_library_option(struct wr_ffmpeg_line *line, const char *own)
{
    const struct wr_ffmpeg_word *const word = line->word;
    // As with ffmpeg, an option of other encoders or containers than those chosen changes nothing.
    if (!strcmp(own, "encoder-option") || !strcmp(own, "muxer-option"))
        return wr_ffmpeg_set(line, own, wr_ffmpeg_make(line, "%s?=%s", word->name, word->value));
    return !strcmp(own, "audio")
               ? wr_ffmpeg_read_audio_option(line, word->name)
               : wr_ffmpeg_set(line, own, wr_ffmpeg_make(line, "%s=%s", word->name, word->value));
}

const struct wr_ffmpeg_option *wr_ffmpeg_find_row(const struct wr_ffmpeg_word *word, int place)
{
    return wr_ffmpeg_option_find(word->name, word->specifier, place);
}

static enum wr_status refuse_unknown(const struct wr_ffmpeg_line *line,
                                     const struct wr_ffmpeg_word *word)
{
    const int other = line->place == WR_BEFORE ? WR_BEHIND : WR_BEFORE;
    const char *const own = wr_ffmpeg_option_nearest(word->name);
    const char *const nearest = wr_nearest_of_two(
        word->name, own, wr_libav_nearest_option(word->name, line->place == WR_BEFORE));
    if (wr_ffmpeg_find_row(word, other) ||
        wr_ffmpeg_library_option(other, word->name, word->specifier))
        return wr_fail(line->error, WR_USAGE, "%s belongs %s -i", word->text,
                       other == WR_BEFORE ? "before" : "behind");
    if (nearest && strcmp(nearest, word->name))
        return wr_fail(line->error, WR_USAGE, "unknown option %s: did you mean -%s?", word->text,
                       nearest);
    if (own && !strcmp(own, word->name))
        return wr_fail(line->error, WR_USAGE, "%s: -%s takes no stream specifier \"%s\" here",
                       word->text, word->name, word->specifier);
    return wr_fail(line->error, WR_USAGE,
                   "unknown option %s: FFmpeg's libraries have none of this name, and warpreel "
                   "--%s lists what there is",
                   word->text, wr_option_name(help));
}

void wr_ffmpeg_split_name(struct wr_ffmpeg_word *word)
{
    const char *const colon = strchr(word->text, ':');
    const size_t length = colon ? (size_t)(colon - word->text) : strlen(word->text);
    snprintf(word->name, sizeof(word->name), "%.*s", (int)length - 1, word->text + 1);
    word->specifier = colon ? colon + 1 : "";
}

enum wr_status wr_ffmpeg_read_option(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_word *word)
{
    const struct wr_ffmpeg_option *const row = wr_ffmpeg_find_row(word, line->place);
    const char *const own =
        row ? NULL : wr_ffmpeg_library_option(line->place, word->name, word->specifier);
    line->word = word;
    return row   ? read_row(line, row)
           : own ? read_library_option(line, own)
                 : refuse_unknown(line, word);
}
