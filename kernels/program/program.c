// SPDX-License-Identifier: MIT
// Builds programs: buffers, tables and passes in the order the filters ask for them.
#include "kernels/program/program.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        (struct wr_buffer){.storage = wr_storage_of(storage, wr_format_bytes(format) == 2),
                           .width = width,
                           .height = height};
    return plane;
}

int wr_program_table(struct wr_program *program, const void *data, size_t bytes)
{
    enum { ALIGNMENT = 64 }; // so that no vector of it lies in two lines of the cache
    void *copy = NULL;
    if (posix_memalign(&copy, ALIGNMENT, bytes) ||
        !grow(program, (void **)&program->tables, program->table_count, sizeof *program->tables)) {
        free(copy);
        program->out_of_memory = true;
        return 0;
    }
    memcpy(copy, data, bytes);
    program->tables[program->table_count] = (struct wr_table){copy, bytes};
    return program->table_count++;
}

const char *wr_program_name(struct wr_program *program, const char *filter, const char *part)
{
    const size_t size = strlen(filter) + strlen(part) + 2;
    char *name = malloc(size);
    if (!name ||
        !grow(program, (void **)&program->names, program->name_count, sizeof *program->names)) {
        free(name);
        program->out_of_memory = true;
        return filter;
    }
    snprintf(name, size, "%s %s", filter, part);
    return program->names[program->name_count++] = name;
}

int wr_program_values(struct wr_program *program, int count, wr_compute *compute,
                      const void *recipe, size_t size, int expressions)
{
    void *copy = malloc(size);
    if (copy)
        memcpy(copy, recipe, size);
    if (!copy || !grow(program, (void **)&program->changing, program->changing_count,
                       sizeof *program->changing)) {
        wr_expressions_close((struct wr_expression *const *)recipe, expressions);
        free(copy);
        program->out_of_memory = true;
        return 0;
    }
    const int first = program->value_count;
    program->changing[program->changing_count++] =
        (struct wr_changing){compute, copy, size, expressions, first, count};
    program->value_count += count;
    return first;
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
                             .name = label,
                             .wide = wr_format_bytes(format) == 2,
                             .row_table = -1,
                             .when = WR_ALWAYS};
    assert(kernel->arguments_size <= sizeof pass->arguments);
    memcpy(pass->arguments, arguments, kernel->arguments_size);
    return pass;
}

void wr_pass_in(struct wr_pass *pass, struct wr_plane plane)
{
    if (pass->inputs < WR_MAX_INPUTS)
        pass->in[pass->inputs] = plane;
    pass->inputs++;
}

void wr_pass_out(struct wr_pass *pass, struct wr_plane plane)
{
    if (pass->outputs < WR_MAX_OUTPUTS)
        pass->out[pass->outputs] = plane;
    pass->outputs++;
}

void wr_pass_table(struct wr_pass *pass, int table, size_t bytes)
{
    if (pass->tables < WR_MAX_TABLES) {
        pass->table[pass->tables] = table;
        pass->table_bytes[pass->tables] = bytes;
    }
    pass->tables++;
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
    for (int p = 0; p < wr_format_planes(input); p++) {
        program->input.plane[p] = wr_program_buffer(
            program, WR_SAMPLE, input, wr_format_width(input, p), wr_format_height(input, p));
        if (program->out_of_memory)
            return;
        struct wr_buffer *buffer = &program->buffers[program->input.plane[p].buffer];
        buffer->role = WR_ROLE_INPUT;
        buffer->plane = p;
    }
}

void wr_program_close(struct wr_program *program)
{
    for (int t = 0; t < program->table_count; t++)
        free(program->tables[t].data);
    for (int n = 0; n < program->changing_count; n++) {
        wr_expressions_close(program->changing[n].recipe, program->changing[n].expression_count);
        free(program->changing[n].recipe);
    }
    for (int n = 0; n < program->name_count; n++)
        free(program->names[n]);
    free(program->names);
    free(program->changing);
    free(program->buffers);
    free(program->tables);
    free(program->passes);
    *program = (struct wr_program){0};
}

bool wr_program_reads(const struct wr_program *program, int buffer)
{
    for (int k = 0; k < program->pass_count; k++)
        for (int n = 0; n < program->passes[k].inputs; n++)
            if (program->passes[k].in[n].buffer == buffer)
                return true;
    return false;
}

double wr_pass_operations(const struct wr_pass *pass)
{
    enum { SAMPLE_OPERATIONS = 4 }; // what a sample takes besides what it is computed from
    double of_a_sample = 1, samples = 0;
    if (pass->kernel->reads == WR_READS_SPAN)
        of_a_sample = pass->span;
    else if (pass->kernel->reads == WR_READS_WINDOW)
        of_a_sample = (2.0 * pass->reach_x + 1) * (2.0 * pass->reach_y + 1);
    if (pass->work)
        of_a_sample = pass->work;
    for (int n = 0; n < pass->outputs; n++)
        samples += (double)pass->out[n].width * pass->out[n].height;
    return samples * (SAMPLE_OPERATIONS + of_a_sample);
}
