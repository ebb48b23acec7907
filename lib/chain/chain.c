// SPDX-License-Identifier: MIT
// Parses a chain, filter by filter, and has it lowered in the order the user wrote it.
#include "lib/chain/chain.h"

#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/mem.h>
#include <string.h>

#include "kernels/program/converter.h"
#include "lib/chain/lower.h"
#include "lib/chain/parameters.h"
#include "lib/warpreel.h"
#include "lib/chain/syntax.h"
#include "kernels/filters/registry.h"

enum wr_status wr_chain_append(struct wr_chain *chain, const char *name, const char *parameters,
                               struct wr_error *error)
{
    const int filter = wr_filter_find(name, error);
    if (filter < 0)
        return WR_USAGE;
    struct wr_parameters parsed;
    const enum wr_status status =
        wr_parameters_open(&parsed, wr_filters[filter], parameters, error);
    if (status)
        return status;
    struct wr_parameters *larger =
        av_realloc_array(chain->uses, (size_t)chain->count + 1, sizeof *larger);
    if (!larger) {
        wr_parameters_close(&parsed);
        return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    }
    chain->uses = larger;
    chain->uses[chain->count++] = parsed;
    return WR_OK;
}

// One "name@label=parameters" from *text, which is moved behind it.
static enum wr_status parse_filter(const char **text, struct wr_chain *chain,
                                   struct wr_error *error)
{
    char *name = av_get_token(text, "=,;[");
    char *parameters = NULL;
    if (**text == '=') {
        ++*text;
        parameters = av_get_token(text, "[],;");
    }
    enum wr_status status = WR_OK;
    if (!name || (**text && !strchr(",[];", **text)))
        status = wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    else if (**text && **text != ',')
        status = wr_fail(error, WR_USAGE,
                         "'%c' in the chain: links and graphs are not supported, write filters "
                         "one after the other with commas",
                         **text);
    else if (!*name)
        status = wr_fail(error, WR_USAGE, "a filter's name is missing in the chain%s%s%s",
                         **text ? " before '" : "", *text, **text ? "'" : "");
    if (!status) {
        name[strcspn(name, "@")] = '\0'; // FFmpeg's label of an instance
        status = wr_chain_append(chain, name, parameters, error);
    }
    av_free(name);
    av_free(parameters);
    return status;
}

enum wr_status wr_chain_open(struct wr_chain *chain, const char *text, struct wr_error *error)
{
    *chain = (struct wr_chain){NULL, 0};
    enum wr_status status = WR_OK;
    const char *rest = text ? text : "";
    bool more = rest[strspn(rest, " \n\t\r")] != '\0';
    while (more && !status) {
        status = parse_filter(&rest, chain, error);
        more = *rest == ',';
        rest += more;
    }
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

enum wr_status wr_chain_move(struct wr_chain *chain, struct wr_chain *from, struct wr_error *error)
{
    const size_t count = (size_t)chain->count + (size_t)from->count;
    struct wr_parameters *larger = av_realloc_array(chain->uses, count + 1, sizeof *larger);
    if (!larger)
        return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
    chain->uses = larger;
    for (int n = 0; n < from->count; n++)
        chain->uses[chain->count++] = from->uses[n];
    av_freep(&from->uses);
    from->count = 0;
    return WR_OK;
}

void wr_chain_close(struct wr_chain *chain)
{
    for (int n = 0; n < chain->count; n++)
        wr_parameters_close(&chain->uses[n]);
    av_freep(&chain->uses);
    chain->count = 0;
}
