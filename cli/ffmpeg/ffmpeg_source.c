// SPDX-License-Identifier: MIT
// Makes an input of the graph in a line of ffmpeg's that has no other. FFmpeg's device "lavfi"
// reads graphs whose outputs are called out0, out1 and so on.
#include "cli/ffmpeg/ffmpeg_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ffmpeg/ffmpeg_line.h"

enum { MOST = sizeof(((struct wr_ffmpeg_source *)0)->outputs) / sizeof(char *) };

// The end of what begins here: a quoted text, a character behind '\', or a single one.
static const char *skip_one(const char *at)
{
    if (*at == '\\' && at[1])
        return at + 2;
    const char *const end = *at == '\'' ? strchr(at + 1, '\'') : NULL;
    return end ? end + 1 : at + 1;
}

// Whether a filter of the graph takes the label as its input: those stand before the filter's name.
static bool is_taken(const char *graph, const char *label, size_t length)
{
    bool before_name = true;
    for (const char *at = graph; *at;) {
        const char *const end = *at == '[' ? strchr(at, ']') : NULL;
        if (end && before_name && (size_t)(end + 1 - at) == length && !strncmp(at, label, length))
            return true;
        if (!end && !strchr(" \t\n", *at))
            before_name = *at == ',' || *at == ';';
        at = end ? end + 1 : skip_one(at);
    }
    return false;
}

static bool add_output(struct wr_ffmpeg_source *source, FILE *out, const char *label, size_t length)
{
    if (source->count == MOST || !(source->outputs[source->count] = strndup(label, length)))
        return false;
    fprintf(out, "[out%d]", source->count++);
    return true;
}

// Writes the graph with its outputs named as a source's. False where there are too many.
static bool write_graph(struct wr_ffmpeg_source *source, FILE *out, const char *graph)
{
    bool before_name = true, has_label = false;
    const char *at = graph;
    for (; *at;) {
        const char *const end = *at == '[' ? strchr(at, ']') : NULL;
        const char *const next = end ? end + 1 : skip_one(at);
        if (*at == ';' && !has_label && !before_name && !add_output(source, out, "", 0))
            return false;
        const bool is_output = end && !before_name && !is_taken(graph, at, (size_t)(next - at));
        if (is_output && !add_output(source, out, at, (size_t)(next - at)))
            return false;
        if (!is_output)
            fwrite(at, 1, (size_t)(next - at), out);
        if (!end && !strchr(" \t\n", *at)) {
            before_name = *at == ',' || *at == ';';
            has_label = false;
        }
        has_label |= end && !before_name;
        at = next;
    }
    return has_label || before_name || add_output(source, out, "", 0);
}

static bool is_graph(const char *word)
{
    return !strcmp(word, "-filter_complex") || !strcmp(word, "-lavfi");
}

// "0:1" for "[label]"; NULL for any other map.
static char *map_of(const struct wr_ffmpeg_source *source, const char *map)
{
    char *made = NULL;
    for (int n = 0; n < source->count; n++)
        if (*map && !strcmp(source->outputs[n], map))
            return asprintf(&made, "0:%d", n) < 0 ? NULL : made;
    return NULL;
}

static enum wr_status put_words(struct wr_ffmpeg_source *source, int argc, char **argv,
                                struct wr_error *error)
{
    static char format[] = "-f", lavfi[] = "lavfi", input[] = "-i";
    source->argv = calloc((size_t)argc + 4, sizeof(*source->argv));
    source->maps = calloc((size_t)argc + 1, sizeof(*source->maps));
    if (!source->argv || !source->maps)
        return wr_fail(error, WR_FAILED, "out of memory");
    char *const first[] = {argv[0], format, lavfi, input, source->graph};
    memcpy(source->argv, first, sizeof(first));
    source->argc = sizeof(first) / sizeof(*first);
    int made = 0;
    for (int n = 1; n < argc; n++) {
        if (is_graph(argv[n])) {
            n++;
            continue;
        }
        char *const map = !strcmp(argv[n - 1], "-map") ? map_of(source, argv[n]) : NULL;
        source->argv[source->argc++] = map ? map : argv[n];
        if (map)
            source->maps[made++] = map;
    }
    return WR_OK;
}

enum wr_status wr_ffmpeg_source_make(struct wr_ffmpeg_source *source, int argc, char **argv,
                                     struct wr_error *error)
{
    *source = (struct wr_ffmpeg_source){0};
    const char *graph = NULL;
    for (int n = 1; n + 1 < argc; n++)
        graph = is_graph(argv[n]) ? argv[n + 1] : graph;
    if (!graph || wr_is_ffmpeg_line(argc, argv))
        return WR_OK;
    size_t size;
    FILE *const out = open_memstream(&source->graph, &size);
    const bool is_written = out && write_graph(source, out, graph);
    if (!out || fclose(out))
        return wr_fail(error, WR_FAILED, "out of memory");
    return is_written
               ? put_words(source, argc, argv, error)
               : wr_fail(error, WR_USAGE,
                         "a graph without inputs has %d outputs at most, and \"%s\" has more",
                         (int)MOST, graph);
}

void wr_ffmpeg_source_free(struct wr_ffmpeg_source *source)
{
    for (int n = 0; source->maps && source->maps[n]; n++)
        free(source->maps[n]);
    for (int n = 0; n < source->count; n++)
        free(source->outputs[n]);
    free(source->maps);
    free(source->graph);
    free(source->argv);
    *source = (struct wr_ffmpeg_source){0};
}
