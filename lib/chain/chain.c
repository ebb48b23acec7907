// SPDX-License-Identifier: MIT
// Parses a chain, filter by filter, and has it lowered in the order the user wrote it.
#include "lib/chain/chain.h"

#include <libavutil/bprint.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/converter.h"
#include "lib/chain/graph.h"
#include "lib/chain/lower.h"
#include "lib/chain/parameters.h"
#include "lib/warpreel.h"
#include "lib/chain/syntax.h"
#include "kernels/filters/registry.h"

static const char *filter_name(const void *filters, int n)
{
    return ((const struct wr_filter *const *)filters)[n]->name;
}

const struct wr_filter *wr_chain_find(const char *name)
{
    for (int n = 0; n < wr_filter_total; n++)
        if (!strcmp(wr_filters[n]->name, name))
            return wr_filters[n];
    return NULL;
}

static enum wr_status refuse_name(const char *name, struct wr_error *error)
{
    const char *nearest = wr_nearest(name, filter_name, wr_filters, wr_filter_total);
    if (nearest)
        return wr_fail(error, WR_USAGE, "no filter '%s', did you mean '%s'?", name, nearest);
    return wr_fail(error, WR_USAGE, "no filter '%s', --list-filters shows all there are", name);
}

enum wr_status wr_chain_append(struct wr_chain *chain, const char *name, const char *parameters,
                               struct wr_error *error)
{
    const struct wr_filter *filter = wr_chain_find(name);
    if (!filter)
        return refuse_name(name, error);
    struct wr_parameters parsed;
    const enum wr_status status = wr_parameters_open(&parsed, filter, parameters, error);
    if (status)
        return status;
    struct wr_parameters *larger =
        reallocarray(chain->uses, (size_t)chain->count + 1, sizeof *larger);
    if (!larger) {
        wr_parameters_close(&parsed);
        return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    }
    chain->uses = larger;
    chain->uses[chain->count++] = parsed;
    return WR_OK;
}

// What makes a filter part of a graph rather than of a chain, '\0' for nothing.
static char find_link(const struct wr_graph *graph, int n)
{
    const struct wr_graph_filter *filter = &graph->filters[n];
    if (filter->in.count || filter->out.count)
        return '[';
    return filter->carries || n == graph->count - 1 ? '\0' : ';';
}

enum wr_status wr_chain_open(struct wr_chain *chain, const char *text, struct wr_error *error)
{
    *chain = (struct wr_chain){NULL, 0};
    struct wr_graph graph;
    enum wr_status status = wr_graph_open(&graph, text, error);
    for (int n = 0; n < graph.count && !status; n++) {
        const struct wr_graph_filter *filter = &graph.filters[n];
        const char link = find_link(&graph, n);
        if (link)
            status = wr_fail(error, WR_USAGE,
                             "'%c' in the chain: links and graphs are not supported, write filters "
                             "one after the other with commas",
                             link);
        else
            status = wr_chain_append(chain, filter->name, filter->parameters, error);
    }
    wr_graph_close(&graph);
    return status;
}

enum wr_status wr_chain_lower(const struct wr_chain *chain, const struct wr_format *input,
                              struct wr_program *program, struct wr_picture *last, char **text,
                              struct wr_error *error)
{
    AVBPrint printed;
    av_bprint_init(&printed, 0, AV_BPRINT_SIZE_UNLIMITED);
    if (text)
        *text = NULL;
    wr_program_open(program, input);
    struct wr_lowering lowering = {.program = program,
                                   .picture = program->input,
                                   .nominal = *input,
                                   .matrix = wr_likely_matrix(input->width, input->height),
                                   .error = error,
                                   .syntax = &wr_syntax};
    enum wr_status status = wr_lower_filters(&lowering, chain->uses, chain->count, &printed);
    *last = lowering.picture;
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

void wr_chain_close(struct wr_chain *chain)
{
    for (int n = 0; n < chain->count; n++)
        wr_parameters_close(&chain->uses[n]);
    free(chain->uses);
    *chain = (struct wr_chain){NULL, 0};
}
