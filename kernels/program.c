// SPDX-License-Identifier: MIT
// Builds programs: buffers, tables and passes in the order the filters ask for them.
#include "kernels/program.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/copy.h"
#include "kernels/map.h"
#include "kernels/shorten.h"

WR_DECLARE_KERNELS

// Makes room for one more element; the array grows by doubling at powers of two.
static bool grow(struct wr_program *program, void **array, int count, size_t size)
{
    if (count & (count - 1))
        return true;
    void *larger = realloc(*array, (count ? 2 * (size_t)count : 1) * size);
    if (!larger) {
        program->out_of_memory = true;
        return false;
    }
    *array = larger;
    return true;
}

struct wr_plane wr_plane_through(struct wr_plane part, struct wr_plane plane)
{
    part.buffer = plane.buffer;
    part.x += plane.x;
    part.y = plane.y + (plane.flipped ? plane.height - part.height - part.y : part.y);
    part.flipped ^= plane.flipped;
    return part;
}

struct wr_plane wr_program_buffer(struct wr_program *program, enum wr_storage storage,
                                  const struct wr_format *format, int width, int height)
{
    const struct wr_plane plane = {program->buffer_count, 0, 0, width, height, false};
    if (!grow(program, (void **)&program->buffers, plane.buffer, sizeof *program->buffers))
        return (struct wr_plane){0, 0, 0, width, height, false};
    program->buffers[program->buffer_count++] =
        (struct wr_buffer){wr_storage_of(storage, wr_format_bytes(format) == 2), width, height};
    return plane;
}

int wr_program_table(struct wr_program *program, const void *data, size_t bytes)
{
    void *copy = malloc(bytes);
    if (!copy ||
        !grow(program, (void **)&program->tables, program->table_count, sizeof *program->tables)) {
        free(copy);
        program->out_of_memory = true;
        return 0;
    }
    memcpy(copy, data, bytes);
    program->tables[program->table_count] = (struct wr_table){copy, bytes};
    return program->table_count++;
}

int wr_program_values(struct wr_program *program, int count,
                      void (*compute)(const void *state, const struct wr_moment *moment,
                                      union wr_value *values),
                      void *state, void (*close)(void *state))
{
    if (!grow(program, (void **)&program->changing, program->changing_count,
              sizeof *program->changing)) {
        if (close)
            close(state);
        return 0;
    }
    const int first = program->value_count;
    program->changing[program->changing_count++] =
        (struct wr_changing){compute, close, state, first, count};
    program->value_count += count;
    return first;
}

void wr_program_compute(const struct wr_program *program, const struct wr_moment *moment,
                        union wr_value *values)
{
    for (int n = 0; n < program->changing_count; n++) {
        const struct wr_changing *changing = &program->changing[n];
        changing->compute(changing->state, moment, values + changing->first);
    }
}

struct wr_pass *wr_program_pass(struct wr_program *program, const struct wr_kernel *kernel,
                                const char *label, const struct wr_format *format,
                                const void *arguments)
{
    static _Thread_local struct wr_pass
        nowhere; // lower() may fill it in; finish reports the failure
    struct wr_pass *pass = &nowhere;
    if (grow(program, (void **)&program->passes, program->pass_count, sizeof *program->passes))
        pass = &program->passes[program->pass_count++];
    *pass = (struct wr_pass){.kernel = kernel,
                             .label = label,
                             .wide = wr_format_bytes(format) == 2,
                             .row_table = -1,
                             .when = WR_ALWAYS};
    memcpy(pass->arguments, arguments, kernel->arguments_size);
    return pass;
}

void wr_pass_in(struct wr_pass *pass, struct wr_plane plane)
{
    pass->in[pass->inputs++] = plane;
}

void wr_pass_out(struct wr_pass *pass, struct wr_plane plane)
{
    pass->out[pass->outputs++] = plane;
}

void wr_pass_table(struct wr_pass *pass, int table)
{
    pass->table[pass->tables++] = table;
}

void wr_program_rows(struct wr_program *program, struct wr_pass *pass, int offset, int step)
{
    const int last = pass->in[0].height - 1, rows = pass->out[0].height;
    int32_t *row = calloc((size_t)rows, sizeof *row);
    if (!row) {
        program->out_of_memory = true;
        return;
    }
    for (int y = 0; y < rows; y++)
        row[y] = wr_clamp(offset + step * y, 0, last);
    pass->row_table = wr_program_table(program, row, (size_t)rows * sizeof *row);
    pass->row_count = 1;
    free(row);
}

void wr_program_open(struct wr_program *program, const struct wr_format *input)
{
    *program = (struct wr_program){.input = {.format = *input}};
    for (int p = 0; p < wr_format_planes(input); p++)
        program->input.plane[p] = wr_program_buffer(
            program, WR_SAMPLE, input, wr_format_width(input, p), wr_format_height(input, p));
}

void wr_program_close(struct wr_program *program)
{
    for (int t = 0; t < program->table_count; t++)
        free(program->tables[t].data);
    for (int n = 0; n < program->changing_count; n++)
        if (program->changing[n].close)
            program->changing[n].close(program->changing[n].state);
    free(program->changing);
    free(program->buffers);
    free(program->tables);
    free(program->passes);
    *program = (struct wr_program){0};
}

int wr_program_output_plane(const struct wr_program *program, int buffer)
{
    for (int p = 0; p < wr_format_planes(&program->output.format); p++)
        if (program->output.plane[p].buffer == buffer)
            return p;
    return -1;
}

bool wr_program_hands_over(const struct wr_program *program, int plane)
{
    return program->output.plane[plane].buffer < wr_format_planes(&program->input.format);
}

bool wr_program_reads(const struct wr_program *program, int buffer)
{
    for (int k = 0; k < program->pass_count; k++)
        for (int n = 0; n < program->passes[k].inputs; n++)
            if (program->passes[k].in[n].buffer == buffer)
                return true;
    return false;
}

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
        wr_shorten(program);
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
