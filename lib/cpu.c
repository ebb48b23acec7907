// SPDX-License-Identifier: MIT
// The CPU executor: threads take bands of frames and run the program over each.
//
// Input and output images are used where they lie; only what passes hand to each other is in memory
// of the executor: an arena for each thread, as high as one band, and, where the program is cut
// (see bands.h), whole planes for the few frames that are under way at one time. Frames that pad
// the last batch are not computed, since nobody would see them.
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
    size_t offset; // in a thread's arena, or in the planes of a frame
    ptrdiff_t pitch;
};

struct cpu {
    struct wr_executor executor;
    const struct wr_program *program;
    const struct wr_cpu_level *level;
    struct wr_pool *pool;
    wr_cpu_rows **rows; // one for each pass
    struct wr_bands bands;
    int group; // frames that are under way at one time
    struct cpu_buffer *buffers;
    unsigned char *arenas; // one after the other, one for each thread
    size_t arena_size;
    unsigned char *planes; // whole ones, of each frame of a group
    size_t planes_size;
    const struct wr_batch *batch;
    int first_frame, segment; // of the group under way
    struct wr_track **tracks; // one for each thread, each NULL without a trace
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

// Rows of buffer b that the highest band has.
static int band_height(const struct cpu *cpu, int b)
{
    int height = 0;
    for (int band = 0; band < cpu->bands.count; band++) {
        const struct wr_rows rows = cpu->bands.rows[band * cpu->program->buffer_count + b];
        height = rows.to - rows.from > height ? rows.to - rows.from : height;
    }
    return height;
}

// Gives every intermediate buffer its place.
static void lay_out(struct cpu *cpu)
{
    const struct wr_program *program = cpu->program;
    for (int b = 0; b < program->buffer_count; b++) {
        const struct wr_buffer *buffer = &program->buffers[b];
        const size_t row = (size_t)buffer->width * wr_storage_bytes(buffer->storage);
        const size_t pitch = (row + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        const bool whole = cpu->bands.whole[b];
        size_t *const end = whole ? &cpu->planes_size : &cpu->arena_size;
        cpu->buffers[b] = (struct cpu_buffer){*end, (ptrdiff_t)pitch};
        if (b >= wr_format_planes(&program->input.format) &&
            wr_program_output_plane(program, b) < 0)
            *end += pitch * (size_t)(whole ? buffer->height : band_height(cpu, b));
    }
}

static void cpu_close(struct wr_executor *executor)
{
    struct cpu *cpu = (struct cpu *)executor;
    wr_pool_close(&cpu->pool);
    free(cpu->tracks);
    free(cpu->arenas);
    free(cpu->planes);
    free(cpu->buffers);
    wr_bands_close(&cpu->bands);
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
    // Two pieces for each thread even out their ends.
    status = wr_bands_open(&cpu->bands, program, CACHE_BYTES,
                           (2 * threads - 1) / options->batch + 1, error);
    if (status)
        goto fail;
    cpu->group =
        cpu->bands.segments == 1 ? options->batch : (2 * threads - 1) / cpu->bands.count + 1;
    cpu->rows = calloc((size_t)program->pass_count + 1, sizeof *cpu->rows);
    cpu->buffers = calloc((size_t)program->buffer_count, sizeof *cpu->buffers);
    cpu->tracks = calloc((size_t)threads, sizeof *cpu->tracks);
    if (!cpu->rows || !cpu->buffers || !cpu->tracks)
        goto out_of_memory;
    for (int n = 0; n < threads; n++)
        cpu->tracks[n] =
            wr_trace_track(options->trace, "cpu instance %d, thread %d", options->instance, n);
    if ((status = find_kernels(cpu, error)))
        goto fail;
    lay_out(cpu);
    if (cpu->arena_size &&
        !(cpu->arenas = aligned_alloc(ALIGNMENT, cpu->arena_size * (size_t)threads)))
        goto out_of_memory;
    if (cpu->planes_size &&
        !(cpu->planes = aligned_alloc(ALIGNMENT, cpu->planes_size * (size_t)cpu->group)))
        goto out_of_memory;
    cpu->executor.arena_bytes =
        (int64_t)(cpu->arena_size * (size_t)threads + cpu->planes_size * (size_t)cpu->group);
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
    } else if (cpu->bands.whole[b]) {
        pitch = cpu->buffers[b].pitch;
        data = cpu->planes + cpu->planes_size * (size_t)(frame - cpu->first_frame) +
               cpu->buffers[b].offset;
    } else {
        pitch = cpu->buffers[b].pitch;
        data = cpu->arenas + cpu->arena_size * (size_t)worker + cpu->buffers[b].offset -
               cpu->bands.rows[band * program->buffer_count + b].from * pitch;
    }
    data += plane->y * pitch + plane->x * (ptrdiff_t)wr_storage_bytes(program->buffers[b].storage);
    return (struct wr_view){data, pitch, 0, plane->width, plane->height};
}

static void run_band(void *context, int item, int worker)
{
    const struct cpu *cpu = context;
    const struct wr_program *program = cpu->program;
    const int frame = cpu->first_frame + item / cpu->bands.count, band = item % cpu->bands.count;
    const union wr_value *values =
        program->value_count ? cpu->batch->values + (size_t)frame * program->value_count : NULL;
    struct wr_track *track = cpu->tracks[worker];
    const double start = wr_span_begin(track);
    const int first = cpu->segment ? cpu->bands.segment_ends[cpu->segment - 1] : 0;
    for (int k = first; k < cpu->bands.segment_ends[cpu->segment]; k++) {
        const struct wr_pass *pass = &program->passes[k];
        if (pass->when >= 0 && !values[pass->when].integer)
            continue;
        struct wr_pass_view view = {.values = values,
                                    .first_value = pass->first_value,
                                    .reach_x = pass->reach_x,
                                    .reach_y = pass->reach_y,
                                    .span = pass->span};
        for (int n = 0; n < pass->inputs; n++)
            view.in[n] = view_of(cpu, &pass->in[n], frame, band, worker);
        for (int n = 0; n < pass->outputs; n++)
            view.out[n] = view_of(cpu, &pass->out[n], frame, band, worker);
        for (int n = 0; n < pass->tables; n++)
            view.table[n] = program->tables[pass->table[n]].data;
        const struct wr_rows rows =
            cpu->bands.rows[band * program->buffer_count + pass->out[0].buffer];
        const double started = wr_span_begin(track);
        if (rows.from < rows.to)
            cpu->rows[k](&view, pass->arguments, rows.from, rows.to);
        wr_span_end(track, pass->kernel->name, pass->label, started, NULL, 0);
    }
    wr_span_end(track, "band", "cpu", start, "frame",
                cpu->batch->number * cpu->batch->size + frame);
}

static enum wr_status cpu_submit(struct wr_executor *executor, const struct wr_batch *batch,
                                 struct wr_error *error)
{
    (void)error;
    struct cpu *cpu = (struct cpu *)executor;
    cpu->batch = batch;
    for (int first = 0; first < batch->valid; first += cpu->group) {
        const int left = batch->valid - first;
        cpu->first_frame = first;
        for (cpu->segment = 0; cpu->segment < cpu->bands.segments; cpu->segment++)
            wr_pool_run(cpu->pool, (left < cpu->group ? left : cpu->group) * cpu->bands.count,
                        run_band, cpu);
    }
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
