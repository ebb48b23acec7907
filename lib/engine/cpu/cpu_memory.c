// SPDX-License-Identifier: MIT
// Plans and gets the memory of the CPU executor.
#include "lib/engine/cpu/cpu_memory.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/pool.h"

enum {
    ALIGNMENT = 64,
    CACHE_BYTES = 1024 * 1024, // for a band
    BAND_ROWS = 64, // lower ones compute many of their neighbours' rows again, too few for vectors
    PORTION_BYTES = 2048 * 1024, // for frames
    PORTION_PIECES = 8           // of a frame at most, unless it is alone
};

// Rows of buffer b that the highest band has.
static int band_height(const struct wr_cpu_memory *cpu, const struct wr_program *program, int b)
{
    int height = 0;
    for (int band = 0; band < cpu->bands.count; band++) {
        const struct wr_rows rows = cpu->bands.rows[band * program->buffer_count + b];
        height = rows.to - rows.from > height ? rows.to - rows.from : height;
    }
    return height;
}

static enum wr_status measure(struct wr_cpu_memory *cpu, const struct wr_program *program,
                              struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int b = 0; b < program->buffer_count && !status; b++) {
        const struct wr_buffer *buffer = &program->buffers[b];
        if (buffer->role != WR_ROLE_BETWEEN)
            continue;
        status = cpu->bands.whole[b]
                     ? wr_footprint_of(buffer, ALIGNMENT, buffer->height, cpu->group,
                                       &cpu->whole[b], error)
                     : wr_footprint_of(buffer, ALIGNMENT, band_height(cpu, program, b), 1,
                                       &cpu->band[b], error);
    }
    return status;
}

static enum wr_status allocate(void *context, unsigned char **memory, int64_t bytes,
                               struct wr_error *error)
{
    (void)context;
    const size_t size = ((size_t)bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    *memory = aligned_alloc(ALIGNMENT, size);
    if (!*memory)
        return wr_fail(error, WR_FAILED, "out of memory: the filters need %lld bytes",
                       (long long)bytes);
    return WR_OK;
}

static void release(void *context, unsigned char *memory)
{
    (void)context;
    free(memory);
}

static enum wr_status fill(void *context, unsigned char *memory, int value, int64_t bytes,
                           struct wr_error *error)
{
    (void)context, (void)error;
    memset(memory, value, (size_t)bytes);
    return WR_OK;
}

static const struct wr_arena_source source = {allocate, release, fill, NULL};

static enum wr_status plan(struct wr_cpu_memory *cpu, const struct wr_program *program,
                           enum wr_arena_mode mode, struct wr_error *error)
{
    const struct wr_arena_options options = {ALIGNMENT, mode};
    const int *const ends = cpu->bands.segment_ends;
    const struct wr_walk_range all = {0, program->pass_count, ends, false};
    cpu->frames = &cpu->walks[cpu->walk_count - 1];
    enum wr_status status =
        wr_walk_open(cpu->frames, program, cpu->whole, &all, &options, &source, error);
    for (int n = 0; n < cpu->threads * cpu->bands.segments && !status; n++) {
        const int segment = n % cpu->bands.segments;
        const struct wr_walk_range range = {segment ? ends[segment - 1] : 0, ends[segment], NULL,
                                            true};
        status = wr_walk_open(&cpu->walks[n], program, cpu->band, &range, &options, &source, error);
    }
    return status;
}

// Whether bands compute rows of the output that are others'.
static bool goes_beyond(const struct wr_cpu_memory *cpu, const struct wr_program *program,
                        const struct wr_pass *pass)
{
    for (int band = 0; band < cpu->bands.count; band++) {
        const struct wr_rows rows = wr_bands_rows(&cpu->bands, program, band, pass);
        const struct wr_rows own = wr_bands_own(&cpu->bands, program, band, pass);
        if (rows.from < own.from || rows.to > own.to)
            return true;
    }
    return false;
}

// Bytes of the longest row of those.
static int64_t longest_spare(const struct wr_cpu_memory *cpu, const struct wr_program *program)
{
    int64_t longest = 0;
    for (int k = 0; k < program->pass_count; k++) {
        const struct wr_pass *pass = &program->passes[k];
        const bool beyond = goes_beyond(cpu, program, pass);
        for (int n = 0; n < pass->outputs && beyond; n++) {
            const struct wr_buffer *buffer = &program->buffers[pass->out[n].buffer];
            const int64_t bytes = buffer->width * (int64_t)wr_storage_bytes(buffer->storage);
            if (buffer->role == WR_ROLE_OUTPUT && bytes > longest)
                longest = bytes;
        }
    }
    return (longest + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static int64_t plane_bytes(const struct wr_format *format, int plane)
{
    return (int64_t)wr_format_width(format, plane) * wr_format_height(format, plane) *
           wr_format_bytes(format);
}

// Of the input, of what is not handed over from it, and of the numbers that change from frame to
// frame.
static int64_t frame_bytes(const struct wr_program *program)
{
    const struct wr_format *const in = &program->input.format, *const out = &program->output.format;
    int64_t bytes = program->value_count * (int64_t)sizeof(union wr_value);
    for (int p = 0; p < wr_format_planes(in); p++)
        bytes += plane_bytes(in, p);
    for (int p = 0; p < wr_format_planes(out); p++)
        bytes += wr_program_hands_over(program, p) ? 0 : plane_bytes(out, p);
    return bytes;
}

// Frames that are read, filtered and written soon after one another are still in the cache. As many
// make a portion as keep the threads busy, without cutting frames into bands too low or waking the
// threads for too little.
static int portion_of(int64_t frame_bytes, int pieces, int batch)
{
    const int64_t to_fill = PORTION_BYTES / frame_bytes, to_share = (pieces - 1) / PORTION_PIECES;
    const int64_t portion = 1 + (to_fill > to_share ? to_fill : to_share);
    return portion < batch ? (int)portion : batch;
}

enum wr_status wr_cpu_memory_open(struct wr_cpu_memory *cpu, const struct wr_program *program,
                                  const struct wr_executor_options *options, struct wr_error *error)
{
    *cpu = (struct wr_cpu_memory){.threads = wr_pool_size(options->threads)};
    // Two pieces for each thread even out their ends.
    const int pieces = 2 * cpu->threads;
    const int64_t frame = frame_bytes(program);
    cpu->portion = portion_of(frame, pieces, options->batch);
    enum wr_status status =
        wr_bands_open(&cpu->bands, program, CACHE_BYTES, (pieces - 1) / cpu->portion + 1,
                      options->band_rows ? options->band_rows : BAND_ROWS, error);
    if (status)
        return status;
    // What crosses cuts is kept for as few frames as keep the threads busy.
    const int busy = (pieces - 1) / cpu->bands.count + 1;
    cpu->group = cpu->bands.segments > 1 && busy < cpu->portion ? busy : cpu->portion;
    const size_t buffers = (size_t)program->buffer_count;
    cpu->band = calloc(buffers, sizeof *cpu->band);
    cpu->whole = calloc(buffers, sizeof *cpu->whole);
    cpu->walk_count = cpu->threads * cpu->bands.segments + 1;
    cpu->walks = calloc((size_t)cpu->walk_count, sizeof *cpu->walks);
    if (!cpu->band || !cpu->whole || !cpu->walks)
        status = wr_fail(error, WR_FAILED, "out of memory while starting the CPU executor");
    if (!status)
        status = measure(cpu, program, error);
    if (!status)
        status = plan(cpu, program, options->mode, error);
    if (status) {
        wr_cpu_memory_close(cpu);
        return status;
    }
    for (int n = 0; n < cpu->bands.segments; n++)
        if (cpu->walks[n].arena.plan.peak > cpu->thread_bytes)
            cpu->thread_bytes = cpu->walks[n].arena.plan.peak;
    cpu->spare_bytes = longest_spare(cpu, program);
    cpu->thread_bytes += cpu->spare_bytes;
    cpu->bytes = cpu->thread_bytes * cpu->threads + cpu->frames->arena.plan.peak;
    cpu->slots = cpu->portion * frame;
    return WR_OK;
}

enum wr_status wr_cpu_memory_reserve(struct wr_cpu_memory *cpu, struct wr_error *error)
{
    const enum wr_status status =
        cpu->bytes ? allocate(NULL, &cpu->block, cpu->bytes, error) : WR_OK;
    if (status)
        return status;
    for (int n = 0; n < cpu->threads * cpu->bands.segments; n++)
        wr_arena_lend(&cpu->walks[n].arena,
                      cpu->block + cpu->thread_bytes * (n / cpu->bands.segments));
    wr_arena_lend(&cpu->frames->arena, cpu->block + cpu->thread_bytes * cpu->threads);
    return WR_OK;
}

unsigned char *wr_cpu_memory_spare(const struct wr_cpu_memory *cpu, int thread)
{
    return cpu->block + cpu->thread_bytes * (thread + 1) - cpu->spare_bytes;
}

static void count_arena(const struct wr_arena *arena, struct wr_memory *memory)
{
    memory->arena += arena->is_own ? arena->bytes : 0;
    memory->allocations += arena->allocations;
    memory->departures += arena->departures;
}

// A thread does the segments one after the other in one place: the most that any of them needs.
static void count_thread(const struct wr_cpu_memory *cpu, int thread, struct wr_memory *memory)
{
    int64_t lower_bound = 0, asked = 0;
    for (int s = 0; s < cpu->bands.segments; s++) {
        const struct wr_arena *arena = &cpu->walks[thread * cpu->bands.segments + s].arena;
        if (arena->plan.lower_bound > lower_bound)
            lower_bound = arena->plan.lower_bound;
        if (arena->planned.most_asked > asked)
            asked = arena->planned.most_asked;
        count_arena(arena, memory);
    }
    memory->lower_bound += lower_bound + cpu->spare_bytes;
    memory->requested += asked + cpu->spare_bytes;
}

void wr_cpu_memory_count(const struct wr_cpu_memory *cpu, struct wr_memory *memory)
{
    const struct wr_arena *frames = &cpu->frames->arena;
    memory->arena = cpu->bytes;
    memory->slots = memory->allocated = cpu->slots;
    memory->lower_bound = frames->plan.lower_bound;
    memory->requested = cpu->slots + frames->planned.most_asked;
    memory->allocations = cpu->block != NULL;
    memory->departures = 0;
    count_arena(frames, memory);
    for (int n = 0; n < cpu->threads; n++)
        count_thread(cpu, n, memory);
    memory->reserved = wr_memory_held(memory);
}

void wr_cpu_memory_close(struct wr_cpu_memory *cpu)
{
    for (int n = 0; cpu->walks && n < cpu->walk_count; n++)
        wr_walk_close(&cpu->walks[n]);
    wr_bands_close(&cpu->bands);
    free(cpu->walks);
    free(cpu->band);
    free(cpu->whole);
    free(cpu->block);
    *cpu = (struct wr_cpu_memory){0};
}
