// SPDX-License-Identifier: MIT
// Copies what a program's changing numbers are computed from, and computes them.
#include "kernels/program/state.h"

#include <stdlib.h>
#include <string.h>

static void close_mine(void *mine, int expressions)
{
    if (mine)
        wr_expressions_close(mine, expressions);
    free(mine);
}

// A copy of the recipe, whose expressions remember nothing yet; NULL where memory is short.
static void *copy_recipe(const struct wr_changing *changing)
{
    struct wr_expression **const to = malloc(changing->recipe_size);
    if (!to)
        return NULL;
    memcpy(to, changing->recipe, changing->recipe_size);
    for (int n = 0; n < changing->expression_count; n++)
        if (!(to[n] = to[n]->copy(to[n]))) {
            close_mine(to, n);
            return NULL;
        }
    return to;
}

enum wr_status wr_program_state_open(struct wr_program_state **state,
                                     const struct wr_program *program, struct wr_error *error)
{
    const size_t count = (size_t)program->changing_count;
    struct wr_program_state *new = *state = calloc(1, sizeof *new + count * sizeof *new->mine);
    if (!new)
        goto fail;
    new->program = program;
    for (size_t n = 0; n < count; n++)
        if (!(new->mine[n] = copy_recipe(&program->changing[n])))
            goto fail;
    return WR_OK;

fail:
    wr_program_state_close(state);
    return wr_fail(error, WR_FAILED, "out of memory while preparing the filters");
}

void wr_program_compute(struct wr_program_state *state, const struct wr_moment *moment,
                        union wr_value *values)
{
    const struct wr_program *program = state->program;
    for (int n = 0; n < program->changing_count; n++)
        program->changing[n].compute(state->mine[n], moment, values + program->changing[n].first);
}

void wr_program_state_close(struct wr_program_state **state)
{
    if (!*state)
        return;
    const struct wr_program *program = (*state)->program;
    for (int n = 0; n < program->changing_count; n++)
        close_mine((*state)->mine[n], program->changing[n].expression_count);
    free(*state);
    *state = NULL;
}
