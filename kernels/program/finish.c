// SPDX-License-Identifier: MIT
// Finishes a program: composes tables, drops what nobody reads, gives every output plane a buffer.
#include "kernels/program/finish.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/pixel/copy.h"
#include "kernels/program/map.h"
#include "kernels/program/to_fixed_point.h"

WR_DECLARE_KERNELS

// Whether plane p of the output can be the buffer it is, rather than a copy of it, but for the
// order of its rows.
static bool is_own(const struct wr_program *program, int p)
{
    const struct wr_plane plane = program->output.plane[p];
    const struct wr_buffer buffer = program->buffers[plane.buffer];
    return !wr_program_reads(program, plane.buffer) && plane.width == buffer.width &&
           plane.height == buffer.height && wr_program_output_plane(program, plane.buffer) == p;
}

// Whether what a pass writes is due at the output from its last row to its first.
static bool is_due_flipped(const struct wr_program *program, const struct wr_plane *out)
{
    const int p = wr_program_output_plane(program, out->buffer);
    return p >= 0 && program->output.plane[p].flipped && is_own(program, p);
}

// What is due flipped is written so; then the output's rows go forwards.
static void write_flipped(struct wr_program *program)
{
    struct wr_picture *output = &program->output;
    for (int k = 0; k < program->pass_count; k++) {
        struct wr_pass *pass = &program->passes[k];
        for (int n = 0; n < pass->outputs; n++) {
            struct wr_plane *out = &pass->out[n];
            if (!is_due_flipped(program, out))
                continue;
            out->flipped = true;
            for (int p = 0; p < wr_format_planes(&output->format); p++)
                if (output->plane[p].buffer == out->buffer)
                    output->plane[p] = wr_plane_through(output->plane[p], *out);
        }
    }
}

static void copy_output(struct wr_program *program, int p)
{
    const struct wr_format *format = &program->output.format;
    const struct wr_plane from = program->output.plane[p];
    struct wr_pass *pass =
        wr_program_pass(program, &copy_kernel, "copy", format, &(struct copy){0});
    wr_pass_in(pass, from);
    const struct wr_plane own =
        wr_program_buffer(program, WR_SAMPLE, format, from.width, from.height);
    wr_pass_out(pass, own);
    program->output.plane[p] = own;
}

static void copy_shared_outputs(struct wr_program *program)
{
    const struct wr_picture *output = &program->output;
    for (int p = 0; p < wr_format_planes(&output->format); p++)
        if (!wr_program_hands_over(program, p) && (output->plane[p].flipped || !is_own(program, p)))
            copy_output(program, p);
}

static enum wr_status check_memory(const struct wr_program *program, struct wr_error *error)
{
    return program->out_of_memory
               ? wr_fail(error, WR_FAILED, "out of memory while preparing the filters")
               : WR_OK;
}

static bool writes_needed(const struct wr_pass *pass, const bool *needed)
{
    bool any = false;
    for (int n = 0; n < pass->outputs; n++)
        any |= needed[pass->out[n].buffer];
    return any;
}

// Keeps what the output needs, found from the last pass to the first.
static void drop_dead_passes(struct wr_program *program)
{
    const int count = program->pass_count;
    bool *needed = calloc((size_t)program->buffer_count, sizeof *needed);
    if (!needed) {
        program->out_of_memory = true;
        return;
    }
    for (int p = 0; p < wr_format_planes(&program->output.format); p++)
        needed[program->output.plane[p].buffer] = true;
    int first = count;
    for (int k = count - 1; k >= 0; k--) {
        const struct wr_pass *pass = &program->passes[k];
        if (!writes_needed(pass, needed))
            continue;
        for (int n = 0; n < pass->inputs; n++)
            needed[pass->in[n].buffer] = true;
        program->passes[--first] = *pass;
    }
    program->pass_count = count - first;
    if (first)
        memmove(program->passes, program->passes + first,
                (size_t)program->pass_count * sizeof *program->passes);
    free(needed);
}

enum wr_status wr_program_finish(struct wr_program *program, const struct wr_picture *last,
                                 struct wr_error *error)
{
    program->output = *last;
    if (!program->out_of_memory) {
        wr_compose_maps(program);
        wr_straighten_maps(program);
        wr_smooth_maps(program);
        drop_dead_passes(program);
        wr_to_fixed_point(program);
        write_flipped(program);
        copy_shared_outputs(program);
    }
    return check_memory(program, error);
}

enum wr_status wr_program_copy_flipped(struct wr_program *program, struct wr_error *error)
{
    for (int p = 0; p < wr_format_planes(&program->output.format); p++)
        if (program->output.plane[p].flipped)
            copy_output(program, p);
    return check_memory(program, error);
}
