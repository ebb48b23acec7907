// SPDX-License-Identifier: MIT
// An option of ffmpeg's line belongs to the input or the output that follows it. Each one becomes
// an option of ours, by its row or by what FFmpeg's libraries know of it.
#include "cli/ffmpeg_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/expect.h"
#include "cli/ffmpeg_options.h"

// An option with its value, as they stand in the line.
struct word {
    const char *text;      // "-b:v"
    char name[64];         // "b"
    const char *specifier; // "v", "" for none
    const char *value;     // NULL for a flag
};

struct line {
    struct wr_settings *settings;
    int place;               // WR_BEFORE or WR_BEHIND
    int inputs;              // so far
    const struct word *word; // being read
    bool has_graph;          // -filter_complex
    struct wr_error *error;
    // What is put together from several options; NULL if not given.
    const char *audio_codec, *audio_options, *scaler_flags, *end;
};

// ---- making words

static const char *make(struct line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// A string that lives as long as the settings; NULL, with the error set, where memory is short.
static const char *make(struct line *line, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    const char *const kept = wr_settings_keep(line->settings, text);
    if (!kept)
        wr_fail(line->error, WR_FAILED, "out of memory");
    return kept;
}

// Sets one of our options to text that was made, which is NULL where memory was short.
static enum wr_status set(struct line *line, const char *own, const char *text)
{
    if (!text)
        return WR_FAILED;
    struct wr_error error;
    const enum wr_status status = wr_option_set(line->settings, own, text, &error);
    return status ? wr_fail(line->error, status, "%s %s: %s", line->word ? line->word->text : "",
                            line->word && line->word->value ? line->word->value : "", error.text)
                  : WR_OK;
}

static enum wr_status remark(struct line *line, const char *sentence)
{
    struct wr_settings *const settings = line->settings;
    size_t count = 0;
    while (settings->remarks && settings->remarks[count])
        count++;
    const char **const longer = realloc(settings->remarks, (count + 2) * sizeof(*longer));
    if (!longer || !sentence)
        return wr_fail(line->error, WR_FAILED, "out of memory");
    settings->remarks = longer;
    longer[count] = sentence;
    longer[count + 1] = NULL;
    return WR_OK;
}

// ---- options with a rule of their own

static enum wr_status read_codec(struct line *line, const struct wr_ffmpeg_option *row)
{
    const char *const value = line->word->value;
    const char stream = row->key ? *row->key : *line->word->specifier;
    if (stream == 'a' || !stream)
        line->audio_codec = value;
    if (stream == 'v' || (!stream && !line->settings->job.codec))
        return set(line, "codec", value);
    if (stream == 's' && strcmp(value, "copy"))
        return remark(line, make(line,
                                 "%s %s changes nothing: subtitles take a form that the "
                                 "container holds",
                                 line->word->text, value));
    return WR_OK;
}

static enum wr_status read_audio_option(struct line *line, const char *key)
{
    const char *const before = line->audio_options;
    line->audio_options =
        make(line, "%s%s%s=%s", before ? before : "", before ? ":" : "", key, line->word->value);
    return line->audio_options ? WR_OK : WR_FAILED;
}

static enum wr_status read_log_level(struct line *line)
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
static enum wr_status read_metadata(struct line *line)
{
    const char *const specifier = line->word->specifier;
    if (*specifier != 's')
        return set(line, "metadata", line->word->value);
    return set(line, "stream-metadata",
               make(line, "%s/%s", specifier + 1 + (specifier[1] == ':'), line->word->value));
}

static enum wr_status read_from(struct line *line, const char *own)
{
    if (!strncmp(line->word->value, "-1", 2))
        return wr_option_set(line->settings, own, NULL, line->error);
    return *line->word->value == '0' || *line->word->specifier
               ? WR_OK
               : wr_fail(line->error, WR_USAGE,
                         "%s %s: only 0, the first input, and -1, none, are "
                         "possible",
                         line->word->text, line->word->value);
}

// -vsync and -fps_mode.
static enum wr_status read_sync(struct line *line)
{
    static const char *const names[][3] = {{"passthrough", "0", "keep"},
                                           {"cfr", "1", "cfr"},
                                           {"vfr", "2", "vfr"},
                                           {"auto", "-1", "auto"},
                                           {"drop", "drop", "keep"}};
    const char *const value = line->word->value;
    for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++)
        if (!strcmp(value, names[n][0]) || !strcmp(value, names[n][1]))
            return set(line, "fps-mode", names[n][2]);
    return wr_fail(line->error, WR_USAGE, "%s takes passthrough, cfr, vfr or auto, not \"%s\"",
                   line->word->text, value);
}

static enum wr_status read_bitexact(struct line *line)
{
    const enum wr_status status = set(line, "encoder-option", "flags=+bitexact");
    return status ? status : set(line, "muxer-option", "fflags=+bitexact");
}

// ffmpeg's own default of 0.7 s is where the times of MPEG transport streams come from.
static enum wr_status set_mux_delay(struct line *line, const char *seconds)
{
    const double microseconds = strtod(seconds, NULL) * 1e6;
    return set(line, "muxer-option", make(line, "max_delay=%.0f", microseconds));
}

static enum wr_status read_special(struct line *line, const struct wr_ffmpeg_option *row)
{
    switch (row->special) {
    case WR_FFMPEG_CODEC:
        return read_codec(line, row);
    case WR_FFMPEG_AUDIO_OPTION:
        return read_audio_option(line, row->key);
    case WR_FFMPEG_LOG_LEVEL:
        return read_log_level(line);
    case WR_FFMPEG_MAP_METADATA:
        return read_from(line, "no-metadata");
    case WR_FFMPEG_MAP_CHAPTERS:
        return read_from(line, "no-chapters");
    case WR_FFMPEG_METADATA:
        return read_metadata(line);
    case WR_FFMPEG_SCALER_FLAGS:
        line->scaler_flags = line->word->value;
        return WR_OK;
    case WR_FFMPEG_SYNC:
        return read_sync(line);
    case WR_FFMPEG_END:
        line->end = line->word->value;
        return WR_OK;
    case WR_FFMPEG_LENGTH:
        return set(line, "to", make(line, "+%s", line->word->value));
    case WR_FFMPEG_BITEXACT:
        return read_bitexact(line);
    case WR_FFMPEG_MUX_DELAY:
        return set_mux_delay(line, line->word->value);
    case WR_FFMPEG_GRAPH:
        line->has_graph = true;
        return set(line, row->own, line->word->value);
    case WR_FFMPEG_PLAIN:
        break;
    }
    return WR_OK;
}

// ---- options by row and by library

static enum wr_status read_row(struct line *line, const struct wr_ffmpeg_option *row)
{
    const struct word *const word = line->word;
    if (row->refused)
        return wr_fail(line->error, WR_USAGE, "%s %s", word->text, row->refused);
    if (row->unneeded)
        return *row->unneeded ? remark(line, make(line, "%s %s", word->text, row->unneeded))
                              : WR_OK;
    if (row->special)
        return read_special(line, row);
    if (row->is_flag)
        return set(line, row->own, row->key ? row->key : "");
    return set(line, row->own, row->key ? make(line, "%s=%s", row->key, word->value) : word->value);
}

// What FFmpeg's libraries call so at this place, as one of our options; NULL for nothing.
static const char *library_option(int place, const char *name, const char *specifier)
{
    const int found = wr_libav_find_option(name);
    const bool is_sound = *specifier == 'a';
    if (place == WR_BEFORE)
        return found & (WR_LIBAV_DEMUXER | WR_LIBAV_DECODER) ? "input-option" : NULL;
    if (found & (WR_LIBAV_ENCODER | WR_LIBAV_AUDIO_ENCODER))
        return is_sound || !(found & WR_LIBAV_ENCODER) ? "audio" : "encoder-option";
    return found & WR_LIBAV_MUXER ? "muxer-option" : NULL;
}

static enum wr_status read_library_option(struct line *line, const char *own)
{
    const struct word *const word = line->word;
    // As with ffmpeg, an option of other encoders or containers than those chosen changes nothing.
    if (!strcmp(own, "encoder-option") || !strcmp(own, "muxer-option"))
        return set(line, own, make(line, "%s?=%s", word->name, word->value));
    return !strcmp(own, "audio") ? read_audio_option(line, word->name)
                                 : set(line, own, make(line, "%s=%s", word->name, word->value));
}

static const struct wr_ffmpeg_option *find_row(const struct word *word, int place)
{
    return wr_ffmpeg_option_find(word->name, word->specifier, place);
}

static enum wr_status refuse_unknown(const struct line *line, const struct word *word)
{
    const int other = line->place == WR_BEFORE ? WR_BEHIND : WR_BEFORE;
    const char *const nearest = wr_ffmpeg_option_nearest(word->name);
    if (find_row(word, other) || library_option(other, word->name, word->specifier))
        return wr_fail(line->error, WR_USAGE, "%s belongs %s -i", word->text,
                       other == WR_BEFORE ? "before" : "behind");
    if (nearest && strcmp(nearest, word->name))
        return wr_fail(line->error, WR_USAGE, "unknown option %s: did you mean -%s?", word->text,
                       nearest);
    if (nearest)
        return wr_fail(line->error, WR_USAGE, "%s: -%s takes no stream specifier \"%s\" here",
                       word->text, word->name, word->specifier);
    return wr_fail(line->error, WR_USAGE,
                   "unknown option %s: FFmpeg's libraries have none of this name, and warpreel "
                   "--%s lists what there is",
                   word->text, wr_option_name(help));
}

static void split_name(struct word *word)
{
    const char *const colon = strchr(word->text, ':');
    const size_t length = colon ? (size_t)(colon - word->text) : strlen(word->text);
    snprintf(word->name, sizeof(word->name), "%.*s", (int)length - 1, word->text + 1);
    word->specifier = colon ? colon + 1 : "";
}

// Whether the option takes a value: all that are not flags do, also those that nobody knows.
static bool takes_value(const struct word *word)
{
    const struct wr_ffmpeg_option *const behind = find_row(word, WR_BEHIND);
    const struct wr_ffmpeg_option *const before = find_row(word, WR_BEFORE);
    return !(behind && behind->is_flag) && !(before && before->is_flag);
}

static enum wr_status read_option(struct line *line, const struct word *word)
{
    const struct wr_ffmpeg_option *const row = find_row(word, line->place);
    const char *const own = row ? NULL : library_option(line->place, word->name, word->specifier);
    const bool is_global = row && row->places & WR_GLOBAL;
    line->word = word;
    if (line->place == WR_BEFORE && line->inputs > 0 && !is_global)
        return wr_fail(line->error, WR_USAGE,
                       "%s %s: only the first -i takes options before it here", word->text,
                       word->value ? word->value : "");
    return row   ? read_row(line, row)
           : own ? read_library_option(line, own)
                 : refuse_unknown(line, word);
}

// ---- the line

static enum wr_status take_input(struct line *line, const struct word *word)
{
    line->word = word;
    if (line->inputs++)
        return set(line, "input", word->value);
    line->settings->job.input = word->value;
    return WR_OK;
}

static enum wr_status take_output(struct line *line, const char *name)
{
    if (line->settings->job.output)
        return wr_fail(line->error, WR_USAGE,
                       "\"%s\" is a second output after \"%s\": a line makes one file", name,
                       line->settings->job.output);
    line->settings->job.output = name;
    return WR_OK;
}

// -to behind -i is a time of the input, as -ss there is.
static enum wr_status put_end(struct line *line)
{
    const struct wr_job_options *const job = &line->settings->job;
    int64_t start = 0, end;
    if (!line->end || job->duration)
        return WR_OK;
    if (!wr_parse_time(line->end, &end) || (job->skip && !wr_parse_time(job->skip, &start)))
        return wr_fail(line->error, WR_USAGE, "-to %s is not a time such as 90 or 1:30", line->end);
    if (end <= start)
        return wr_fail(line->error, WR_USAGE, "-to %s is not later than -ss %s", line->end,
                       job->skip ? job->skip : "0");
    return set(line, "duration", make(line, "%lldus", (long long)(end - start)));
}

static enum wr_status put_audio(struct line *line)
{
    const char *const codec = line->audio_codec ? line->audio_codec : "";
    if (line->settings->job.no_audio || (!*codec && !line->audio_options))
        return WR_OK;
    return !strcmp(codec, "copy") && !line->audio_options
               ? WR_OK
               : set(line, "audio",
                     make(line, "%s%s%s", codec, line->audio_options ? ":" : "",
                          line->audio_options ? line->audio_options : ""));
}

// What a graph makes is in the output without a map of its own, where it has no label.
static enum wr_status put_graph(struct line *line)
{
    bool chooses = false, has_label = false;
    for (const char *const *map = line->settings->job.maps; map && *map; map++) {
        chooses |= **map != '-'; // the others take away from all
        has_label |= **map == '[';
    }
    return line->has_graph && chooses && !has_label ? set(line, "map", "[out]") : WR_OK;
}

// Sets what is put together from several options.
static enum wr_status put_together(struct line *line)
{
    const char *const chain = line->settings->job.chain;
    enum wr_status status = WR_OK;
    line->word = NULL;
    if (line->scaler_flags && chain)
        status = set(line, "filter", make(line, "sws_flags=%s;%s", line->scaler_flags, chain));
    if (!status)
        status = put_graph(line);
    if (!status)
        status = put_end(line);
    return status ? status : put_audio(line);
}

// How many words there are up to and with the last -i.
static int last_input(int argc, char **argv)
{
    int last = 0;
    for (int n = 1; n + 1 < argc; n++)
        if (!strcmp(argv[n], "-i"))
            last = n;
    return last;
}

// An option of our own, as --expect FILE: it belongs to the whole line.
static enum wr_status read_own(struct line *line, int argc, char **argv, int *n)
{
    const char *const text = argv[*n];
    const char *const name = text + 2;
    const char *const argument = wr_option_argument(name);
    if (!argument)
        return wr_fail(line->error, WR_USAGE,
                       "unknown option %s: warpreel --%s lists what there is", text,
                       wr_option_name(help));
    if (*argument && *n + 1 == argc)
        return wr_fail(line->error, WR_USAGE, "%s needs an argument: %s", text, argument);
    return wr_option_set(line->settings, name, *argument ? argv[++*n] : NULL, line->error);
}

static enum wr_status read_words(struct line *line, int argc, char **argv)
{
    const int inputs_end = last_input(argc, argv);
    enum wr_status status = WR_OK;
    for (int n = 1; n < argc && !status; n++) {
        struct word word = {.text = argv[n]};
        line->place = n < inputs_end ? WR_BEFORE : WR_BEHIND;
        if (word.text[0] != '-' || !word.text[1]) {
            status = take_output(line, word.text);
            continue;
        }
        if (!strncmp(word.text, "--", 2)) {
            status = read_own(line, argc, argv, &n);
            continue;
        }
        split_name(&word);
        if (takes_value(&word)) {
            if (n + 1 == argc)
                return wr_fail(line->error, WR_USAGE, "%s needs a value", word.text);
            word.value = argv[++n];
        }
        status = strcmp(word.text, "-i") ? read_option(line, &word) : take_input(line, &word);
    }
    return status;
}

bool wr_is_ffmpeg_line(int argc, char **argv)
{
    for (int n = 1; n < argc; n++)
        if (!strcmp(argv[n], "-i"))
            return true;
    return false;
}

static bool has_word(int argc, char **argv, const char *word)
{
    for (int n = 1; n < argc; n++)
        if (!strcmp(argv[n], word))
            return true;
    return false;
}

// A looped picture has no end that -shortest could find: sound of further inputs is not taken.
static enum wr_status check_shortest(const struct wr_settings *settings, int argc, char **argv,
                                     struct wr_error *error)
{
    const struct wr_job_options *job = &settings->job;
    const bool has_end = job->to || job->duration || job->frames >= 0;
    return has_word(argc, argv, "-shortest") && has_word(argc, argv, "-loop") && !has_end
               ? wr_fail(error, WR_USAGE,
                         "-shortest does not end a picture that -loop repeats: say with -t how "
                         "long it is shown")
               : WR_OK;
}

enum wr_status wr_ffmpeg_line_read(struct wr_settings *settings, int argc, char **argv,
                                   struct wr_error *error)
{
    struct line line = {.settings = settings, .error = error};
    settings->job.fps_mode = WR_FPS_AUTO;
    enum wr_status status = set_mux_delay(&line, "0.7");
    if (!status)
        status = read_words(&line, argc, argv);
    if (!status && !settings->job.output && !wr_expect_is_asked(settings))
        status = wr_fail(error, WR_USAGE, "no output: it stands last in a line with -i");
    if (!status)
        status = put_together(&line);
    if (!status)
        status = check_shortest(settings, argc, argv, error);
    return status ? status : wr_settings_check(settings, error);
}

// ---- lines of our own

// What an option becomes at a place, NULL for nothing; *known if there is one at all.
static const char *own_option(const struct word *word, int place, bool *known)
{
    const struct wr_ffmpeg_option *const row = find_row(word, place);
    const char *const own = row ? row->own : library_option(place, word->name, word->specifier);
    *known |= row || own;
    return own;
}

static enum wr_status refuse(const char *text, struct wr_error *error)
{
    struct word word = {.text = text};
    bool known = false;
    char hint[128] = "";
    split_name(&word);
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
