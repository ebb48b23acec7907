// SPDX-License-Identifier: MIT
// Finds the life of each buffer by walking through the passes once.
#include "tests/lifetimes.h"

// Pass k uses the buffer: its life reaches beyond k.
static void use(struct wr_block *block, int k)
{
    if (block->from == block->to)
        block->from = k;
    block->to = k + 1;
}

static bool is_intermediate(const struct wr_program *program, int buffer)
{
    return program->buffers[buffer].role == WR_ROLE_BETWEEN;
}

static enum wr_status set_size(struct wr_block *block, const struct wr_buffer *buffer,
                               int64_t pitch, int batch, struct wr_error *error)
{
    if (__builtin_mul_overflow(pitch, (int64_t)buffer->height, &block->size) ||
        __builtin_mul_overflow(block->size, (int64_t)batch, &block->size))
        return wr_fail(error, WR_FAILED, "%d planes of %dx%d are too many bytes", batch,
                       buffer->width, buffer->height);
    return WR_OK;
}

enum wr_status wr_lifetimes(const struct wr_program *program, int batch,
                            int64_t (*pitch)(const struct wr_buffer *buffer),
                            struct wr_block *blocks, struct wr_error *error)
{
    for (int b = 0; b < program->buffer_count; b++)
        blocks[b] = (struct wr_block){0};
    for (int k = 0; k < program->pass_count; k++) {
        const struct wr_pass *pass = &program->passes[k];
        for (int n = 0; n < pass->outputs; n++)
            use(&blocks[pass->out[n].buffer], k);
        for (int n = 0; n < pass->inputs; n++)
            use(&blocks[pass->in[n].buffer], k);
    }
    for (int b = 0; b < program->buffer_count; b++) {
        const struct wr_buffer *buffer = &program->buffers[b];
        if (!is_intermediate(program, b) || blocks[b].from == blocks[b].to) {
            blocks[b] = (struct wr_block){0};
            continue;
        }
        const enum wr_status status = set_size(&blocks[b], buffer, pitch(buffer), batch, error);
        if (status)
            return status;
    }
    return WR_OK;
}
