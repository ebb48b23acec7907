// SPDX-License-Identifier: MIT
// Finds passes that differ in their planes only.
#include "lib/engine/cuda/cuda_steps.h"

#include <string.h>

// Rectangles alike in buffers alike, so that rows and frames lie as far apart.
static bool planes_are_alike(const struct wr_program *program, const struct wr_plane *a,
                             const struct wr_plane *b)
{
    const struct wr_buffer *of_a = &program->buffers[a->buffer],
                           *of_b = &program->buffers[b->buffer];
    return of_a->storage == of_b->storage && of_a->width == of_b->width &&
           of_a->height == of_b->height && of_a->role == of_b->role && a->x == b->x &&
           a->y == b->y && a->width == b->width && a->height == b->height &&
           a->flipped == b->flipped;
}

static bool do_the_same(const struct wr_program *program, const struct wr_pass *a,
                        const struct wr_pass *b)
{
    bool same = a->kernel == b->kernel && a->wide == b->wide && a->inputs == b->inputs &&
                a->outputs == b->outputs && a->tables == b->tables && a->reach_x == b->reach_x &&
                a->reach_y == b->reach_y && a->span == b->span &&
                a->first_value == b->first_value && a->when == b->when &&
                !memcmp(a->arguments, b->arguments, a->kernel->arguments_size);
    for (int n = 0; same && n < a->tables; n++)
        same = a->table[n] == b->table[n];
    for (int n = 0; same && n < a->inputs; n++)
        same = planes_are_alike(program, &a->in[n], &b->in[n]);
    for (int n = 0; same && n < a->outputs; n++)
        same = planes_are_alike(program, &a->out[n], &b->out[n]);
    return same;
}

static bool writes(const struct wr_pass *pass, int buffer)
{
    bool found = false;
    for (int n = 0; n < pass->outputs; n++)
        found = found || pass->out[n].buffer == buffer;
    return found;
}

// Whether `pass` reads or writes what `writer` writes.
static bool uses_what(const struct wr_pass *writer, const struct wr_pass *pass)
{
    bool found = false;
    for (int n = 0; n < pass->inputs; n++)
        found = found || writes(writer, pass->in[n].buffer);
    for (int n = 0; n < pass->outputs; n++)
        found = found || writes(writer, pass->out[n].buffer);
    return found;
}

// Whether pass k can join the step that begins with pass `first`. Numbers that change from frame to
// frame stand there once for each frame, and not again for twins.
static bool joins(const struct wr_program *program, int first, int k)
{
    const struct wr_pass *pass = &program->passes[k];
    bool can = !program->value_count && do_the_same(program, &program->passes[first], pass);
    for (int n = first; can && n < k; n++)
        can = !uses_what(&program->passes[n], pass) && !uses_what(pass, &program->passes[n]);
    return can;
}

int wr_cuda_steps(const struct wr_program *program, int *ends)
{
    int steps = 0, first = 0;
    for (int k = 1; k <= program->pass_count; k++)
        if (k == program->pass_count || !joins(program, first, k)) {
            ends[steps++] = k;
            first = k;
        }
    return steps;
}
