// SPDX-License-Identifier: MIT
// Walks through passes, taking and giving back the memory of what lies between them.
#include "lib/engine/walk.h"

#include <stdlib.h>

// What the arena may hold of a buffer; NULL: no pass of the range writes it.
static struct wr_walk_buffer *find(const struct wr_walk *walk, int buffer)
{
    const int n = buffer - walk->first_buffer;
    return n >= 0 && n < walk->buffer_count ? &walk->buffers[n] : NULL;
}

static void find_range(struct wr_walk *walk)
{
    int first = walk->program->buffer_count, end = 0;
    for (int k = walk->range.first_pass; k < walk->range.end_pass; k++) {
        const struct wr_pass *pass = &walk->program->passes[k];
        for (int n = 0; n < pass->outputs; n++) {
            const int b = pass->out[n].buffer;
            first = b < first ? b : first;
            end = b < end ? end : b + 1;
        }
    }
    walk->first_buffer = first;
    walk->buffer_count = end > first ? end - first : 0;
}

static void count_use(struct wr_walk *walk, int buffer)
{
    struct wr_walk_buffer *of = find(walk, buffer);
    if (of)
        of->uses++;
}

static void count_uses(struct wr_walk *walk)
{
    for (int k = walk->range.first_pass; k < walk->range.end_pass; k++) {
        const struct wr_pass *pass = &walk->program->passes[k];
        for (int n = 0; n < pass->inputs; n++)
            count_use(walk, pass->in[n].buffer);
        for (int n = 0; n < pass->outputs; n++)
            count_use(walk, pass->out[n].buffer);
    }
}

static enum wr_status take(struct wr_walk *walk, int k, struct wr_error *error)
{
    const struct wr_pass *pass = &walk->program->passes[k];
    enum wr_status status = WR_OK;
    for (int n = 0; n < pass->outputs && !status; n++) {
        const struct wr_footprint *footprint = &walk->footprints[pass->out[n].buffer];
        struct wr_walk_buffer *buffer = find(walk, pass->out[n].buffer);
        if (footprint->bytes && buffer->block < 0)
            status = wr_arena_take(&walk->arena, footprint->bytes, footprint->asked, pass->label,
                                   &buffer->block, &buffer->memory, error);
    }
    const int64_t scratch = walk->range.scratch ? (int64_t)pass->scratch : 0;
    if (scratch && !status)
        status = wr_arena_take(&walk->arena, scratch, scratch, pass->label, &walk->scratch_block,
                               &walk->scratch, error);
    return status;
}

static enum wr_status use(struct wr_walk *walk, int buffer, struct wr_error *error)
{
    struct wr_walk_buffer *of = find(walk, buffer);
    if (!of || --of->left || !walk->footprints[buffer].bytes)
        return WR_OK;
    return wr_arena_give(&walk->arena, of->block, error);
}

static enum wr_status give(struct wr_walk *walk, int k, struct wr_error *error)
{
    const struct wr_pass *pass = &walk->program->passes[k];
    enum wr_status status = WR_OK;
    if (walk->range.scratch && pass->scratch)
        status = wr_arena_give(&walk->arena, walk->scratch_block, error);
    for (int n = 0; n < pass->inputs && !status; n++)
        status = use(walk, pass->in[n].buffer, error);
    for (int n = 0; n < pass->outputs && !status; n++)
        status = use(walk, pass->out[n].buffer, error);
    return status;
}

enum wr_status wr_walk_passes(struct wr_walk *walk, wr_walk_step *run, void *context,
                              struct wr_error *error)
{
    for (int n = 0; n < walk->buffer_count; n++) {
        walk->buffers[n].left = walk->buffers[n].uses;
        walk->buffers[n].block = -1;
    }
    wr_arena_begin(&walk->arena);
    enum wr_status status = WR_OK;
    int k = walk->range.first_pass;
    for (int step = 0; k < walk->range.end_pass && !status; step++) {
        const int end = walk->range.ends ? walk->range.ends[step] : k + 1;
        walk->arena.now = k;
        for (int n = k; n < end && !status; n++)
            status = take(walk, n, error);
        if (!status)
            status = run(context, k, end, error);
        walk->arena.now = end;
        for (int n = k; n < end && !status; n++)
            status = give(walk, n, error);
        k = end;
    }
    return status;
}

static enum wr_status run_nothing(void *context, int first_pass, int end_pass,
                                  struct wr_error *error)
{
    (void)context, (void)first_pass, (void)end_pass, (void)error;
    return WR_OK;
}

enum wr_status wr_walk_open(struct wr_walk *walk, const struct wr_program *program,
                            const struct wr_footprint *footprints,
                            const struct wr_walk_range *range,
                            const struct wr_arena_options *options,
                            const struct wr_arena_source *source, struct wr_error *error)
{
    *walk = (struct wr_walk){.program = program, .footprints = footprints, .range = *range};
    wr_arena_open(&walk->arena, options, source);
    find_range(walk);
    walk->buffers = calloc((size_t)walk->buffer_count + 1, sizeof *walk->buffers);
    enum wr_status status = WR_OK;
    if (!walk->buffers) {
        status = wr_fail(error, WR_FAILED, "out of memory for the plan of the filters' memory");
        goto fail;
    }
    count_uses(walk);
    status = wr_walk_passes(walk, run_nothing, NULL, error);
    if (!status)
        status = wr_walk_end(walk, error);
    if (!status)
        return WR_OK;
fail:
    wr_walk_close(walk);
    return status;
}

enum wr_status wr_walk_end(struct wr_walk *walk, struct wr_error *error)
{
    return wr_arena_end(&walk->arena, error);
}

void wr_walk_close(struct wr_walk *walk)
{
    wr_arena_close(&walk->arena);
    free(walk->buffers);
    *walk = (struct wr_walk){0};
}

enum wr_status wr_footprint_of(const struct wr_buffer *buffer, int64_t alignment, int rows,
                               int frames, struct wr_footprint *footprint, struct wr_error *error)
{
    const int64_t row = buffer->width * (int64_t)wr_storage_bytes(buffer->storage);
    const int64_t pitch = (row + alignment - 1) / alignment * alignment;
    *footprint = (struct wr_footprint){.pitch = pitch};
    if (__builtin_mul_overflow(pitch, (int64_t)rows, &footprint->bytes) ||
        __builtin_mul_overflow(footprint->bytes, (int64_t)frames, &footprint->bytes))
        return wr_fail(error, WR_FAILED, "%d planes of %dx%d are too many bytes", frames,
                       buffer->width, rows);
    footprint->asked = row * rows * frames;
    return WR_OK;
}
