// SPDX-License-Identifier: MIT
// Tables on planes, and their composition: however many point-wise filters follow each other on a
// plane, each sample is looked up once.
#include "kernels/program/map.h"

#include <string.h>

#include "kernels/program/line.h"
#include "kernels/program/smooth.h"

WR_DEFINE_KERNELS

struct wr_plane wr_map(struct wr_lowering *lowering, struct wr_plane plane, const uint16_t *values)
{
    const struct wr_format *format = &lowering->picture.format;
    const struct table arguments = {(1 << format->depth) - 1};
    const int count = format->depth > 8 ? WR_MAX_VALUES : 256;
    uint16_t table[WR_MAX_VALUES];
    for (int v = 0; v < count; v++)
        table[v] = values[v < arguments.max ? v : arguments.max];
    const int number = wr_program_table(lowering->program, table, (size_t)count * sizeof *table);
    const struct wr_plane out =
        wr_program_buffer(lowering->program, WR_SAMPLE, format, plane.width, plane.height);
    struct wr_pass *pass =
        wr_program_pass(lowering->program, &wr_table_kernel, lowering->filter, format, &arguments);
    wr_pass_in(pass, plane);
    wr_pass_out(pass, out);
    wr_pass_table(pass, number, (size_t)count * sizeof *table);
    return out;
}

static int largest(const struct wr_pass *pass)
{
    return ((const struct table *)pass->arguments)->max;
}

static uint16_t *values_of(const struct wr_program *program, const struct wr_pass *pass)
{
    return program->tables[pass->table[0]].data;
}

static bool is_identity(const struct wr_program *program, const struct wr_pass *pass)
{
    const uint16_t *values = values_of(program, pass);
    for (int v = 0; v <= largest(pass); v++)
        if (values[v] != v)
            return false;
    return true;
}

// Makes whoever reads plane `old` (a whole buffer) read `new` instead.
static void redirect(struct wr_plane *reader, struct wr_plane old, struct wr_plane new)
{
    if (reader->buffer == old.buffer)
        *reader = wr_plane_through(*reader, new);
}

static void bypass(struct wr_program *program, int number)
{
    const struct wr_plane in = program->passes[number].in[0], out = program->passes[number].out[0];
    for (int k = number + 1; k < program->pass_count; k++)
        for (int n = 0; n < program->passes[k].inputs; n++)
            redirect(&program->passes[k].in[n], out, in);
    for (int p = 0; p < wr_format_planes(&program->output.format); p++)
        redirect(&program->output.plane[p], out, in);
}

// The earlier table pass that writes what `pass` reads, or NULL.
static const struct wr_pass *feeding_map(const struct wr_program *program,
                                         const struct wr_pass *pass)
{
    for (const struct wr_pass *before = program->passes; before < pass; before++)
        if (before->kernel == &wr_table_kernel && before->out[0].buffer == pass->in[0].buffer &&
            largest(before) == largest(pass))
            return before;
    return NULL;
}

void wr_compose_maps(struct wr_program *program)
{
    for (int k = 0; k < program->pass_count; k++) {
        struct wr_pass *pass = &program->passes[k];
        if (pass->kernel != &wr_table_kernel)
            continue;
        const struct wr_pass *before = feeding_map(program, pass);
        if (before) {
            uint16_t *values = values_of(program, pass), composed[WR_MAX_VALUES];
            const size_t bytes = program->tables[pass->table[0]].bytes;
            for (size_t v = 0; v < bytes / sizeof *values; v++)
                composed[v] = values[values_of(program, before)[v]];
            memcpy(values, composed, bytes);
            redirect(&pass->in[0], before->out[0], before->in[0]);
        }
        if (is_identity(program, pass))
            bypass(program, k);
    }
}

void wr_straighten_maps(struct wr_program *program)
{
    for (int k = 0; k < program->pass_count; k++) {
        struct wr_pass *pass = &program->passes[k];
        struct line line;
        if (pass->kernel != &wr_table_kernel ||
            !wr_find_line(values_of(program, pass), largest(pass), &line))
            continue;
        pass->kernel = &wr_line_kernel;
        pass->tables = 0;
        memcpy(pass->arguments, &line, sizeof line);
    }
}

// Parabolas are at most 4 of 65535 off. With more bits than these, samples would show that.
enum { MOST_BITS = 12 };

void wr_smooth_maps(struct wr_program *program)
{
    for (int k = 0; k < program->pass_count && program->output.format.depth <= MOST_BITS; k++) {
        struct wr_pass *pass = &program->passes[k];
        struct parabolas parabolas;
        if (pass->kernel != &wr_table_kernel || largest(pass) < WR_MAX_VALUES - 1 ||
            !wr_fit_parabolas(values_of(program, pass), &parabolas))
            continue;
        pass->kernel = &wr_parabolas_kernel;
        wr_pass_table(pass, wr_program_table(program, &parabolas, sizeof parabolas),
                      sizeof parabolas);
    }
}
