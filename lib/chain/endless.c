// SPDX-License-Identifier: MIT
// Looks for filters without end in the text of a graph.
#include "lib/chain/endless.h"

#include <libavutil/avstring.h>
#include <libavutil/macros.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <stdlib.h>
#include <string.h>

#include "lib/chain/sound_part.h"

// Parameter number `place`, or the one of this name; the caller frees it, NULL where it is not
// given.
static char *find_value(const char *parameters, const char *name, int place)
{
    char *found = NULL;
    for (int n = 0; parameters && *parameters; n++) {
        char *key = NULL, *value = NULL;
        if (av_opt_get_key_value(&parameters, "=", ":", AV_OPT_FLAG_IMPLICIT_KEY, &key, &value) < 0)
            break;
        if (key ? !strcmp(key, name) : n == place)
            FFSWAP(char *, found, value);
        av_free(key);
        av_free(value);
        parameters += *parameters == ':';
    }
    return found;
}

static double find_number(const struct wr_graph_filter *filter, const char *name, int place)
{
    char *value = find_value(filter->parameters, name, place);
    const double number = value ? strtod(value, NULL) : 0;
    av_free(value);
    return number;
}

// Whether the filter itself goes on without end, also once its input has ended.
static bool never_ends(const struct wr_graph_filter *filter)
{
    static const char *const lengths[] = {"pad_len", "whole_len", "pad_dur", "whole_dur"};
    bool has_length = false;
    for (int n = 0; n < 4; n++)
        has_length |= find_number(filter, lengths[n], n + 1) > 0;
    return !strcmp(filter->name, "aloop")  ? find_number(filter, "loop", 0) < 0
           : !strcmp(filter->name, "apad") ? !has_length
                                           : false;
}

// How a filter of several inputs ends.
enum ending { WITH_LAST, WITH_FIRST_INPUT, WITH_SHORTEST, BY_ITSELF };

static enum ending ending_of(const struct wr_graph_filter *filter)
{
    enum ending ending = WITH_LAST;
    char *duration = find_value(filter->parameters, "duration", 1);
    char *end = find_value(filter->parameters, "end", 1);
    char *at_end = find_value(filter->parameters, "eof_action", -1);
    if (!strcmp(filter->name, "amix") && duration)
        ending = !strcmp(duration, "first")      ? WITH_FIRST_INPUT
                 : !strcmp(duration, "shortest") ? WITH_SHORTEST
                                                 : WITH_LAST;
    else if (av_match_name(filter->name, "trim,atrim"))
        ending =
            end || duration || find_number(filter, "end_frame", -1) > 0 ? BY_ITSELF : WITH_LAST;
    else if (find_number(filter, "shortest", -1) > 0 || (at_end && !strcmp(at_end, "endall")))
        ending = WITH_SHORTEST;
    else if (av_match_name(filter->name, "amerge,amultiply,sidechaincompress,sidechaingate"))
        ending = WITH_SHORTEST;
    av_free(duration);
    av_free(end);
    av_free(at_end);
    return ending;
}

// Labels of links that never end.
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

// Whether what a filter gives never ends. `carried`: whether what the filter before it hands over
// by a comma never ends.
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
    return has_link(links, "end", endless) || has_link(links, "out", endless) ||
           (!graph->filters[graph->count - 1].out.count && result);
}

bool wr_graph_never_ends(const char *text, uint32_t endless)
{
    struct wr_graph graph = {.count = 0};
    struct links links = {.count = 0};
    bool found = false;
    // wr_sound_part ends its text with a semicolon, so that a conversion can follow. Here none
    // does.
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
