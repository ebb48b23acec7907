// SPDX-License-Identifier: MIT
// Looks for filters that make sound without end in the text of a graph.
#include "lib/chain/endless.h"

#include <libavutil/dict.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/graph.h"

// A filter of that name never ends: unless one of `lengths` is given; or, where it loops, if the
// number of loops is negative.
static const struct {
    const char *name;
    const char *lengths[5];
    bool loops;
} rows[] = {
    {"apad", {"pad_len", "whole_len", "pad_dur", "whole_dur"}, false},
    {"aloop", {NULL}, true},
};

static bool has_length(const AVDictionary *given, const char *const *lengths)
{
    for (; *lengths; lengths++) {
        const AVDictionaryEntry *entry = av_dict_get(given, *lengths, NULL, 0);
        if (entry && strtod(entry->value, NULL) > 0)
            return true;
    }
    return false;
}

static bool never_ends(const struct wr_graph_filter *filter)
{
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        if (strcmp(filter->name, rows[n].name))
            continue;
        AVDictionary *given = NULL;
        av_dict_parse_string(&given, filter->parameters ? filter->parameters : "", "=", ":", 0);
        const AVDictionaryEntry *loop = av_dict_get(given, "loop", NULL, 0);
        const char *first = filter->parameters ? filter->parameters : "0"; // aloop=-1:1000
        const bool endless = rows[n].loops ? atoi(loop ? loop->value : first) < 0
                                           : !has_length(given, rows[n].lengths);
        av_dict_free(&given);
        return endless;
    }
    return false;
}

bool wr_sound_never_ends(const char *text)
{
    struct wr_graph graph = {.count = 0};
    bool found = false;
    // The sound of a chain is written to be followed by a conversion: a semicolon is its end.
    char *whole = av_strdup(text ? text : "");
    const size_t length = whole ? strlen(whole) : 0;
    if (length && whole[length - 1] == ';')
        whole[length - 1] = '\0';
    if (whole && !wr_graph_open(&graph, whole, NULL))
        for (int n = 0; n < graph.count; n++)
            found |= never_ends(&graph.filters[n]);
    wr_graph_close(&graph);
    av_free(whole);
    return found;
}
