// SPDX-License-Identifier: MIT
// Rows that bands need, found backwards from the output.
#include "lib/bands.h"

#include <string.h>

static struct wr_rows join(struct wr_rows a, struct wr_rows b)
{
    if (a.from == a.to)
        return b;
    if (b.from == b.to)
        return a;
    return (struct wr_rows){a.from < b.from ? a.from : b.from, a.to > b.to ? a.to : b.to};
}

// Rows of input n (counted in its plane) that rows `out` of a pass's output need.
static struct wr_rows rows_read(const struct wr_program *program, const struct wr_pass *pass, int n,
                                struct wr_rows out)
{
    if (out.from == out.to)
        return out;
    if (n == 0 && pass->row_table >= 0) {
        const int32_t *first = program->tables[pass->row_table].data;
        struct wr_rows rows = {0, 0};
        for (int y = out.from; y < out.to; y++)
            rows = join(rows, (struct wr_rows){first[y], first[y] + pass->row_count});
        return rows;
    }
    const int from = out.from - pass->reach_y, to = out.to + pass->reach_y;
    const int height = pass->in[n].height;
    return (struct wr_rows){from < 0 ? 0 : from, to > height ? height : to};
}

void wr_band_rows(const struct wr_program *program, int band, int bands, struct wr_rows *rows)
{
    memset(rows, 0, (size_t)program->buffer_count * sizeof *rows);
    for (int p = 0; p < wr_format_planes(&program->output.format); p++) {
        const struct wr_plane *plane = &program->output.plane[p];
        const long long height = plane->height;
        rows[plane->buffer] =
            (struct wr_rows){(int)(height * band / bands), (int)(height * (band + 1) / bands)};
    }
    for (int k = program->pass_count - 1; k >= 0; k--) {
        const struct wr_pass *pass = &program->passes[k];
        struct wr_rows out = {0, 0};
        for (int n = 0; n < pass->outputs; n++)
            out = join(out, rows[pass->out[n].buffer]);
        for (int n = 0; n < pass->outputs; n++)
            rows[pass->out[n].buffer] = out;
        for (int n = 0; n < pass->inputs; n++) {
            struct wr_rows in = rows_read(program, pass, n, out);
            in.from += pass->in[n].y;
            in.to += pass->in[n].y;
            rows[pass->in[n].buffer] = join(rows[pass->in[n].buffer], in);
        }
    }
}

int wr_band_count(const struct wr_program *program, size_t cache_bytes, int least)
{
    size_t bytes = 0;
    for (int b = 0; b < program->buffer_count; b++)
        bytes += (size_t)program->buffers[b].width * (size_t)program->buffers[b].height *
                 wr_storage_bytes(program->buffers[b].storage);
    const size_t bands = bytes / cache_bytes + 1;
    // Bands lower than this would mostly compute their neighbours' rows again.
    const int most = program->output.format.height / 16 + 1;
    const int wanted = bands > (size_t)least ? (int)bands : least;
    return wanted < most ? wanted : most;
}
