// SPDX-License-Identifier: MIT
// Rows that bands need, found backwards from the output, and where to cut a program.
#include "lib/bands.h"

#include <stdlib.h>
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
    const int height = pass->in[n].height;
    if (out.from == out.to)
        return out;
    if (pass->reads_anywhere)
        return (struct wr_rows){0, height};
    if (n == 0 && pass->row_table >= 0) {
        const int32_t *first = program->tables[pass->row_table].data;
        struct wr_rows rows = {0, 0};
        for (int y = out.from; y < out.to; y++)
            rows = join(rows, (struct wr_rows){first[y], first[y] + pass->row_count});
        return rows;
    }
    const int from = out.from - pass->reach_y, to = out.to + pass->reach_y;
    return (struct wr_rows){from < 0 ? 0 : from, to > height ? height : to};
}

// Rows of a plane as rows of its buffer.
static struct wr_rows in_buffer(const struct wr_plane *plane, struct wr_rows rows)
{
    const int first = wr_plane_row(plane);
    return plane->flipped ? (struct wr_rows){first + 1 - rows.to, first + 1 - rows.from}
                          : (struct wr_rows){first + rows.from, first + rows.to};
}

// The reverse.
static struct wr_rows in_plane(const struct wr_plane *plane, struct wr_rows rows)
{
    const int first = wr_plane_row(plane);
    return plane->flipped ? (struct wr_rows){first + 1 - rows.to, first + 1 - rows.from}
                          : (struct wr_rows){rows.from - first, rows.to - first};
}

static struct wr_rows share(int rows, int band, int bands)
{
    return (struct wr_rows){(int)((long long)rows * band / bands),
                            (int)((long long)rows * (band + 1) / bands)};
}

// Rows of one band for the passes from `first` on up to `end`, which run at once. Whole buffers and
// the output are shared out among the bands; of the rest a band has what its own share needs.
static void find_rows(const struct wr_bands *bands, const struct wr_program *program, int first,
                      int end, int band, struct wr_rows *rows)
{
    for (int k = first; k < end; k++)
        for (int n = 0; n < program->passes[k].outputs; n++) {
            const int b = program->passes[k].out[n].buffer;
            const bool shared = bands->whole[b] || wr_program_output_plane(program, b) >= 0;
            rows[b] = shared ? share(program->buffers[b].height, band, bands->count)
                             : (struct wr_rows){0, 0};
        }
    for (int k = end - 1; k >= first; k--) {
        const struct wr_pass *pass = &program->passes[k];
        struct wr_rows out = {0, 0};
        for (int n = 0; n < pass->outputs; n++)
            out = join(out, in_plane(&pass->out[n], rows[pass->out[n].buffer]));
        for (int n = 0; n < pass->outputs; n++)
            rows[pass->out[n].buffer] = in_buffer(&pass->out[n], out);
        for (int n = 0; n < pass->inputs; n++) {
            const int b = pass->in[n].buffer;
            if (bands->whole[b])
                continue;
            const struct wr_rows in = rows_read(program, pass, n, out);
            rows[b] = join(rows[b], in_buffer(&pass->in[n], in));
        }
    }
}

// Whether pass k writes a whole buffer that passes up to `end` read: bands of their neighbours
// would not be there yet.
static bool feeds_whole(const struct wr_bands *bands, const struct wr_program *program, int k,
                        int end)
{
    for (int n = 0; n < program->passes[k].outputs; n++) {
        const int b = program->passes[k].out[n].buffer;
        for (int later = k + 1; later < end && bands->whole[b]; later++)
            for (int i = 0; i < program->passes[later].inputs; i++)
                if (program->passes[later].in[i].buffer == b)
                    return true;
    }
    return false;
}

// Whether bands can run through passes first to end at once without computing more than a third of
// the samples again.
static bool is_worthwhile(const struct wr_bands *bands, const struct wr_program *program, int first,
                          int end)
{
    if (feeds_whole(bands, program, first, end))
        return false;
    double computed = 0, needed = 0;
    for (int band = 0; band < bands->count; band++) {
        find_rows(bands, program, first, end, band, bands->rows);
        for (int k = first; k < end; k++) {
            const struct wr_plane *out = &program->passes[k].out[0];
            const struct wr_rows rows = bands->rows[out->buffer];
            computed += (double)(rows.to - rows.from) * out->width;
            needed += band ? 0 : (double)out->height * out->width;
        }
    }
    return computed * 3 <= needed * 4;
}

// Buffers written before pass `cut` and read behind it are kept whole, and with them whatever else
// their pass writes: rows of those must not be written twice.
static void keep_whole(struct wr_bands *bands, const struct wr_program *program, int cut)
{
    for (int k = 0; k < cut; k++) {
        const struct wr_pass *pass = &program->passes[k];
        bool crosses = false;
        for (int n = 0; n < pass->outputs; n++)
            for (int later = cut; later < program->pass_count; later++)
                for (int i = 0; i < program->passes[later].inputs; i++)
                    crosses |= program->passes[later].in[i].buffer == pass->out[n].buffer;
        for (int n = 0; n < pass->outputs && crosses; n++)
            bands->whole[pass->out[n].buffer] = true;
    }
}

// From the last pass backwards: a segment grows as long as its bands do not compute too much twice.
static void cut_segments(struct wr_bands *bands, const struct wr_program *program)
{
    int end = program->pass_count;
    bands->segments = 1;
    bands->segment_ends[0] = end;
    for (int first = end - 1; first > 0; first--) {
        if (is_worthwhile(bands, program, first - 1, end))
            continue;
        keep_whole(bands, program, first);
        memmove(bands->segment_ends + 1, bands->segment_ends,
                (size_t)bands->segments * sizeof *bands->segment_ends);
        bands->segment_ends[0] = end = first;
        bands->segments++;
    }
}

static int band_count(const struct wr_program *program, size_t cache_bytes, int least, int rows)
{
    size_t bytes = 0;
    for (int b = 0; b < program->buffer_count; b++)
        bytes += (size_t)program->buffers[b].width * (size_t)program->buffers[b].height *
                 wr_storage_bytes(program->buffers[b].storage);
    const size_t bands = bytes / cache_bytes + 1;
    const int most = program->output.format.height / rows;
    const int wanted = bands > (size_t)least ? (int)bands : least;
    return wanted < most ? wanted : most > 1 ? most : 1;
}

enum wr_status wr_bands_open(struct wr_bands *bands, const struct wr_program *program,
                             size_t cache_bytes, int least, int rows, struct wr_error *error)
{
    const size_t buffers = (size_t)program->buffer_count;
    *bands = (struct wr_bands){.count = band_count(program, cache_bytes, least, rows)};
    bands->segment_ends = calloc((size_t)program->pass_count + 1, sizeof *bands->segment_ends);
    bands->whole = calloc(buffers, sizeof *bands->whole);
    bands->rows = calloc((size_t)bands->count * buffers, sizeof *bands->rows);
    if (!bands->segment_ends || !bands->whole || !bands->rows) {
        wr_bands_close(bands);
        return wr_fail(error, WR_FAILED, "out of memory while preparing the filters");
    }
    cut_segments(bands, program);
    memset(bands->rows, 0, (size_t)bands->count * buffers * sizeof *bands->rows);
    for (int band = 0; band < bands->count; band++)
        for (int s = 0; s < bands->segments; s++)
            find_rows(bands, program, s ? bands->segment_ends[s - 1] : 0, bands->segment_ends[s],
                      band, bands->rows + (size_t)band * buffers);
    return WR_OK;
}

struct wr_rows wr_bands_rows(const struct wr_bands *bands, const struct wr_program *program,
                             int band, const struct wr_pass *pass)
{
    const struct wr_plane *out = &pass->out[0];
    return in_plane(out, bands->rows[band * program->buffer_count + out->buffer]);
}

void wr_bands_close(struct wr_bands *bands)
{
    free(bands->segment_ends);
    free(bands->whole);
    free(bands->rows);
    *bands = (struct wr_bands){0};
}
