// SPDX-License-Identifier: MIT
// Finds the rows that bands need, backwards from the output, and where to cut a program.
#include "lib/engine/cpu/bands.h"

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

// Rows of a buffer as rows of the plane.
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

// The first and the last pass that read a buffer. last < first where no pass does.
struct readers {
    int first, last;
};

static void find_readers(const struct wr_program *program, struct readers *readers)
{
    for (int b = 0; b < program->buffer_count; b++)
        readers[b] = (struct readers){program->pass_count, -1};
    for (int k = 0; k < program->pass_count; k++)
        for (int n = 0; n < program->passes[k].inputs; n++) {
            struct readers *of = &readers[program->passes[k].in[n].buffer];
            of->first = k < of->first ? k : of->first;
            of->last = k;
        }
}

static struct wr_rows *rows_of(const struct wr_bands *bands, const struct wr_program *program,
                               int band, int buffer)
{
    return &bands->rows[(size_t)band * (size_t)program->buffer_count + (size_t)buffer];
}

// An output plane that a pass writes; NULL where it writes none. If it writes several, they all
// have the same height and direction, so any of them will do. Other planes it writes may differ in
// both.
static const struct wr_plane *find_output(const struct wr_program *program,
                                          const struct wr_pass *pass)
{
    for (int n = 0; n < pass->outputs; n++)
        if (program->buffers[pass->out[n].buffer].role == WR_ROLE_OUTPUT)
            return &pass->out[n];
    return NULL;
}

static struct wr_rows share_of(const struct wr_bands *bands, const struct wr_program *program,
                               const struct wr_plane *plane, int band)
{
    return in_plane(plane, share(program->buffers[plane->buffer].height, band, bands->count));
}

// Rows that a pass computes for a band. The later passes of the segment must have been added
// before. Rows of the output, and of buffers that are kept whole, are shared out among the bands,
// so that each is computed once. Of other buffers a band computes the rows that its own share
// needs.
static struct wr_rows rows_written(const struct wr_bands *bands, const struct wr_program *program,
                                   const struct wr_pass *pass, bool whole, int band)
{
    const struct wr_plane *output = find_output(program, pass);
    if (whole)
        return share_of(bands, program, output ? output : &pass->out[0], band);
    struct wr_rows out = {0, 0};
    for (int n = 0; n < pass->outputs; n++)
        out =
            join(out, in_plane(&pass->out[n], *rows_of(bands, program, band, pass->out[n].buffer)));
    return output ? join(out, share_of(bands, program, output, band)) : out;
}

// Notes the rows that each band computes of a pass's outputs, and those it reads of the inputs.
// With `whole`, outputs that some pass reads are kept whole.
static void add_pass(struct wr_bands *bands, const struct wr_program *program,
                     const struct readers *readers, const struct wr_pass *pass, bool whole)
{
    for (int band = 0; band < bands->count; band++) {
        const struct wr_rows out = rows_written(bands, program, pass, whole, band);
        for (int n = 0; n < pass->outputs; n++)
            *rows_of(bands, program, band, pass->out[n].buffer) = in_buffer(&pass->out[n], out);
        for (int n = 0; n < pass->inputs; n++) {
            struct wr_rows *rows = rows_of(bands, program, band, pass->in[n].buffer);
            const struct wr_rows in = rows_read(program, pass, n, out);
            *rows = join(*rows, in_buffer(&pass->in[n], in));
        }
    }
    for (int n = 0; n < pass->outputs; n++)
        bands->whole[pass->out[n].buffer] = whole && readers[pass->out[n].buffer].last >= 0;
}

// A segment as it grows: how many samples its bands compute, and how many would be enough if no row
// were computed twice.
struct segment {
    int end; // the pass it ends before
    double computed, needed;
    double repeated; // samples that are read for those that are computed again
};

static void count_pass(struct segment *segment, const struct wr_bands *bands,
                       const struct wr_program *program, const struct wr_pass *pass, bool whole)
{
    const struct wr_plane *out = &pass->out[0];
    const double needed = (double)out->height * out->width;
    double computed = 0;
    for (int band = 0; band < bands->count; band++) {
        const struct wr_rows rows = rows_written(bands, program, pass, whole, band);
        computed += (double)(rows.to - rows.from) * out->width;
    }
    segment->computed += computed;
    segment->needed += needed;
    segment->repeated += computed > needed ? (computed - needed) * pass->span : 0;
}

// Whether a segment that grew by a pass computes too much twice: usually more than a third of its
// samples, or what takes longer than to write that pass's samples to memory and to read them from
// there. In that time a convolution reads about READS_OF_A_CUT samples for each.
static bool repeats_too_much(const struct segment *segment, const struct wr_pass *pass, int repeats)
{
    enum { READS_OF_A_CUT = 12 };
    const double samples = (double)pass->out[0].height * pass->out[0].width;
    return (segment->computed - segment->needed) * 3 > segment->needed * repeats ||
           segment->repeated > samples * READS_OF_A_CUT * repeats;
}

// Whether a later segment reads the pass's output. Everything that the pass writes is then kept
// whole, and no row of it may be written twice.
static bool crosses(const struct wr_pass *pass, const struct readers *readers, int end)
{
    bool read_behind = false;
    for (int n = 0; n < pass->outputs; n++)
        read_behind |= readers[pass->out[n].buffer].last >= end;
    return read_behind;
}

// Whether a pass's output is read within its segment, too. If it is kept whole the segment must be
// cut there, since a band would read rows that its neighbours have not computed yet.
static bool feeds(const struct wr_pass *pass, const struct readers *readers, int end)
{
    bool read_before = false;
    for (int n = 0; n < pass->outputs; n++)
        read_before |= readers[pass->out[n].buffer].first < end;
    return read_before;
}

static void cut(struct wr_bands *bands, struct segment *segment, int end)
{
    memmove(bands->segment_ends + 1, bands->segment_ends,
            (size_t)bands->segments * sizeof *bands->segment_ends);
    bands->segment_ends[0] = end;
    bands->segments++;
    *segment = (struct segment){.end = end};
}

// From the last pass backwards: a segment grows as long as its bands do not compute too much twice.
static void cut_segments(struct wr_bands *bands, const struct wr_program *program,
                         const struct readers *readers)
{
    struct segment segment = {.end = program->pass_count};
    bands->segments = 1;
    bands->segment_ends[0] = segment.end;
    for (int k = program->pass_count - 1; k >= 0; k--) {
        const struct wr_pass *pass = &program->passes[k];
        bool whole = crosses(pass, readers, segment.end);
        struct segment longer = segment;
        count_pass(&longer, bands, program, pass, whole);
        if (k + 1 < segment.end && ((whole && feeds(pass, readers, segment.end)) ||
                                    repeats_too_much(&longer, pass, bands->repeats))) {
            cut(bands, &segment, k + 1);
            longer = segment;
            whole = crosses(pass, readers, segment.end);
            count_pass(&longer, bands, program, pass, whole);
        }
        add_pass(bands, program, readers, pass, whole);
        segment = longer;
    }
}

int wr_bands_count(const struct wr_program *program, size_t cache_bytes, int least, int rows)
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

enum wr_status wr_bands_open(struct wr_bands *bands, const struct wr_program *program, int count,
                             int repeats, struct wr_error *error)
{
    const size_t buffers = (size_t)program->buffer_count;
    *bands = (struct wr_bands){.count = count, .repeats = repeats};
    bands->segment_ends = calloc((size_t)program->pass_count + 1, sizeof *bands->segment_ends);
    bands->whole = calloc(buffers, sizeof *bands->whole);
    bands->rows = calloc((size_t)bands->count * buffers, sizeof *bands->rows);
    struct readers *readers = malloc(buffers * sizeof *readers);
    if (!bands->segment_ends || !bands->whole || !bands->rows || !readers) {
        free(readers);
        wr_bands_close(bands);
        return wr_fail(error, WR_FAILED, "out of memory while preparing the filters");
    }
    find_readers(program, readers);
    cut_segments(bands, program, readers);
    free(readers);
    return WR_OK;
}

struct wr_rows wr_bands_rows(const struct wr_bands *bands, const struct wr_program *program,
                             int band, const struct wr_pass *pass)
{
    const struct wr_plane *out = &pass->out[0];
    return in_plane(out, *rows_of(bands, program, band, out->buffer));
}

struct wr_rows wr_bands_own(const struct wr_bands *bands, const struct wr_program *program,
                            int band, const struct wr_pass *pass)
{
    const struct wr_plane *output = find_output(program, pass);
    return output ? share_of(bands, program, output, band)
                  : wr_bands_rows(bands, program, band, pass);
}

struct wr_rows wr_bands_held(const struct wr_bands *bands, const struct wr_program *program,
                             int band, const struct wr_plane *plane)
{
    const int b = plane->buffer;
    return in_plane(plane, bands->whole[b] ? (struct wr_rows){0, program->buffers[b].height}
                                           : *rows_of(bands, program, band, b));
}

void wr_bands_close(struct wr_bands *bands)
{
    free(bands->segment_ends);
    free(bands->whole);
    free(bands->rows);
    *bands = (struct wr_bands){0};
}
