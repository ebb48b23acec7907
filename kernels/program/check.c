// SPDX-License-Identifier: MIT
// Looks at each pass in turn, with what is written before it. Each function returns what is wrong,
// or NULL.
#include "kernels/program/check.h"

#include <stdlib.h>

struct check {
    const struct wr_program *program;
    bool *written; // of each buffer
};

static const char *check_counts(const struct wr_pass *pass)
{
    // Kernels that take several inputs may be content with fewer (see deband).
    if (pass->inputs < 1 || pass->inputs > pass->kernel->inputs)
        return "the kernel takes another number of inputs";
    if (pass->outputs != pass->kernel->outputs)
        return "the kernel takes another number of outputs";
    if (pass->tables < 0 || pass->tables > WR_MAX_TABLES)
        return "there are too many tables";
    return NULL;
}

static const char *check_plane(const struct check *check, const struct wr_plane *plane, int storage)
{
    if (plane->buffer < 0 || plane->buffer >= check->program->buffer_count)
        return "a plane is in no buffer";
    const struct wr_buffer *buffer = &check->program->buffers[plane->buffer];
    if (plane->x < 0 || plane->width < 1 || plane->x > buffer->width - plane->width ||
        plane->y < 0 || plane->height < 1 || plane->y > buffer->height - plane->height)
        return "a plane reaches out of its buffer";
    return (int)buffer->storage != storage ? "a plane has another storage than the kernel takes"
                                           : NULL;
}

static const char *check_inputs(const struct check *check, const struct wr_pass *pass)
{
    for (int n = 0; n < pass->inputs; n++) {
        const struct wr_plane *in = &pass->in[n];
        const char *wrong = check_plane(check, in, wr_storage_of(pass->kernel->in[n], pass->wide));
        if (wrong)
            return wrong;
        if (!check->written[in->buffer])
            return "an input is read before it is written";
        const bool has_rows = pass->reads_anywhere || (n == 0 && pass->row_table >= 0);
        if (!has_rows && in->height < pass->out[0].height)
            return "an input has fewer rows than the output";
    }
    return NULL;
}

static const char *check_outputs(const struct check *check, const struct wr_pass *pass)
{
    for (int n = 0; n < pass->outputs; n++) {
        const struct wr_plane *out = &pass->out[n];
        const char *wrong =
            check_plane(check, out, wr_storage_of(pass->kernel->out[n], pass->wide));
        if (wrong)
            return wrong;
        const struct wr_buffer *buffer = &check->program->buffers[out->buffer];
        if (buffer->role == WR_ROLE_INPUT || check->written[out->buffer])
            return "a buffer is written twice";
        if (out->width != buffer->width || out->height != buffer->height)
            return "a buffer is not written as a whole";
        if (out->width != pass->out[0].width || out->height != pass->out[0].height)
            return "outputs differ in size";
        check->written[out->buffer] = true;
    }
    return NULL;
}

static bool has_table(const struct wr_program *program, int table)
{
    return table >= 0 && table < program->table_count;
}

// The rows of the first input that a table says each row of the output reads.
static const char *check_rows(const struct check *check, const struct wr_pass *pass)
{
    if (pass->row_table < 0)
        return NULL;
    const size_t rows = (size_t)pass->out[0].height;
    if (!has_table(check->program, pass->row_table) ||
        check->program->tables[pass->row_table].bytes < rows * sizeof(int32_t))
        return "the table of rows is missing or too short";
    const int32_t *first = check->program->tables[pass->row_table].data;
    for (size_t y = 0; y < rows; y++)
        if (first[y] < 0 || pass->row_count < 1 || first[y] > pass->in[0].height - pass->row_count)
            return "the table of rows names rows that the input does not have";
    return NULL;
}

static const char *check_reads(const struct wr_pass *pass)
{
    if (pass->reach_x < 0 || pass->reach_y < 0 || pass->span < 0)
        return "its reach or its span is less than nothing";
    if (pass->kernel->reads != WR_READS_WINDOW && (pass->reach_x || pass->reach_y))
        return "it has a reach, which the kernel does not take";
    if (pass->kernel->reads == WR_READS_SPAN && !pass->span)
        return "it has no span, which the kernel needs";
    if (pass->scratch && pass->kernel->scratch == WR_NO_SCRATCH)
        return "it has scratch memory, which the kernel does not use";
    if (!pass->scratch && pass->kernel->scratch == WR_NEEDS_SCRATCH)
        return "it has no scratch memory, which the kernel needs";
    return NULL;
}

static const char *check_in_place(const struct wr_pass *pass)
{
    for (int n = 0; n < pass->inputs && pass->in_place; n++)
        if (pass->in[n].x || pass->in[n].y || pass->in[n].flipped)
            return "it would write over an input that it reads at other places";
    return NULL;
}

static const char *check_tables(const struct wr_program *program, const struct wr_pass *pass)
{
    for (int n = 0; n < pass->tables; n++) {
        if (!has_table(program, pass->table[n]))
            return "a table is not the program's";
        if (program->tables[pass->table[n]].bytes < pass->table_bytes[n])
            return "a table is shorter than what the kernel reads of it";
    }
    return NULL;
}

static const char *check_numbers(const struct wr_program *program, const struct wr_pass *pass)
{
    // Passes that use no numbers say 0, also where the program has none.
    if (pass->first_value && (pass->first_value < 0 || pass->first_value >= program->value_count))
        return "its numbers are not the program's";
    if (pass->when != WR_ALWAYS && (pass->when < 0 || pass->when >= program->value_count))
        return "what says when it runs is not a number of the program's";
    return NULL;
}

static const char *check_pass(const struct check *check, const struct wr_pass *pass)
{
    const char *wrong = check_counts(pass);
    if (!wrong)
        wrong = check_inputs(check, pass);
    if (!wrong)
        wrong = check_outputs(check, pass);
    if (!wrong)
        wrong = check_rows(check, pass);
    if (!wrong)
        wrong = check_reads(pass);
    if (!wrong)
        wrong = check_in_place(pass);
    if (!wrong)
        wrong = check_tables(check->program, pass);
    return wrong ? wrong : check_numbers(check->program, pass);
}

static const char *check_output(const struct check *check, int p)
{
    const struct wr_format *format = &check->program->output.format;
    const struct wr_plane *plane = &check->program->output.plane[p];
    const char *wrong =
        check_plane(check, plane, wr_storage_of(WR_SAMPLE, wr_format_bytes(format) == 2));
    if (wrong)
        return wrong;
    if (plane->width != wr_format_width(format, p) || plane->height != wr_format_height(format, p))
        return "a plane has another size than the format";
    return check->written[plane->buffer] ? NULL : "a plane is not written";
}

static enum wr_status check_all(const struct check *check, struct wr_error *error)
{
    const struct wr_program *program = check->program;
    for (int b = 0; b < program->buffer_count; b++)
        check->written[b] = program->buffers[b].role == WR_ROLE_INPUT;
    for (int k = 0; k < program->pass_count; k++) {
        const struct wr_pass *pass = &program->passes[k];
        const char *wrong = check_pass(check, pass);
        if (wrong)
            return wr_fail(error, WR_FAILED, "internal: filter %s, pass %d (%s): %s", pass->label,
                           k, pass->kernel->name, wrong);
    }
    for (int p = 0; p < wr_format_planes(&program->output.format); p++) {
        const char *wrong = check_output(check, p);
        if (wrong)
            return wr_fail(error, WR_FAILED, "internal: output plane %d: %s", p, wrong);
    }
    return WR_OK;
}

enum wr_status wr_program_check(const struct wr_program *program, struct wr_error *error)
{
    const struct check check = {program, calloc((size_t)program->buffer_count + 1, sizeof(bool))};
    if (!check.written)
        return wr_fail(error, WR_FAILED, "out of memory while preparing the filters");
    const enum wr_status status = check_all(&check, error);
    free(check.written);
    return status;
}
