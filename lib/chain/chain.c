// SPDX-License-Identifier: MIT
// Parses a chain, filter by filter, and has it lowered in the order the user wrote it.
#include "lib/chain/chain.h"

#include <libavutil/bprint.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/filters/registry.h"
#include "kernels/program/converter.h"
#include "lib/chain/graph.h"
#include "lib/chain/lower.h"
#include "lib/chain/parameters.h"
#include "lib/chain/syntax.h"
#include "lib/warpreel.h"

// Takes the use over, also after a failure.
static enum wr_status append_use(struct wr_chain *chain, struct wr_parameters *use,
                                 struct wr_error *error)
{
    struct wr_parameters *larger =
        reallocarray(chain->uses, (size_t)chain->count + 1, sizeof *larger);
    if (!larger) {
        wr_parameters_close(use);
        return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    }
    chain->uses = larger;
    chain->uses[chain->count++] = *use;
    return WR_OK;
}

enum wr_status wr_chain_append(struct wr_chain *chain, const char *name, const char *parameters,
                               struct wr_error *error)
{
    const int filter = wr_filter_find(name, error);
    if (filter < 0)
        return WR_USAGE;
    struct wr_parameters parsed;
    const enum wr_status status =
        wr_parameters_open(&parsed, wr_filters[filter], parameters, error);
    return status ? status : append_use(chain, &parsed, error);
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

enum wr_status wr_chain_copy(struct wr_chain *chain, const struct wr_chain *from,
                             struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = 0; n < from->count && !status; n++) {
        struct wr_parameters use;
        status = wr_parameters_copy(&use, &from->uses[n], error);
        if (!status)
            status = append_use(chain, &use, error);
    }
    return status;
}

enum wr_status wr_chain_move(struct wr_chain *chain, struct wr_chain *from, struct wr_error *error)
{
    const size_t count = (size_t)chain->count + (size_t)from->count;
    struct wr_parameters *larger = realloc(chain->uses, (count + 1) * sizeof *larger);
    if (!larger)
        return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    chain->uses = larger;
    for (int n = 0; n < from->count; n++)
        chain->uses[chain->count++] = from->uses[n];
    free(from->uses);
    *from = (struct wr_chain){NULL, 0};
    return WR_OK;
}

void wr_chain_close(struct wr_chain *chain)
{
    for (int n = 0; n < chain->count; n++)
        wr_parameters_close(&chain->uses[n]);
    free(chain->uses);
    *chain = (struct wr_chain){NULL, 0};
}
