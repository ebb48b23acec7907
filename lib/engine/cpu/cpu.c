// SPDX-License-Identifier: MIT
// Runs batches on threads, band by band.
//
// Input and output images are used where they lie; only what passes hand to each other is in memory
// of the executor (see cpu_memory.h). A batch is computed in portions as its frames arrive. That
// way they are in the cache when they are read, filtered and written, and fewer of them are held.
// Frames that pad the last batch are not computed, since nobody would see them.
#include "lib/engine/cpu/cpu.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernels/pixel/cpu.h"
#include "lib/base/pool.h"
#include "lib/engine/cpu/cpu_levels.h"
#include "lib/engine/cpu/cpu_memory.h"

struct cpu {
    struct wr_executor executor;
    const struct wr_program *program;
    const struct wr_cpu_level *level;
    struct wr_pool *pool;     // shared, or own_pool
    struct wr_pool *own_pool; // NULL where the pool is shared
    wr_cpu_rows **rows;       // one for each pass
    struct wr_cpu_memory memory;
    struct wr_error *errors;  // one for each thread
    struct wr_track **tracks; // one for each thread, each NULL without a trace
    const struct wr_batch *batch;
    int first_frame, group; // of the frames under way, at most the plan's group
    int segment;
};

// A band of a frame, on its way through a segment.
struct band {
    const struct cpu *cpu;
    const struct wr_walk *walk; // the thread's
    int frame, number;
    struct wr_track *track;
    unsigned char *spare; // the thread's, for a row of the output that belongs to another band
};

static enum wr_status find_kernels(struct cpu *cpu, struct wr_error *error)
{
    for (int k = 0; k < cpu->program->pass_count; k++) {
        const struct wr_pass *pass = &cpu->program->passes[k];
        cpu->rows[k] = wr_cpu_level_find(cpu->level, pass);
        if (!cpu->rows[k])
            return wr_fail(error, WR_FAILED, "%s: kernel %s is missing in this build", pass->label,
                           pass->kernel->name);
    }
    return WR_OK;
}

static void cpu_close(struct wr_executor *executor)
{
    struct cpu *cpu = (struct cpu *)executor;
    wr_pool_close(&cpu->own_pool);
    wr_cpu_memory_close(&cpu->memory);
    free(cpu->errors);
    free(cpu->tracks);
    free(cpu->rows);
    free(cpu);
}

static enum wr_status open_memory(struct cpu *cpu, const struct wr_executor_options *options,
                                  struct wr_error *error)
{
    const struct cpu *like = (const struct cpu *)options->like;
    struct wr_cpu_plan *plan = like ? wr_cpu_plan_share(like->memory.plan) : NULL;
    const enum wr_status status =
        plan ? WR_OK : wr_cpu_plan_open(&plan, cpu->program, options, error);
    return status ? status : wr_cpu_memory_open(&cpu->memory, plan, error);
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
        status = open_memory(cpu, options, error);
    if (!status && !options->pool)
        status = wr_pool_open(&cpu->own_pool, cpu->memory.plan->threads, error);
    if (status)
        goto fail;
    cpu->pool = options->pool ? options->pool : cpu->own_pool;
    const int threads = cpu->memory.plan->threads;
    cpu->rows = calloc((size_t)program->pass_count + 1, sizeof *cpu->rows);
    cpu->errors = calloc((size_t)threads, sizeof *cpu->errors);
    cpu->tracks = calloc((size_t)threads, sizeof *cpu->tracks);
    if (!cpu->rows || !cpu->errors || !cpu->tracks) {
        status = wr_fail(error, WR_FAILED, "out of memory while starting the CPU executor");
        goto fail;
    }
    for (int n = 0; n < threads; n++)
        cpu->tracks[n] = wr_trace_track(options->trace, "cpu instance %d, thread %d",
                                        options->instance + 1, n + 1);
    status = find_kernels(cpu, error);
    if (!status)
        status = wr_cpu_memory_reserve(&cpu->memory, error);
    if (status)
        goto fail;
    cpu->executor.portion = cpu->memory.plan->portion;
    wr_cpu_memory_count(&cpu->memory, &cpu->executor.memory);
    wr_memory_reset_peaks(&cpu->executor.memory);
    cpu->executor.walks = cpu->memory.walks;
    cpu->executor.walk_count = cpu->memory.walk_count;
    *executor = &cpu->executor;
    return WR_OK;

fail:
    cpu_close(&cpu->executor);
    return status;
}

static enum wr_status estimate_plan(struct wr_cpu_plan *plan, struct wr_memory *memory,
                                    struct wr_error *error)
{
    struct wr_cpu_memory cpu;
    *memory = (struct wr_memory){0};
    const enum wr_status status = wr_cpu_memory_open(&cpu, wr_cpu_plan_share(plan), error);
    if (status)
        return status;
    wr_cpu_memory_count(&cpu, memory);
    wr_memory_note_batch(memory);
    memory->available = (int64_t)sysconf(_SC_AVPHYS_PAGES) * sysconf(_SC_PAGESIZE);
    wr_cpu_memory_close(&cpu);
    return WR_OK;
}

static enum wr_status cpu_estimate(const struct wr_program *program,
                                   const struct wr_executor_options *options, const int *batches,
                                   int count, struct wr_memory *memory, struct wr_error *error)
{
    struct wr_executor_options first = *options;
    struct wr_cpu_plan *plan;
    first.batch = batches[0];
    enum wr_status status = wr_cpu_plan_open(&plan, program, &first, error);
    for (int n = 0; n < count && !status; n++) {
        status = wr_cpu_plan_set_batch(plan, batches[n], error);
        if (!status)
            status = estimate_plan(plan, &memory[n], error);
    }
    wr_cpu_plan_close(&plan);
    return status;
}

// Where element (0, 0) of a plane lies, for the rows of this band.
static struct wr_view view_of(const struct band *band, const struct wr_plane *plane)
{
    const struct cpu *cpu = band->cpu;
    const struct wr_cpu_plan *plan = cpu->memory.plan;
    const struct wr_program *program = cpu->program;
    const int b = plane->buffer;
    const struct wr_buffer *buffer = &program->buffers[b];
    unsigned char *data;
    ptrdiff_t pitch;
    if (buffer->role == WR_ROLE_INPUT || buffer->role == WR_ROLE_OUTPUT) {
        const struct wr_image *image =
            (buffer->role == WR_ROLE_INPUT ? cpu->batch->in : cpu->batch->out) + band->frame;
        assert(image->data[buffer->plane]);
        data = image->data[buffer->plane];
        pitch = image->pitch[buffer->plane];
    } else if (plan->bands.whole[b]) {
        pitch = plan->whole[b].pitch;
        data = wr_walk_memory(cpu->memory.frames, b) +
               (band->frame - cpu->first_frame) * (buffer->height * pitch);
    } else {
        pitch = plan->band[b].pitch;
        data = wr_walk_memory(band->walk, b) -
               plan->bands.rows[band->number * program->buffer_count + b].from * pitch;
    }
    data += wr_plane_row(plane) * pitch + plane->x * (ptrdiff_t)wr_storage_bytes(buffer->storage);
    const struct wr_rows held = wr_bands_held(&plan->bands, program, band->number, plane);
    return (struct wr_view){.data = data,
                            .pitch = plane->flipped ? -pitch : pitch,
                            .width = plane->width,
                            .height = plane->height,
                            .first_row = held.from,
                            .end_row = held.to,
                            .prefetch_next = buffer->role == WR_ROLE_INPUT};
}

// Runs a pass over rows. Where these are another band's rows of the output, what the pass writes of
// the output goes to the spare row, which nobody reads.
static void run_rows(const struct band *band, int k, struct wr_pass_view *view, struct wr_rows rows,
                     bool own)
{
    const struct cpu *cpu = band->cpu;
    const struct wr_pass *pass = &cpu->program->passes[k];
    if (rows.from >= rows.to)
        return;
    for (int n = 0; n < pass->outputs; n++)
        view->out[n] = own || cpu->program->buffers[pass->out[n].buffer].role != WR_ROLE_OUTPUT
                           ? view_of(band, &pass->out[n])
                           : (struct wr_view){.data = band->spare,
                                              .width = pass->out[n].width,
                                              .height = pass->out[n].height};
    cpu->rows[k](view, pass->arguments, rows.from, rows.to);
}

static enum wr_status run_pass(void *context, int k, int end, struct wr_error *error)
{
    (void)end, (void)error;
    const struct band *band = context;
    const struct cpu *cpu = band->cpu;
    const struct wr_program *program = cpu->program;
    const struct wr_pass *pass = &program->passes[k];
    const size_t row = (size_t)(band->frame - cpu->batch->first);
    const union wr_value *values =
        program->value_count ? cpu->batch->values + row * (size_t)program->value_count : NULL;
    const struct wr_rows rows =
        wr_bands_rows(&cpu->memory.plan->bands, program, band->number, pass);
    if (rows.from >= rows.to || (pass->when >= 0 && !values[pass->when].integer))
        return WR_OK;
    struct wr_pass_view view = {.values = values,
                                .first_value = pass->first_value,
                                .reach_x = pass->reach_x,
                                .reach_y = pass->reach_y,
                                .span = pass->span};
    view.scratch = band->walk->scratch;
    for (int n = 0; n < pass->inputs; n++)
        view.in[n] = view_of(band, &pass->in[n]);
    for (int n = 0; n < pass->tables; n++)
        view.table[n] = program->tables[pass->table[n]].data;
    const struct wr_rows own = wr_bands_own(&cpu->memory.plan->bands, program, band->number, pass);
    const double start = wr_span_begin(band->track);
    run_rows(band, k, &view, (struct wr_rows){rows.from, own.from}, false);
    run_rows(band, k, &view, own, true);
    run_rows(band, k, &view, (struct wr_rows){own.to, rows.to}, false);
    wr_span_end(band->track, pass->kernel->name, pass->label, start, NULL, 0);
    return WR_OK;
}

static void run_band(void *context, int item, int worker)
{
    const struct cpu *cpu = context;
    const struct wr_bands *bands = &cpu->memory.plan->bands;
    struct wr_walk *walk = &cpu->memory.walks[worker];
    struct band band = {cpu,
                        walk,
                        cpu->first_frame + item / bands->count,
                        item % bands->count,
                        cpu->tracks[worker],
                        wr_cpu_memory_spare(&cpu->memory, worker)};
    struct wr_error *error = &cpu->errors[worker];
    const struct wr_batch *batch = cpu->batch;
    if (!error->status && batch->is_given_up && batch->is_given_up(batch->opaque))
        wr_fail(error, WR_INTERRUPTED, "interrupted");
    const double start = wr_span_begin(band.track);
    if (!error->status &&
        !wr_walk_passes(walk, &walk->routes[cpu->segment], run_pass, &band, error))
        wr_walk_end(walk, error);
    wr_span_end(band.track, "band", "cpu", start, "frame",
                cpu->batch->number * cpu->batch->size + band.frame);
}

static enum wr_status run_segment(void *context, int first_pass, int end_pass,
                                  struct wr_error *error)
{
    (void)first_pass, (void)end_pass;
    struct cpu *cpu = context;
    wr_pool_run(cpu->pool, cpu->group * cpu->memory.plan->bands.count, run_band, cpu);
    cpu->segment++;
    for (int n = 0; n < cpu->memory.plan->threads; n++)
        if (cpu->errors[n].status) {
            *error = cpu->errors[n];
            return error->status;
        }
    return WR_OK;
}

static enum wr_status cpu_submit(struct wr_executor *executor, const struct wr_batch *batch,
                                 struct wr_error *error)
{
    struct cpu *cpu = (struct cpu *)executor;
    struct wr_walk *frames = cpu->memory.frames;
    const int group = cpu->memory.plan->group;
    enum wr_status status = WR_OK;
    cpu->batch = batch;
    for (int n = 0; n < cpu->memory.plan->threads; n++)
        cpu->errors[n].status = WR_OK; // those of a batch that was given up
    for (int first = batch->first; first < batch->valid && !status; first += group) {
        const int left = batch->valid - first;
        cpu->first_frame = first;
        cpu->group = left < group ? left : group;
        cpu->segment = 0;
        status = wr_walk_passes(frames, frames->routes, run_segment, cpu, error);
        if (!status)
            status = wr_walk_end(frames, error);
    }
    wr_cpu_memory_count(&cpu->memory, &executor->memory);
    wr_memory_note_batch(&executor->memory);
    return status;
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
    .estimate = cpu_estimate,
};
