// SPDX-License-Identifier: MIT
// Looks for filters that make sound without end in the text of a graph.
#include "lib/chain/endless.h"

#include <libavutil/avstring.h>
#include <libavutil/dict.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/sound_part.h"

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

// How a filter of several inputs ends.
enum ending { WITH_LAST, WITH_FIRST_INPUT, WITH_SHORTEST, BY_ITSELF };

// Parameter number `place`, or the one of this name, in `value`.
static void find_value(char value[32], const char *parameters, const char *name, int place)
{
    const size_t length = strlen(name);
    *value = '\0';
    for (int n = 0; parameters && *parameters; n++) {
        const size_t end = strcspn(parameters, ":");
        const bool has_name = !strncmp(parameters, name, length) && parameters[length] == '=';
        const bool has_place = n == place && !memchr(parameters, '=', end);
        const size_t skipped = has_name ? length + 1 : 0;
        if (has_name || has_place)
            av_strlcpy(value, parameters + skipped, FFMIN(32, end - skipped + 1));
        parameters += end + (parameters[end] == ':');
    }
}

static enum ending ending_of(const struct wr_graph_filter *filter)
{
    char value[32];
    find_value(value, filter->parameters, "duration", 1);
    if (!strcmp(filter->name, "amix"))
        return !strcmp(value, "first")      ? WITH_FIRST_INPUT
               : !strcmp(value, "shortest") ? WITH_SHORTEST
                                            : WITH_LAST;
    if (!strcmp(filter->name, "atrim")) {
        char end[32];
        find_value(end, filter->parameters, "end", 1);
        find_value(value, filter->parameters, "duration", -1);
        return *end || *value ? BY_ITSELF : WITH_LAST;
    }
    const bool is_short =
        av_match_name(filter->name, "amerge,amultiply,sidechaincompress,sidechaingate");
    return is_short ? WITH_SHORTEST : WITH_LAST;
}

// Labels of links on which sound never ends.
struct links {
    const char *names[4 * WR_MOST_SOUNDS];
    int count;
};

static bool has_link(const struct links *links, const char *name, uint32_t endless)
{
    char *end;
    const long number = !strncmp(name, "in", 2) ? strtol(name + 2, &end, 10) : -1;
    bool has = number >= 0 && number < 32 && end > name + 2 && !*end && endless >> number & 1;
    for (int n = 0; n < links->count; n++)
        has |= !strcmp(links->names[n], name);
    return has;
}

// Whether a filter's sound never ends; `carried` is how that is with the filter before a comma.
static bool goes_on(const struct wr_graph_filter *filter, const struct links *links, bool carried,
                    uint32_t endless)
{
    bool first = carried, any = carried, all = carried || filter->in.count;
    for (int n = 0; n < filter->in.count; n++) {
        const bool one = has_link(links, filter->in.names[n], endless);
        first = n ? first : one;
        any |= one;
        all &= one;
    }
    const enum ending ending = ending_of(filter);
    return never_ends(filter) || (ending == WITH_LAST          ? any
                                  : ending == WITH_FIRST_INPUT ? first
                                  : ending == WITH_SHORTEST    ? all
                                                               : false);
}

// Goes through the filters once. Returns whether what comes out last never ends.
static bool follow(const struct wr_graph *graph, struct links *links, uint32_t endless)
{
    bool carried = false, result = false;
    for (int n = 0; n < graph->count; n++) {
        const struct wr_graph_filter *filter = &graph->filters[n];
        const bool ours = goes_on(filter, links, carried, endless);
        for (int k = 0; k < filter->out.count && ours; k++)
            if (!has_link(links, filter->out.names[k], endless) &&
                links->count < (int)FF_ARRAY_ELEMS(links->names))
                links->names[links->count++] = filter->out.names[k];
        carried = filter->carries && ours;
        result = ours;
    }
    return has_link(links, "end", endless) ||
           (!graph->filters[graph->count - 1].out.count && result);
}

bool wr_sound_never_ends(const char *text, uint32_t endless)
{
    struct wr_graph graph = {.count = 0};
    struct links links = {.count = 0};
    bool found = false;
    // The sound of a chain is written to be followed by a conversion: a semicolon is its end.
    char *whole = av_strdup(text ? text : "");
    const size_t length = whole ? strlen(whole) : 0;
    if (length && whole[length - 1] == ';')
        whole[length - 1] = '\0';
    if (whole && !wr_graph_open(&graph, whole, NULL))
        for (int n = 0; n < graph.count; n++) // a link may be written before what it comes from
            found = follow(&graph, &links, endless);
    wr_graph_close(&graph);
    av_free(whole);
    return found;
}
