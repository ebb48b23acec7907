// SPDX-License-Identifier: MIT
// The CPU executor: threads take bands of frames and run the whole program over each.
//
// Input and output images are used where they lie; only what passes hand to each other is in the
// arena, one for each thread, as high as one band. Frames that pad the last batch are not computed,
// since nobody would see them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/cpu.h"
#include "lib/bands.h"
#include "lib/cpu_levels.h"
#include "lib/executor.h"
#include "lib/pool.h"

enum { ALIGNMENT = 64, CACHE_BYTES = 512 * 1024 };

struct cpu_buffer {
    size_t offset; // in the arena
    ptrdiff_t pitch;
};

struct cpu {
    struct wr_executor executor;
    const struct wr_program *program;
    const struct wr_cpu_level *level;
    struct wr_pool *pool;
    wr_cpu_rows **rows; // one for each pass
    int bands;
    struct wr_rows *band_rows; // [bands][buffers]
    struct cpu_buffer *buffers;
    unsigned char *arenas; // one after the other, one for each thread
    size_t arena_size;
    const struct wr_batch *batch;
};

static const struct wr_cpu_kernel *find_kernel(const struct wr_cpu_level *level, const char *name)
{
    for (const struct wr_cpu_kernel *const *family = level->families; *family; family++)
        for (const struct wr_cpu_kernel *kernel = *family; kernel->name; kernel++)
            if (!strcmp(kernel->name, name))
                return kernel;
    return NULL;
}

static enum wr_status find_kernels(struct cpu *cpu, struct wr_error *error)
{
    for (int k = 0; k < cpu->program->pass_count; k++) {
        const struct wr_pass *pass = &cpu->program->passes[k];
        const struct wr_cpu_kernel *kernel = find_kernel(cpu->level, pass->kernel->name);
        if (!kernel)
            return wr_fail(error, WR_FAILED, "%s: kernel %s is missing in this build", pass->label,
                           pass->kernel->name);
        cpu->rows[k] = kernel->rows[pass->wide];
    }
    return WR_OK;
}

// Gives every intermediate buffer a place in the arena, as high as the highest band needs it.
static void lay_out(struct cpu *cpu)
{
    const struct wr_program *program = cpu->program;
    for (int b = 0; b < program->buffer_count; b++) {
        const struct wr_buffer *buffer = &program->buffers[b];
        const size_t row = (size_t)buffer->width * wr_storage_bytes(buffer->storage);
        const size_t pitch = (row + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        int height = 0;
        for (int band = 0; band < cpu->bands; band++) {
            const struct wr_rows rows = cpu->band_rows[band * program->buffer_count + b];
            height = rows.to - rows.from > height ? rows.to - rows.from : height;
        }
        cpu->buffers[b] = (struct cpu_buffer){cpu->arena_size, (ptrdiff_t)pitch};
        if (b >= wr_format_planes(&program->input.format) &&
            wr_program_output_plane(program, b) < 0)
            cpu->arena_size += pitch * (size_t)height;
    }
}

static void cpu_close(struct wr_executor *executor)
{
    struct cpu *cpu = (struct cpu *)executor;
    wr_pool_close(&cpu->pool);
    free(cpu->arenas);
    free(cpu->buffers);
    free(cpu->band_rows);
    free(cpu->rows);
    free(cpu);
}

static enum wr_status cpu_open(struct wr_executor **executor, const struct wr_program *program,
                               const struct wr_executor_options *options, struct wr_error *error)
{
    *executor = NULL;
    struct cpu *cpu = calloc(1, sizeof *cpu);
    if (!cpu)
        return wr_fail(error, WR_FAILED, "out of memory while starting the CPU executor");
    cpu->executor.type = &wr_cpu_executor;
    cpu->program = program;
    enum wr_status status = wr_cpu_level_choose(options->cpu_level, &cpu->level, error);
    if (!status)
        status = wr_pool_open(&cpu->pool, options->threads, error);
    if (status)
        goto fail;

    const int threads = wr_pool_threads(cpu->pool);
    const size_t buffers = (size_t)program->buffer_count;
    // Two pieces for each thread even out their ends.
    cpu->bands = wr_band_count(program, CACHE_BYTES, (2 * threads - 1) / options->batch + 1);
    cpu->rows = calloc((size_t)program->pass_count + 1, sizeof *cpu->rows);
    cpu->band_rows = calloc((size_t)cpu->bands * buffers, sizeof *cpu->band_rows);
    cpu->buffers = calloc(buffers, sizeof *cpu->buffers);
    if (!cpu->rows || !cpu->band_rows || !cpu->buffers)
        goto out_of_memory;
    for (int band = 0; band < cpu->bands; band++)
        wr_band_rows(program, band, cpu->bands, cpu->band_rows + (size_t)band * buffers);
    if ((status = find_kernels(cpu, error)))
        goto fail;
    lay_out(cpu);
    if (cpu->arena_size &&
        !(cpu->arenas = aligned_alloc(ALIGNMENT, cpu->arena_size * (size_t)threads)))
        goto out_of_memory;
    cpu->executor.arena_bytes = (int64_t)cpu->arena_size * threads;
    *executor = &cpu->executor;
    return WR_OK;

out_of_memory:
    status = wr_fail(error, WR_FAILED, "out of memory: the filters need %zu bytes for each thread",
                     cpu->arena_size);
fail:
    cpu_close(&cpu->executor);
    return status;
}

// Where element (0, 0) of a plane of this frame lies, for the rows this worker has.
static struct wr_view view_of(const struct cpu *cpu, const struct wr_plane *plane, int frame,
                              int band, int worker)
{
    const struct wr_program *program = cpu->program;
    const int b = plane->buffer, out = wr_program_output_plane(program, b);
    unsigned char *data;
    ptrdiff_t pitch;
    if (b < wr_format_planes(&program->input.format)) {
        data = cpu->batch->in[frame].data[b];
        pitch = cpu->batch->in[frame].pitch[b];
    } else if (out >= 0) {
        data = cpu->batch->out[frame].data[out];
        pitch = cpu->batch->out[frame].pitch[out];
    } else {
        pitch = cpu->buffers[b].pitch;
        data = cpu->arenas + cpu->arena_size * (size_t)worker + cpu->buffers[b].offset -
               cpu->band_rows[band * program->buffer_count + b].from * pitch;
    }
    data += plane->y * pitch + plane->x * (ptrdiff_t)wr_storage_bytes(program->buffers[b].storage);
    return (struct wr_view){data, pitch, 0, plane->width, plane->height};
}

static void run_band(void *context, int item, int worker)
{
    const struct cpu *cpu = context;
    const struct wr_program *program = cpu->program;
    const int frame = item / cpu->bands, band = item % cpu->bands;
    for (int k = 0; k < program->pass_count; k++) {
        const struct wr_pass *pass = &program->passes[k];
        struct wr_pass_view view = {
            .reach_x = pass->reach_x, .reach_y = pass->reach_y, .span = pass->span};
        for (int n = 0; n < pass->inputs; n++)
            view.in[n] = view_of(cpu, &pass->in[n], frame, band, worker);
        for (int n = 0; n < pass->outputs; n++)
            view.out[n] = view_of(cpu, &pass->out[n], frame, band, worker);
        for (int n = 0; n < pass->tables; n++)
            view.table[n] = program->tables[pass->table[n]].data;
        const struct wr_rows rows =
            cpu->band_rows[band * program->buffer_count + pass->out[0].buffer];
        if (rows.from < rows.to)
            cpu->rows[k](&view, pass->arguments, rows.from, rows.to);
    }
}

static enum wr_status cpu_submit(struct wr_executor *executor, const struct wr_batch *batch,
                                 struct wr_error *error)
{
    (void)error;
    struct cpu *cpu = (struct cpu *)executor;
    cpu->batch = batch;
    wr_pool_run(cpu->pool, batch->valid * cpu->bands, run_band, cpu);
    return WR_OK;
}

static enum wr_status cpu_wait(struct wr_executor *executor, struct wr_error *error)
{
    (void)executor;
    (void)error;
    return WR_OK;
}

static void cpu_describe(const struct wr_executor *executor, char *text, size_t size)
{
    const struct cpu *cpu = (const struct cpu *)executor;
    const int threads = wr_pool_threads(cpu->pool);
    snprintf(text, size, "cpu (%s, %d thread%s)", cpu->level->name, threads,
             threads == 1 ? "" : "s");
}

const struct wr_executor_type wr_cpu_executor = {
    .name = "cpu",
    .open = cpu_open,
    .describe = cpu_describe,
    .submit = cpu_submit,
    .wait = cpu_wait,
    .close = cpu_close,
};
