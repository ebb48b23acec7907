// SPDX-License-Identifier: MIT
// Parses a chain and lowers it, filter by filter, in the order the user wrote it.
#include "lib/chain.h"

#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/eval.h>
#include <libavutil/mem.h>
#include <libavutil/parseutils.h>
#include <stdio.h>
#include <string.h>

#include "lib/parameters.h"
#include "lib/warpreel.h"

enum { MOST_VARIABLES = 32 };

static enum wr_status evaluate(const struct wr_lowering *lowering, const char *parameter,
                               const char *expression, const struct wr_variable *variables,
                               double *result)
{
    const char *names[MOST_VARIABLES + 1] = {NULL};
    double values[MOST_VARIABLES + 1] = {0};
    char list[512] = "";
    for (int n = 0; n < MOST_VARIABLES && variables[n].name; n++) {
        names[n] = variables[n].name;
        values[n] = variables[n].value;
        const size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", n ? ", " : "", names[n]);
    }
    AVExpr *parsed;
    if (av_expr_parse(&parsed, expression, names, NULL, NULL, NULL, NULL, 0, NULL) < 0)
        return wr_refuse(lowering,
                         "%s='%s' is not an expression it can evaluate, names it knows are %s",
                         parameter, expression, list);
    *result = av_expr_eval(parsed, values, NULL);
    av_expr_free(parsed);
    return WR_OK;
}

static int parse_size(const char *text, int *width, int *height)
{
    return av_parse_video_size(width, height, text);
}

static const char *filter_name(const void *filters, int n)
{
    return ((const struct wr_filter *const *)filters)[n]->name;
}

static const struct wr_filter *find_filter(const char *name, struct wr_error *error)
{
    for (int n = 0; n < wr_filter_total; n++)
        if (!strcmp(wr_filters[n]->name, name))
            return wr_filters[n];
    const char *nearest = wr_nearest(name, filter_name, wr_filters, wr_filter_total);
    if (nearest)
        wr_fail(error, WR_USAGE, "no filter '%s', did you mean '%s'?", name, nearest);
    else
        wr_fail(error, WR_USAGE, "no filter '%s', --list-filters shows all there are", name);
    return NULL;
}

static enum wr_status lower_filter(struct wr_lowering *lowering, const char *name,
                                   const char *parameters, AVBPrint *text)
{
    const struct wr_filter *filter = find_filter(name, lowering->error);
    if (!filter)
        return WR_USAGE;
    struct wr_parameters parsed;
    enum wr_status status = wr_parameters_open(&parsed, filter, parameters, lowering->error);
    if (status)
        return status;
    av_bprintf(text, "%s%s", text->len ? "," : "", name);
    wr_parameters_print(&parsed, text);
    lowering->filter = filter->name;
    status = filter->lower(lowering, parsed.values);
    wr_parameters_close(&parsed);
    return status;
}

// One "name@label=parameters" from *chain, which is moved behind it.
static enum wr_status parse_filter(const char **chain, struct wr_lowering *lowering, AVBPrint *text)
{
    char *name = av_get_token(chain, "=,;[");
    char *parameters = NULL;
    if (**chain == '=') {
        ++*chain;
        parameters = av_get_token(chain, "[],;");
    }
    enum wr_status status = WR_OK;
    if (!name || (**chain && !strchr(",[];", **chain)))
        status = wr_fail(lowering->error, WR_FAILED, "out of memory while reading the filters");
    else if (**chain && **chain != ',')
        status = wr_fail(lowering->error, WR_USAGE,
                         "'%c' in the chain: links and graphs are not supported, write filters "
                         "one after the other with commas",
                         **chain);
    else if (!*name)
        status = wr_fail(lowering->error, WR_USAGE, "a filter's name is missing in the chain%s%s%s",
                         **chain ? " before '" : "", *chain, **chain ? "'" : "");
    if (!status) {
        name[strcspn(name, "@")] = '\0'; // FFmpeg's label of an instance
        status = lower_filter(lowering, name, parameters, text);
    }
    av_free(name);
    av_free(parameters);
    return status;
}

enum wr_status wr_chain_lower(const char *chain, const struct wr_format *input,
                              struct wr_program *program, char **text, struct wr_error *error)
{
    AVBPrint printed;
    av_bprint_init(&printed, 0, AV_BPRINT_SIZE_UNLIMITED);
    if (text)
        *text = NULL;
    wr_program_open(program, input);
    struct wr_lowering lowering = {.program = program,
                                   .picture = program->input,
                                   .error = error,
                                   .evaluate = evaluate,
                                   .parse_size = parse_size};
    enum wr_status status = WR_OK;
    const char *rest = chain ? chain : "";
    bool more = rest[strspn(rest, " \n\t\r")] != '\0';
    while (more && !status) {
        status = parse_filter(&rest, &lowering, &printed);
        more = *rest == ',';
        rest += more;
    }
    if (!status)
        status = wr_program_finish(program, &lowering.picture, error);
    const bool whole = av_bprint_is_complete(&printed);
    const bool wanted = text && !status;
    if ((av_bprint_finalize(&printed, wanted ? text : NULL) < 0 || !whole) && wanted) {
        av_freep(text);
        status = wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    }
    if (status)
        wr_program_close(program);
    return status;
}
