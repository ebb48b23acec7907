// SPDX-License-Identifier: MIT
// Reads as much of a graph's grammar as tells its chains apart. What is not understood is left for
// the library, which says what is wrong.
#include "cli/ffmpeg_graph.h"

#include <ctype.h>
#include <string.h>

// A chain of the graph that filters sound: "[0:a:1] atempo=2 [a]".
struct sound {
    const char *begin, *end; // of the chain, without the semicolon
    const char *input;       // behind the first bracket: "0:a:1"
    int input_length;
    const char *filters;
    int filters_length;
    const char *label; // with its brackets, NULL for none
    int label_length;
};

// The first of the characters that stands neither in quotes nor behind a backslash, or the end.
static const char *find_outside(const char *text, const char *end, const char *characters)
{
    bool is_quoted = false;
    for (; text < end; text++) {
        if (*text == '\\' && !is_quoted && text + 1 < end)
            text++;
        else if (*text == '\'')
            is_quoted = !is_quoted;
        else if (!is_quoted && strchr(characters, *text))
            return text;
    }
    return end;
}

static const char *skip_spaces(const char *text, const char *end)
{
    while (text < end && isspace((unsigned char)*text))
        text++;
    return text;
}

// How long "N:a" or "N:a:M" at the text is, 0 for anything else.
static int length_of_input(const char *text)
{
    const size_t file = strspn(text, "0123456789");
    if (!file || strncmp(text + file, ":a", 2))
        return 0;
    const char *const more = text + file + 2;
    return (int)file + 2 + (*more == ':' ? 1 + (int)strspn(more + 1, "0123456789") : 0);
}

// Whether the chain takes one stream of sound, and gives one, with no label between.
static bool read_sound(struct sound *sound, const char *begin, const char *end)
{
    *sound = (struct sound){.begin = begin, .end = end};
    const char *text = skip_spaces(begin, end);
    if (text == end || *text != '[' || !(sound->input_length = length_of_input(text + 1)))
        return false;
    sound->input = text + 1;
    text += 1 + sound->input_length;
    if (text == end || *text != ']')
        return false;
    sound->filters = skip_spaces(text + 1, end);
    const char *const label = find_outside(sound->filters, end, "[");
    sound->filters_length = (int)(label - sound->filters);
    if (label == end)
        return sound->filters_length > 0;
    const char *const close = find_outside(label, end, "]");
    sound->label = label;
    sound->label_length = (int)(close - label) + 1;
    return sound->filters_length > 0 && close < end && skip_spaces(close + 1, end) == end;
}

// Finds the only chain of sound.
static bool find_sound(struct sound *found, const char *graph)
{
    const char *const end = graph + strlen(graph);
    int count = 0;
    for (const char *begin = graph; begin < end;) {
        const char *const stop = find_outside(begin, end, ";");
        struct sound sound;
        if (read_sound(&sound, begin, stop)) {
            *found = sound;
            count++;
        }
        begin = stop + (stop < end);
    }
    return count == 1;
}

// Maps of the label name the stream that is filtered. A chain without a label is in the output
// without a map.
static enum wr_status map_sound(struct wr_ffmpeg_line *line, const struct sound *sound)
{
    const bool names_stream = memchr(sound->input, 'a', (size_t)sound->input_length) ==
                              sound->input + sound->input_length - 1;
    const char *const stream =
        wr_ffmpeg_make(line, "%.*s%s", sound->input_length, sound->input, names_stream ? ":0" : "");
    if (!stream)
        return WR_FAILED;
    const char **const maps = (const char **)line->settings->job.maps; // the settings' own
    for (int n = 0; maps && maps[n] && sound->label; n++)
        if (strlen(maps[n]) == (size_t)sound->label_length &&
            !strncmp(maps[n], sound->label, (size_t)sound->label_length))
            maps[n] = stream;
    return maps && !sound->label ? wr_ffmpeg_set(line, "map", stream) : WR_OK;
}

static enum wr_status take_sound(struct wr_ffmpeg_line *line, const struct sound *sound)
{
    const char *const graph = line->settings->job.chain;
    const char *rest = sound->end + (*sound->end == ';');
    const bool is_last = !*rest && sound->begin > graph;
    const char *const left =
        wr_ffmpeg_make(line, "%.*s%s", (int)(sound->begin - graph) - is_last, graph, rest);
    enum wr_status status = left ? map_sound(line, sound) : WR_FAILED;
    if (!status)
        status = wr_ffmpeg_set(line, "audio-filter",
                               wr_ffmpeg_make(line, "%.*s", sound->filters_length, sound->filters));
    line->settings->job.chain = left;
    return status;
}

enum wr_status wr_ffmpeg_put_graph(struct wr_ffmpeg_line *line)
{
    const struct wr_job_options *const job = &line->settings->job;
    struct sound sound = {NULL};
    enum wr_status status = WR_OK;
    if (line->has_graph && job->chain && !job->audio_filter && find_sound(&sound, job->chain))
        status = take_sound(line, &sound);
    bool chooses = false, has_label = false;
    for (const char *const *map = job->maps; map && *map; map++) {
        chooses |= **map != '-'; // the others take away from all
        has_label |= **map == '[';
    }
    const bool has_own = job->chain && *job->chain; // what it makes is in the output without a map
    return status || !line->has_graph || !chooses || has_label || !has_own
               ? status
               : wr_ffmpeg_set(line, "map", "[out]");
}
