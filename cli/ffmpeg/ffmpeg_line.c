// SPDX-License-Identifier: MIT
// Reads a line written for ffmpeg. An option belongs to the input or the output that follows it,
// and some of our options are put together from several.
#include "cli/ffmpeg/ffmpeg_line.h"

#include <string.h>

#include "cli/expect.h"
#include "cli/ffmpeg/ffmpeg_expand.h"
#include "cli/ffmpeg/ffmpeg_sounds.h"
#include "cli/ffmpeg/ffmpeg_times.h"
#include "cli/ffmpeg/ffmpeg_videos.h"
#include "cli/ffmpeg/ffmpeg_words.h"

bool wr_ffmpeg_takes_value(const struct wr_ffmpeg_word *word)
{
    const struct wr_ffmpeg_option *const behind = wr_ffmpeg_find_row(word, WR_BEHIND);
    const struct wr_ffmpeg_option *const before = wr_ffmpeg_find_row(word, WR_BEFORE);
    return !(behind && behind->is_flag) && !(before && before->is_flag);
}

static enum wr_status take_input(struct wr_ffmpeg_line *line, const struct wr_ffmpeg_word *word)
{
    line->word = word;
    if (line->inputs++)
        return wr_ffmpeg_set(line, "input", word->value);
    line->settings->job.input = word->value;
    return WR_OK;
}

static enum wr_status take_output(struct wr_ffmpeg_line *line, const char *name)
{
    if (line->settings->job.output)
        return wr_fail(line->error, WR_USAGE,
                       "\"%s\" is a second output after \"%s\": a line makes one file", name,
                       line->settings->job.output);
    line->settings->job.output = name;
    return WR_OK;
}

// Adds a map of what the graph makes, before all others: as in ffmpeg it is in the output unasked.
static enum wr_status put_graph(struct wr_ffmpeg_line *line)
{
    bool chooses = false; // maps with '-' only take streams away
    int count = 0;
    for (const char *const *map = line->settings->job.maps; map && *map; map++, count++)
        chooses |= **map != '-';
    if (!line->has_graph || !chooses)
        return WR_OK;
    const enum wr_status status = wr_ffmpeg_set(line, "map", "[out]");
    const char **const maps = (const char **)line->settings->job.maps; // the settings' own list
    for (int n = count; n > 0 && !status; n--) {
        const char *const before = maps[n - 1];
        maps[n - 1] = maps[n];
        maps[n] = before;
    }
    return status;
}

// Sets what is put together from several options.
static enum wr_status put_together(struct wr_ffmpeg_line *line)
{
    line->word = NULL;
    enum wr_status status = put_graph(line);
    if (!status)
        status = wr_ffmpeg_put_times(line);
    if (!status)
        status = wr_ffmpeg_put_videos(line);
    if (!status && !line->settings->job.pix_fmt)
        status = wr_ffmpeg_set(line, "pix-fmt", "?");
    const char *const chain = line->settings->job.chain;
    if (!status && line->scaler_flags && chain)
        status = wr_ffmpeg_set(line, "filter",
                               wr_ffmpeg_make(line, "sws_flags=%s;%s", line->scaler_flags, chain));
    return status ? status : wr_ffmpeg_put_sounds(line);
}

int wr_ffmpeg_last_input(int argc, char **argv)
{
    int last = 0;
    for (int n = 1; n + 1 < argc; n++)
        if (!strcmp(argv[n], "-i"))
            last = n;
    return last;
}

// An option of our own, as --expect FILE: it belongs to the whole line.
static enum wr_status read_own(struct wr_ffmpeg_line *line, int argc, char **argv, int *n)
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

static enum wr_status read_words(struct wr_ffmpeg_line *line, int argc, char **argv)
{
    const int inputs_end = wr_ffmpeg_last_input(argc, argv);
    enum wr_status status = WR_OK;
    for (int n = 1; n < argc && !status; n++) {
        struct wr_ffmpeg_word word = {.text = argv[n]};
        line->place = n < inputs_end ? WR_BEFORE : WR_BEHIND;
        if (word.text[0] != '-' || !word.text[1]) {
            status = take_output(line, word.text);
            continue;
        }
        if (!strncmp(word.text, "--", 2)) {
            status = read_own(line, argc, argv, &n);
            continue;
        }
        wr_ffmpeg_split_name(&word);
        if (wr_ffmpeg_takes_value(&word)) {
            if (n + 1 == argc)
                return wr_fail(line->error, WR_USAGE, "%s needs a value", word.text);
            word.value = argv[++n];
        }
        status = strcmp(word.text, "-i") ? wr_ffmpeg_expand(line, &word) : take_input(line, &word);
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

// A looped picture has no end that -shortest could find, unless there is sound beside it.
static enum wr_status check_shortest(const struct wr_settings *settings, int argc, char **argv,
                                     struct wr_error *error)
{
    const struct wr_job_options *job = &settings->job;
    const bool has_end = job->to || job->duration || job->frames >= 0;
    return job->shortest && !job->inputs && has_word(argc, argv, "-loop") && !has_end
               ? wr_fail(error, WR_USAGE,
                         "-shortest does not end a picture that -loop repeats: say with -t how "
                         "long it is shown")
               : WR_OK;
}

enum wr_status wr_ffmpeg_line_read(struct wr_settings *settings, int argc, char **argv,
                                   struct wr_error *error)
{
    struct wr_ffmpeg_line line = {.settings = settings, .error = error};
    settings->job.fps_mode = WR_FPS_AUTO;
    settings->job.takes_largest = true;
    enum wr_status status = wr_ffmpeg_set_mux_delay(&line, "0.7");
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
