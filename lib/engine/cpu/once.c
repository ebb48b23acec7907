// SPDX-License-Identifier: MIT
// Runs passes one after the other, over whole planes.
#include "lib/engine/cpu/once.h"

#include <stdlib.h>

#include "lib/engine/cpu/cpu_levels.h"
#include "lib/engine/cpu/cpu_plan.h"

struct once {
    const struct wr_program *program;
    const struct wr_cpu_level *level;
    unsigned char **memory; // of each buffer; NULL: it is the input's, or not in use
    int *last_reader;       // of each buffer that is read, the pass
    const unsigned char *const *planes;
};

static size_t row_bytes(const struct wr_buffer *buffer)
{
    return (size_t)buffer->width * wr_storage_bytes(buffer->storage);
}

static void *get_memory(size_t bytes)
{
    return aligned_alloc(WR_CPU_ALIGNMENT, (bytes / WR_CPU_ALIGNMENT + 1) * WR_CPU_ALIGNMENT);
}

static struct wr_view view_of(const struct once *once, const struct wr_plane *plane)
{
    const struct wr_buffer *buffer = &once->program->buffers[plane->buffer];
    const ptrdiff_t pitch = (ptrdiff_t)row_bytes(buffer);
    unsigned char *const data = buffer->role == WR_ROLE_INPUT
                                    ? (unsigned char *)once->planes[buffer->plane]
                                    : once->memory[plane->buffer];
    return (struct wr_view){.data = data + wr_plane_row(plane) * pitch +
                                    plane->x * (ptrdiff_t)wr_storage_bytes(buffer->storage),
                            .pitch = plane->flipped ? -pitch : pitch,
                            .width = plane->width,
                            .height = plane->height,
                            .end_row = plane->height};
}

static bool open_outputs(struct once *once, const struct wr_pass *pass)
{
    bool all = true;
    for (int n = 0; n < pass->outputs; n++) {
        const struct wr_buffer *buffer = &once->program->buffers[pass->out[n].buffer];
        unsigned char *const memory = get_memory(row_bytes(buffer) * (size_t)buffer->height);
        once->memory[pass->out[n].buffer] = memory;
        all &= memory != NULL;
    }
    return all;
}

static void close_buffer(struct once *once, int buffer)
{
    free(once->memory[buffer]);
    once->memory[buffer] = NULL;
}

static enum wr_status run_pass(struct once *once, int k, unsigned char *scratch, wr_look *look,
                               void *context, struct wr_error *error)
{
    const struct wr_pass *pass = &once->program->passes[k];
    wr_cpu_rows *const rows = wr_cpu_level_find(once->level, pass);
    if (!rows)
        return wr_fail(error, WR_FAILED, "%s: kernel %s is missing in this build", pass->label,
                       pass->kernel->name);
    struct wr_pass_view view = {
        .reach_x = pass->reach_x, .reach_y = pass->reach_y, .span = pass->span, .scratch = scratch};
    for (int n = 0; n < pass->inputs; n++)
        view.in[n] = view_of(once, &pass->in[n]);
    for (int n = 0; n < pass->outputs; n++)
        view.out[n] = view_of(once, &pass->out[n]);
    for (int n = 0; n < pass->tables; n++)
        view.table[n] = once->program->tables[pass->table[n]].data;
    rows(&view, pass->arguments, 0, pass->out[0].height);
    look(context, pass, view.out[0].data);
    for (int n = 0; n < pass->inputs; n++)
        if (once->last_reader[pass->in[n].buffer] == k)
            close_buffer(once, pass->in[n].buffer);
    return WR_OK;
}

static enum wr_status run_passes(struct once *once, wr_look *look, void *context,
                                 struct wr_error *error)
{
    const struct wr_program *program = once->program;
    enum wr_status status = wr_cpu_level_choose(NULL, &once->level, error);
    for (int k = 0; k < program->pass_count; k++)
        for (int n = 0; n < program->passes[k].inputs; n++)
            once->last_reader[program->passes[k].in[n].buffer] = k;
    for (int k = 0; k < program->pass_count && !status; k++) {
        unsigned char *const scratch = get_memory(program->passes[k].scratch);
        status = scratch && open_outputs(once, &program->passes[k])
                     ? run_pass(once, k, scratch, look, context, error)
                     : wr_fail(error, WR_FAILED, "out of memory while preparing the filters");
        free(scratch);
    }
    return status;
}

enum wr_status wr_cpu_run_once(const struct wr_program *program, const unsigned char *const *planes,
                               wr_look *look, void *context, struct wr_error *error)
{
    const size_t buffers = (size_t)program->buffer_count;
    struct once once = {.program = program,
                        .memory = calloc(buffers, sizeof *once.memory),
                        .last_reader = calloc(buffers, sizeof *once.last_reader),
                        .planes = planes};
    const enum wr_status status =
        once.memory && once.last_reader
            ? run_passes(&once, look, context, error)
            : wr_fail(error, WR_FAILED, "out of memory while preparing the filters");
    for (size_t b = 0; b < buffers && once.memory; b++)
        free(once.memory[b]);
    free(once.memory);
    free(once.last_reader);
    return status;
}
