// SPDX-License-Identifier: MIT
// Finishes a program: composes tables, drops what nobody reads, gives every output plane a buffer.
#include "kernels/program/finish.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/pixel/copy_plane.h"
#include "kernels/program/check.h"
#include "kernels/program/map.h"
#include "kernels/program/to_fixed_point.h"

WR_DEFINE_KERNELS

// Gives plane p of the output the buffer that holds it, if the plane is all of the buffer, no pass
// reads it, and no plane before p has it. The order of the rows does not matter yet.
static void claim_buffer(struct wr_program *program, int p)
{
    const struct wr_plane *plane = &program->output.plane[p];
    struct wr_buffer *buffer = &program->buffers[plane->buffer];
    for (int earlier = 0; earlier < p; earlier++)
        if (program->output.plane[earlier].buffer == plane->buffer)
            return;
    if (buffer->role != WR_ROLE_BETWEEN || wr_program_reads(program, plane->buffer) ||
        plane->width != buffer->width || plane->height != buffer->height)
        return;
    buffer->role = WR_ROLE_OUTPUT;
    buffer->plane = p;
}

// If the output shows the buffer of `out` upside down, has the pass write it upside down instead:
// then the output's rows go forwards.
static void write_flipped(struct wr_program *program, struct wr_plane *out)
{
    struct wr_picture *output = &program->output;
    const struct wr_buffer *buffer = &program->buffers[out->buffer];
    if (buffer->role != WR_ROLE_OUTPUT || !output->plane[buffer->plane].flipped)
        return;
    out->flipped = true;
    for (int p = 0; p < wr_format_planes(&output->format); p++)
        if (output->plane[p].buffer == out->buffer)
            output->plane[p] = wr_plane_through(output->plane[p], *out);
}

static void copy_output(struct wr_program *program, int p)
{
    const struct wr_format *format = &program->output.format;
    const struct wr_plane from = program->output.plane[p];
    struct wr_pass *pass =
        wr_program_pass(program, &wr_copy_plane_kernel, "copy", format, &(struct copy_plane){0});
    wr_pass_in(pass, from);
    program->output.plane[p] =
        wr_program_buffer(program, WR_SAMPLE, format, from.width, from.height);
    wr_pass_out(pass, program->output.plane[p]);
    claim_buffer(program, p);
}

// Whether a buffer was claimed for plane p.
static bool is_claimed(const struct wr_program *program, int p)
{
    const struct wr_buffer *buffer = &program->buffers[program->output.plane[p].buffer];
    return buffer->role == WR_ROLE_OUTPUT && buffer->plane == p;
}

static void give_buffers(struct wr_program *program, enum wr_row_order rows)
{
    const int planes = wr_format_planes(&program->output.format);
    for (int p = 0; p < planes; p++)
        claim_buffer(program, p);
    for (int k = 0; k < program->pass_count; k++)
        for (int n = 0; n < program->passes[k].outputs; n++)
            write_flipped(program, &program->passes[k].out[n]);
    for (int p = 0; p < planes; p++)
        if (wr_program_hands_over(program, p)
                ? program->output.plane[p].flipped && rows == WR_ROWS_FORWARDS
                : !is_claimed(program, p))
            copy_output(program, p);
}

static enum wr_status check(const struct wr_program *program, struct wr_error *error)
{
    return program->out_of_memory
               ? wr_fail(error, WR_FAILED, "out of memory while preparing the filters")
               : wr_program_check(program, error);
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
                                 enum wr_row_order rows, struct wr_error *error)
{
    program->output = *last;
    const enum wr_status status = check(program, error);
    if (status)
        return status;
    wr_compose_maps(program);
    wr_straighten_maps(program);
    wr_smooth_maps(program);
    drop_dead_passes(program);
    wr_to_fixed_point(program);
    give_buffers(program, rows);
    return check(program, error);
}
