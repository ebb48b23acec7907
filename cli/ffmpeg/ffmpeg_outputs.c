// SPDX-License-Identifier: MIT
// Finds the outputs in a line of ffmpeg's, and takes the line apart.
#include "cli/ffmpeg/ffmpeg_outputs.h"

#include <stdlib.h>
#include <string.h>

#include "cli/ffmpeg/ffmpeg_line.h"
#include "cli/ffmpeg/ffmpeg_tee.h"
#include "cli/ffmpeg/ffmpeg_words.h"

// What a word of the line is, with the value that may follow it. LACKS_VALUE: none follows it, at
// the end of the line.
enum kind { OPTION, GLOBAL, GRAPH, OUTPUT, LACKS_VALUE };

struct item {
    enum kind kind;
    int words;
};

static struct item look_at(int left, char **argv)
{
    struct wr_ffmpeg_word word = {.text = argv[0]};
    if (word.text[0] != '-' || !word.text[1])
        return (struct item){OUTPUT, 1};
    if (!strncmp(word.text, "--", 2)) {
        const char *const argument = wr_option_argument(word.text + 2);
        return (struct item){OPTION, argument && *argument && left > 1 ? 2 : 1};
    }
    wr_ffmpeg_split_name(&word);
    const struct wr_ffmpeg_option *const row = wr_ffmpeg_find_row(&word, WR_BEHIND);
    const int words = wr_ffmpeg_takes_value(&word) ? 2 : 1;
    if (words > left)
        return (struct item){LACKS_VALUE, 1};
    const bool is_graph =
        row && (row->special == WR_FFMPEG_GRAPH || row->special == WR_FFMPEG_GRAPH_SCRIPT);
    const enum kind kind = is_graph                                         ? GRAPH
                           : row && row->places & WR_GLOBAL && row->is_flag ? GLOBAL
                                                                            : OPTION;
    return (struct item){kind, words};
}

static void append(struct wr_ffmpeg_part *part, char **words, int count)
{
    for (int n = 0; n < count; n++)
        part->argv[part->argc++] = words[n];
    part->argv[part->argc] = NULL;
}

static enum wr_status check(int outputs, char **argv, int first, struct wr_error *error)
{
    for (int n = 1; n < first; n++)
        if (!strcmp(argv[n], "-i") && (!strcmp(argv[n + 1], "-") || !strcmp(argv[n + 1], "pipe:0")))
            return wr_fail(error, WR_USAGE,
                           "standard input can be read once, and %d outputs are made one after "
                           "another",
                           outputs);
    return WR_OK;
}

// Whether the part's words up to now map what a graph makes.
static bool maps_label(const struct wr_ffmpeg_part *part)
{
    for (int n = 1; n + 1 < part->argc; n++)
        if (!strcmp(part->argv[n], "-map") && *part->argv[n + 1] == '[')
            return true;
    return false;
}

// A graph goes to the outputs that map what it makes; without a label it is for the first one.
static void share_graph(struct wr_ffmpeg_part *parts, int count, char **words)
{
    static char shared[] = "--shared-chain";
    char *option[] = {shared};
    bool is_mapped = false;
    for (int n = 0; n < count; n++) {
        const bool maps = maps_label(&parts[n]);
        is_mapped |= maps;
        if (!maps)
            continue;
        append(&parts[n], words, 2);
        append(&parts[n], option, count > 1);
    }
    if (!is_mapped)
        append(parts, words, 2);
}

// Gives each output its words; what is said for the whole line goes to all.
static void share_out(struct wr_ffmpeg_part *parts, int count, int first, int argc, char **argv)
{
    int at = 0;
    for (int n = 0; n < count; n++)
        append(&parts[n], argv, first);
    for (int n = first; n < argc;) {
        const struct item item = look_at(argc - n, argv + n);
        for (int all = 0; item.kind == GLOBAL && all < count; all++)
            append(&parts[all], argv + n, item.words);
        if (item.kind == OUTPUT)
            parts[at].output = parts[at].argc;
        if (item.kind != GLOBAL && item.kind != GRAPH)
            append(&parts[at], argv + n, item.words);
        at += item.kind == OUTPUT && at + 1 < count;
        n += item.words;
    }
    for (int n = first; n < argc;) { // once all maps are known
        const struct item item = look_at(argc - n, argv + n);
        if (item.kind == GRAPH)
            share_graph(parts, count, argv + n);
        n += item.words;
    }
}

enum wr_status wr_ffmpeg_parts_make(struct wr_ffmpeg_part **parts, int *count, int argc,
                                    char **argv, struct wr_error *error)
{
    const bool is_ffmpegs = wr_is_ffmpeg_line(argc, argv);
    const int last_input = is_ffmpegs ? wr_ffmpeg_last_input(argc, argv) : 0;
    const int first = last_input ? last_input + 2 : argc;
    int outputs = 0;
    *count = 0;
    for (int n = first; n < argc;) {
        const struct item item = look_at(argc - n, argv + n);
        if (item.kind == LACKS_VALUE)
            return wr_fail(error, WR_USAGE, "%s needs a value", argv[n]);
        outputs += item.kind == OUTPUT;
        n += item.words;
    }
    outputs = outputs > 1 ? outputs : 1;
    *parts = calloc((size_t)outputs, sizeof(**parts));
    if (!*parts)
        return wr_fail(error, WR_FAILED, "out of memory");
    for (; *count < outputs; (*count)++) {
        (*parts)[*count].argv = calloc(2 * (size_t)argc + 1, sizeof(*argv));
        if (!(*parts)[*count].argv)
            return wr_fail(error, WR_FAILED, "out of memory");
    }
    share_out(*parts, outputs, first < argc ? first : argc, argc, argv);
    const enum wr_status status = wr_ffmpeg_tee_expand(parts, count, error);
    return status || *count < 2 ? status : check(*count, argv, first, error);
}

void wr_ffmpeg_parts_free(struct wr_ffmpeg_part **parts, int count)
{
    for (int n = 0; n < count; n++) {
        for (int word = 0; word < (*parts)[n].made_count; word++)
            free((*parts)[n].made[word]);
        free((*parts)[n].made);
        free((*parts)[n].argv);
    }
    free(*parts);
    *parts = NULL;
}
