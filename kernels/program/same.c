// SPDX-License-Identifier: MIT
// Compares programs part by part.
#include "kernels/program/same.h"

#include <string.h>

static bool same_format(const struct wr_format *a, const struct wr_format *b)
{
    return a->model == b->model && a->width == b->width && a->height == b->height &&
           a->depth == b->depth && a->log2_chroma_w == b->log2_chroma_w &&
           a->log2_chroma_h == b->log2_chroma_h && a->alpha == b->alpha &&
           a->full_range == b->full_range && a->range_open == b->range_open &&
           a->matrix == b->matrix && a->chroma_location == b->chroma_location &&
           a->chroma_right == b->chroma_right && a->chroma_down == b->chroma_down &&
           a->rows == b->rows && a->sar_num == b->sar_num && a->sar_den == b->sar_den;
}

// Only expressions know of the stream's times.
static bool same_times(const struct wr_program *a, const struct wr_program *b)
{
    const struct wr_format *fa = &a->input.format, *fb = &b->input.format;
    return !a->changing_count ||
           (fa->time_base == fb->time_base && fa->frame_rate == fb->frame_rate);
}

static bool same_plane(const struct wr_plane *a, const struct wr_plane *b)
{
    return a->buffer == b->buffer && a->x == b->x && a->y == b->y && a->width == b->width &&
           a->height == b->height && a->flipped == b->flipped;
}

static bool same_planes(const struct wr_plane *a, const struct wr_plane *b, int count)
{
    for (int n = 0; n < count; n++)
        if (!same_plane(&a[n], &b[n]))
            return false;
    return true;
}

static bool same_picture(const struct wr_picture *a, const struct wr_picture *b)
{
    return same_format(&a->format, &b->format) &&
           same_planes(a->plane, b->plane, wr_format_planes(&a->format));
}

static bool same_buffer(const struct wr_buffer *a, const struct wr_buffer *b)
{
    return a->storage == b->storage && a->width == b->width && a->height == b->height &&
           a->role == b->role && a->input == b->input && a->plane == b->plane;
}

static bool same_table(const struct wr_table *a, const struct wr_table *b)
{
    return a->bytes == b->bytes && !memcmp(a->data, b->data, a->bytes);
}

static bool same_changing(const struct wr_changing *a, const struct wr_changing *b)
{
    const size_t pointers = (size_t)a->expression_count * sizeof(struct wr_expression *);
    return a->compute == b->compute && a->recipe_size == b->recipe_size &&
           a->expression_count == b->expression_count && a->first == b->first &&
           a->count == b->count &&
           !memcmp((const char *)a->recipe + pointers, (const char *)b->recipe + pointers,
                   a->recipe_size - pointers);
}

static bool same_reach(const struct wr_pass *a, const struct wr_pass *b)
{
    return a->reach_x == b->reach_x && a->reach_y == b->reach_y && a->span == b->span &&
           a->scratch == b->scratch && a->row_table == b->row_table &&
           a->row_count == b->row_count && a->reads_anywhere == b->reads_anywhere;
}

static bool same_pass(const struct wr_pass *a, const struct wr_pass *b)
{
    return a->kernel == b->kernel && a->wide == b->wide && a->inputs == b->inputs &&
           a->outputs == b->outputs && a->tables == b->tables &&
           same_planes(a->in, b->in, a->inputs) && same_planes(a->out, b->out, a->outputs) &&
           !memcmp(a->table, b->table, (size_t)a->tables * sizeof *a->table) && same_reach(a, b) &&
           a->first_value == b->first_value && a->when == b->when &&
           !memcmp(a->arguments, b->arguments, a->kernel->arguments_size);
}

bool wr_program_same(const struct wr_program *a, const struct wr_program *b)
{
    bool same = a->buffer_count == b->buffer_count && a->table_count == b->table_count &&
                a->pass_count == b->pass_count && a->changing_count == b->changing_count &&
                a->value_count == b->value_count && same_picture(&a->input, &b->input) &&
                same_picture(&a->output, &b->output) && same_times(a, b);
    for (int n = 0; same && n < a->buffer_count; n++)
        same = same_buffer(&a->buffers[n], &b->buffers[n]);
    for (int n = 0; same && n < a->table_count; n++)
        same = same_table(&a->tables[n], &b->tables[n]);
    for (int n = 0; same && n < a->changing_count; n++)
        same = same_changing(&a->changing[n], &b->changing[n]);
    for (int n = 0; same && n < a->pass_count; n++)
        same = same_pass(&a->passes[n], &b->passes[n]);
    return same;
}
