// SPDX-License-Identifier: MIT
// Takes a filter graph apart, filter by filter, with libavutil's rules for quotes and escapes.
#include "lib/chain/graph.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPACES " \n\t\r"

static enum wr_status fail_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}

static void skip_spaces(const char **text)
{
    *text += strspn(*text, SPACES);
}

// Any number of "[name]" from *text, which is moved behind them.
static enum wr_status read_labels(const char **text, struct wr_labels *labels,
                                  struct wr_error *error)
{
    while (**text == '[') {
        const char *start = (*text)++;
        char **larger =
            reallocarray(labels->names, (size_t)labels->count + 1, sizeof *labels->names);
        if (!larger)
            return fail_memory(error);
        labels->names = larger;
        char *name = av_get_token(text, "]");
        if (!name)
            return fail_memory(error);
        labels->names[labels->count++] = name;
        if (**text != ']')
            return wr_fail(error, WR_USAGE, "'%s' in the chain: a ']' is missing", start);
        if (!*name)
            return wr_fail(error, WR_USAGE, "'[]' in the chain: the label's name is missing");
        ++*text;
        skip_spaces(text);
    }
    return WR_OK;
}

// What stands from start to end, without spaces at the end that are not escaped, and so that
// something else can follow it.
static char *copy_trimmed(const char *start, const char *end)
{
    char *closed;
    while (end > start && strchr(SPACES, end[-1]) && !(end - start > 1 && end[-2] == '\\'))
        end--;
    char *const copy = strndup(start, (size_t)(end - start));
    if (!copy || asprintf(&closed, "%s%s", copy, wr_open_end(copy)) < 0)
        closed = NULL;
    free(copy);
    return closed;
}

static bool take_sws_flags(struct wr_graph_filter *filter, const char *flags)
{
    if (!flags || strcmp(filter->name, "scale") ||
        (filter->parameters && strstr(filter->parameters, "flags")))
        return true;
    char *old = filter->parameters, *text;
    if (asprintf(&text, "%s%sflags=%s", old ? old : "", old ? ":" : "", flags) < 0)
        return false;
    free(old);
    filter->parameters = text;
    return true;
}

// One filter with its labels from *text, which is moved to what ends it.
static enum wr_status read_filter(const char **text, struct wr_graph_filter *filter,
                                  const char *sws_flags, struct wr_error *error)
{
    skip_spaces(text);
    enum wr_status status = read_labels(text, &filter->in, error);
    if (status)
        return status;
    const char *start = *text;
    char *name = av_get_token(text, "=,;[");
    filter->name = name ? strndup(name, strcspn(name, "@")) : NULL;
    av_free(name);
    if (filter->name && **text == '=') {
        ++*text;
        char *parameters = av_get_token(text, "[],;");
        filter->parameters = parameters ? strdup(parameters) : NULL;
        av_free(parameters);
        if (!filter->parameters)
            return fail_memory(error);
    }
    filter->text = copy_trimmed(start, *text);
    if (!filter->name || !filter->text || !take_sws_flags(filter, sws_flags))
        return fail_memory(error);
    if (!*filter->name)
        return wr_fail(error, WR_USAGE, "a filter's name is missing in the chain%s%s%s",
                       **text ? " before '" : "", *text, **text ? "'" : "");
    status = read_labels(text, &filter->out, error);
    filter->carries = **text == ',';
    if (!status && **text && !strchr(",;", **text))
        status =
            wr_fail(error, WR_USAGE,
                    "'%s' in the chain: after a filter comes ',', ';' or a label in '[]'", *text);
    return status;
}

static enum wr_status read_sws_flags(const char **text, char **flags, struct wr_error *error)
{
    static const char prefix[] = "sws_flags=";
    const size_t length = sizeof prefix - 1;
    if (strncmp(*text, prefix, length) != 0)
        return WR_OK;
    const char *start = *text + length, *end = strchr(start, ';');
    if (!end)
        return wr_fail(error, WR_USAGE, "'%s' in the chain: a ';' must follow", *text);
    *flags = strndup(start, (size_t)(end - start));
    *text = end + 1;
    return *flags ? WR_OK : fail_memory(error);
}

// ---- labels that are used again

// A label where it stands, and the one that it is linked with.
struct place {
    char **name;
    bool is_output;
    int other; // below 0 for none
};

// Gives both ends of a link a name that no other has.
static bool rename_link(struct place *a, struct place *b, int number)
{
    char *names[] = {av_asprintf("%s, link %d", *a->name, number),
                     av_asprintf("%s, link %d", *b->name, number)};
    if (!names[0] || !names[1]) {
        av_free(names[0]);
        av_free(names[1]);
        return false;
    }
    av_free(*a->name);
    av_free(*b->name);
    *a->name = names[0];
    *b->name = names[1];
    return true;
}

// Links place number `at` with the first before it that is open. Another link, or what the graph
// makes, may have the same name, as in ffmpeg.
static bool link_place(struct place *places, int count, int at)
{
    bool is_shared = false;
    int found = -1;
    for (int n = 0; n < at && found < 0; n++)
        if (places[n].other < 0 && places[n].is_output != places[at].is_output &&
            !strcmp(*places[n].name, *places[at].name))
            found = n;
    if (found < 0)
        return true;
    for (int n = 0; n < count; n++)
        is_shared |= n != found && n != at && places[n].is_output &&
                     !strcmp(*places[n].name, *places[at].name);
    places[found].other = at;
    places[at].other = found;
    return !is_shared || rename_link(&places[found], &places[at], at);
}

static int add_places(struct place *places, int count, const struct wr_labels *labels,
                      bool is_output)
{
    for (int n = 0; n < labels->count; n++)
        places[count++] = (struct place){&labels->names[n], is_output, -1};
    return count;
}

static enum wr_status tell_apart(const struct wr_graph *graph, struct wr_error *error)
{
    size_t all = 1;
    int count = 0;
    bool has_room = true;
    for (int n = 0; n < graph->count; n++)
        all += (size_t)(graph->filters[n].in.count + graph->filters[n].out.count);
    struct place *places = calloc(all, sizeof *places);
    for (int n = 0; places && n < graph->count; n++) {
        count = add_places(places, count, &graph->filters[n].in, false);
        count = add_places(places, count, &graph->filters[n].out, true);
    }
    for (int n = 0; n < count && has_room; n++)
        has_room = link_place(places, count, n);
    has_room &= places != NULL;
    free(places);
    return has_room ? WR_OK : fail_memory(error);
}

enum wr_status wr_graph_open(struct wr_graph *graph, const char *text, struct wr_error *error)
{
    *graph = (struct wr_graph){0};
    const char *rest = text ? text : "";
    skip_spaces(&rest);
    enum wr_status status = read_sws_flags(&rest, &graph->sws_flags, error);
    bool more = *rest;
    while (more && !status) {
        struct wr_graph_filter *larger =
            reallocarray(graph->filters, (size_t)graph->count + 1, sizeof *larger);
        if (!larger)
            return fail_memory(error);
        graph->filters = larger;
        struct wr_graph_filter *filter = &larger[graph->count++];
        *filter = (struct wr_graph_filter){0};
        status = read_filter(&rest, filter, graph->sws_flags, error);
        more = *rest;
        rest += more;
    }
    return status ? status : tell_apart(graph, error);
}

static void close_labels(struct wr_labels *labels)
{
    for (int n = 0; n < labels->count; n++)
        av_free(labels->names[n]);
    free(labels->names);
}

static void close_filter(struct wr_graph_filter *filter)
{
    free(filter->name);
    free(filter->parameters);
    free(filter->text);
    close_labels(&filter->in);
    close_labels(&filter->out);
}

void wr_graph_remove(struct wr_graph *graph, int at)
{
    struct wr_graph_filter *filter = &graph->filters[at];
    close_filter(filter);
    memmove(filter, filter + 1, (size_t)(--graph->count - at) * sizeof *filter);
}

void wr_graph_close(struct wr_graph *graph)
{
    for (int n = 0; n < graph->count; n++)
        close_filter(&graph->filters[n]);
    free(graph->filters);
    free(graph->sws_flags);
    *graph = (struct wr_graph){0};
}
