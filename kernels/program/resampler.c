// SPDX-License-Identifier: MIT
// Lowers a change of size to passes, each of which resamples in one direction.
#include "kernels/program/resampler.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/program/nearest.h"
#include "kernels/program/place.h"
#include "kernels/program/repeat.h"

enum {
    resample_row_first_scratch_use = WR_NEEDS_SCRATCH,
    resample_row_middle_scratch_use = WR_NEEDS_SCRATCH,
    resample_row_last_scratch_use = WR_NEEDS_SCRATCH,
    resample_row_only_scratch_use = WR_NEEDS_SCRATCH,
    resample_columns_first_scratch_use = WR_NO_SCRATCH,
    resample_columns_middle_scratch_use = WR_NO_SCRATCH,
    resample_columns_last_scratch_use = WR_NO_SCRATCH,
    resample_columns_only_scratch_use = WR_NO_SCRATCH,
};
WR_DEFINE_KERNELS

struct tables {
    int first, weights, taps;
    size_t scratch; // that rows work in, where their windows do not repeat
    bool is_phased; // whether they do:
    int repeated;   // the table of their weights
    struct phases phases;
};

// The largest span for which the CPU has constant loops. Weights added to reach such a span are 0.
enum { MOST_CONSTANT = 12 };

static int rounded(int taps)
{
    return taps == 1 || taps > MOST_CONSTANT ? taps : taps > 8 ? MOST_CONSTANT : (taps + 1) / 2 * 2;
}

// The most samples of a row that a rectangle of the CPU's reads or writes.
static int longest_read(const struct wr_axis *axis, const int32_t *first, int taps)
{
    int longest = RESAMPLE_COLUMNS;
    for (int n = 0; n < axis->out; n += RESAMPLE_COLUMNS) {
        const int end = n + RESAMPLE_COLUMNS < axis->out ? n + RESAMPLE_COLUMNS : axis->out;
        const int read = first[end - 1] + taps - first[n];
        longest = read > longest ? read : longest;
    }
    return longest;
}

static struct tables make_tables(struct wr_program *program, enum wr_resampler method,
                                 const struct wr_axis *axis, bool by_rows)
{
    const int most = wr_resample_taps(method, axis->ratio);
    const int taps = rounded(most) < axis->in ? rounded(most) : axis->in;
    int32_t *first = calloc((size_t)axis->out, sizeof *first);
    float *weights = calloc((size_t)axis->out * (size_t)taps, sizeof *weights);
    double *exact = calloc((size_t)most + 1, sizeof *exact);
    struct tables tables = {.taps = taps};
    if (!first || !weights || !exact) {
        program->out_of_memory = true;
        goto done;
    }
    for (int n = 0; n < axis->out; n++) {
        const int count = wr_resample_weights(method, n * axis->ratio + axis->start, axis->ratio,
                                              axis->in, &first[n], exact);
        // All positions read the same number of samples: near the end the window starts earlier.
        const int shift = first[n] + taps > axis->in ? first[n] + taps - axis->in : 0;
        first[n] -= shift;
        for (int k = 0; k < count; k++)
            weights[by_rows ? (ptrdiff_t)(shift + k) * axis->out + n
                            : (ptrdiff_t)n * taps + shift + k] = (float)exact[k];
    }
    const struct wr_windows windows = {axis->out, taps, first, weights};
    float repeated[PHASES * PHASES_TAPS] = {0};
    tables.is_phased = by_rows && wr_find_phases(&windows, axis->ratio, &tables.phases, repeated);
    if (tables.is_phased)
        tables.repeated = wr_program_table(program, repeated, sizeof repeated);
    tables.scratch = resample_scratch(longest_read(axis, first, taps));
    tables.first = wr_program_table(program, first, (size_t)axis->out * sizeof *first);
    tables.weights =
        wr_program_table(program, weights, (size_t)axis->out * (size_t)taps * sizeof *weights);
done:
    free(first);
    free(weights);
    free(exact);
    return tables;
}

// What resampling takes and gives: the formats of its samples, and whether they are floats.
struct work {
    struct wr_lowering *lowering;
    const struct wr_format *from, *to;
    enum wr_storage in, out;
};

static bool is_float(enum wr_storage storage)
{
    return storage == WR_F32;
}

// A direction, and the kind of kernel that does it.
enum way { COLUMNS, MANY_COLUMNS, ROWS, ROWS_IN_PHASES };

static const struct wr_kernel *choose_kernel(const struct work *w, enum way way)
{
    static const struct wr_kernel *const kernels[][2][2] = {
        [COLUMNS] = {{&wr_resample_column_only_kernel, &wr_resample_column_first_kernel},
                     {&wr_resample_column_last_kernel, &wr_resample_column_middle_kernel}},
        [MANY_COLUMNS] = {{&wr_resample_columns_only_kernel, &wr_resample_columns_first_kernel},
                          {&wr_resample_columns_last_kernel, &wr_resample_columns_middle_kernel}},
        [ROWS] = {{&wr_resample_row_only_kernel, &wr_resample_row_first_kernel},
                  {&wr_resample_row_last_kernel, &wr_resample_row_middle_kernel}},
        [ROWS_IN_PHASES] = {{&wr_phases_only_kernel, &wr_phases_first_kernel},
                            {&wr_phases_last_kernel, &wr_phases_middle_kernel}}};
    return kernels[way][is_float(w->in)][is_float(w->out)];
}

static struct wr_plane add_pass(const struct work *w, struct wr_plane plane,
                                const struct tables *tables, int width, int height, bool by_rows)
{
    const enum way way = !by_rows            ? tables->taps > MOST_CONSTANT ? MANY_COLUMNS : COLUMNS
                         : tables->is_phased ? ROWS_IN_PHASES
                                             : ROWS;
    const struct wr_kernel *const k = choose_kernel(w, way);
    // Only the side that has samples, not floats, decides; if both have, their depth is the same.
    const struct wr_format *format = is_float(w->in) ? w->to : w->from;
    struct phases phases = tables->phases;
    phases.max = (1 << w->to->depth) - 1;
    const struct resample resample = {phases.max};
    struct wr_program *program = w->lowering->program;
    const struct wr_plane out = wr_program_buffer(program, k->out[0], format, width, height);
    struct wr_pass *pass =
        wr_program_pass(program, k, w->lowering->filter, format,
                        way == ROWS_IN_PHASES ? (const void *)&phases : &resample);
    wr_pass_in(pass, plane);
    wr_pass_out(pass, out);
    const size_t positions = (size_t)(by_rows ? width : height), taps = (size_t)tables->taps;
    wr_pass_table(pass, tables->first, positions * sizeof(int32_t));
    wr_pass_table(pass, tables->weights, positions * taps * sizeof(float));
    pass->span = tables->taps;
    switch (way) {
    case COLUMNS:
    case MANY_COLUMNS:
        pass->row_table = tables->first;
        pass->row_count = tables->taps;
        break;
    case ROWS:
        pass->scratch = tables->scratch;
        break;
    case ROWS_IN_PHASES:
        wr_pass_table(pass, tables->repeated, PHASES * PHASES_TAPS * sizeof(float));
    }
    return out;
}

static bool is_same(const struct wr_axis *axis)
{
    return axis->in == axis->out && axis->ratio == 1 && axis->start == 0;
}

// Resamples `count` planes with the same weights, first all of them in one direction and then all
// in the other, so that passes that read the same tables follow each other.
static void resample_planes(const struct work *work, enum wr_resampler method,
                            struct wr_plane *planes, int count, const struct wr_axis *x,
                            const struct wr_axis *y)
{
    struct wr_program *program = work->lowering->program;
    // Rows are the slower direction: they go where the picture is lower.
    const bool columns_first = y->out < y->in;
    const int steps = !is_same(x) + !is_same(y);
    struct work step = *work;
    int width = planes[0].width, height = planes[0].height;
    for (int n = 0; n < steps; n++) {
        const bool by_rows = !is_same(x) && (steps == 1 || (n == 0) != columns_first);
        const struct wr_axis *axis = by_rows ? x : y;
        const struct tables tables = make_tables(program, method, axis, by_rows);
        if (program->out_of_memory)
            return;
        *(by_rows ? &width : &height) = axis->out;
        step.in = n ? WR_F32 : work->in;
        step.out = n + 1 < steps ? WR_F32 : work->out;
        for (int p = 0; p < count; p++)
            planes[p] = add_pass(&step, planes[p], &tables, width, height, by_rows);
    }
}

bool wr_same_chroma(const struct wr_format *a, const struct wr_format *b)
{
    const int x = 1 << a->log2_chroma_w, y = 1 << a->log2_chroma_h;
    return a->log2_chroma_w == b->log2_chroma_w && a->log2_chroma_h == b->log2_chroma_h &&
           (x == 1 || wr_chroma_x(a) == wr_chroma_x(b)) &&
           (y == 1 || wr_chroma_y(a) == wr_chroma_y(b));
}

// Where samples a step apart in the output lie among samples a step apart in the input, all in
// pixels: from one picture to another whose pixels are `scale` times as large.
static struct wr_axis place(int in, int out, double scale, double in_step, double in_site,
                            double out_step, double out_site)
{
    return (struct wr_axis){in, out, out_step * scale / in_step,
                            (out_site * scale - in_site) / in_step};
}

enum wr_status wr_resample(struct wr_lowering *lowering, enum wr_resampler method, int width,
                           int height)
{
    struct wr_picture *picture = &lowering->picture;
    const struct wr_format in = picture->format;
    const struct work work = {lowering, &in, &picture->format, WR_SAMPLE, WR_SAMPLE};
    picture->format.width = width;
    picture->format.height = height;
    if (in.width == width && in.height == height)
        return WR_OK;
    if (wr_format_is_turned(&in) ? in.width != width : in.height != height)
        wr_mix_rows(lowering);
    const double scale_x = (double)in.width / width, scale_y = (double)in.height / height;
    for (int p = 0, alike; p < wr_format_planes(&in); p += alike) {
        const bool chroma = wr_format_is_chroma(&in, p);
        const int sub_x = chroma ? 1 << in.log2_chroma_w : 1;
        const int sub_y = chroma ? 1 << in.log2_chroma_h : 1;
        const double left = chroma ? wr_chroma_x(&in) : 0.5;
        const double top = chroma ? wr_chroma_y(&in) : 0.5;
        const struct wr_axis x =
            place(picture->plane[p].width, wr_format_width(&picture->format, p), scale_x, sub_x,
                  left, sub_x, left);
        const struct wr_axis y =
            place(picture->plane[p].height, wr_format_height(&picture->format, p), scale_y, sub_y,
                  top, sub_y, top);
        for (alike = 1; p + alike < wr_format_planes(&in); alike++)
            if (wr_format_is_chroma(&in, p + alike) != chroma)
                break;
        if (method == WR_NEIGHBOR)
            wr_take_nearest(lowering, picture->plane + p, alike, &x, &y);
        else
            resample_planes(&work, method, picture->plane + p, alike, &x, &y);
    }
    return WR_OK;
}

void wr_resample_chroma(struct wr_lowering *lowering, enum wr_resampler method,
                        struct wr_plane planes[2], const struct wr_format *from,
                        const struct wr_format *to, enum wr_storage in, enum wr_storage out)
{
    const struct work work = {lowering, from, to, in, out};
    const int in_x = 1 << from->log2_chroma_w, in_y = 1 << from->log2_chroma_h;
    const int out_x = 1 << to->log2_chroma_w, out_y = 1 << to->log2_chroma_h;
    const struct wr_axis x = place(planes->width, wr_format_width(to, 1), 1, in_x,
                                   wr_chroma_x(from), out_x, wr_chroma_x(to));
    const struct wr_axis y = place(planes->height, wr_format_height(to, 1), 1, in_y,
                                   wr_chroma_y(from), out_y, wr_chroma_y(to));
    resample_planes(&work, method, planes, 2, &x, &y);
}

// One Gaussian after another is a Gaussian whose variance is their sum: the first is that of
// resampling to a grid whose step is its standard deviation, the second that of resampling back.
// Waves too short for the grid come out as others, but at most exp(-pi^2) as high, 1/19000, since
// both Gaussians damp them; cutting these off at four deviations makes steps wrong by up to 1/7000.
// The grid goes on beyond the border as far as the second reaches.
static void open_coarse(int size, double sigma, struct wr_axis *down, struct wr_axis *up)
{
    const double ratio = sigma / sqrt(2);
    const int margin = (int)ceil(wr_resample_support(WR_GAUSSIAN)) + 1;
    const int coarse = (int)ceil(size / ratio) + 2 * margin;
    const double start = (ratio - 1) / 2 - margin * ratio;
    *down = (struct wr_axis){size, coarse, ratio, start};
    *up = (struct wr_axis){coarse, size, 1 / ratio, -start / ratio};
}

static struct wr_plane blur_step(const struct work *work, struct wr_plane plane,
                                 const struct wr_axis *axis, bool by_rows)
{
    struct wr_program *program = work->lowering->program;
    const struct tables tables = make_tables(program, WR_GAUSSIAN, axis, by_rows);
    if (program->out_of_memory)
        return plane;
    return add_pass(work, plane, &tables, by_rows ? axis->out : plane.width,
                    by_rows ? plane.height : axis->out, by_rows);
}

struct wr_plane wr_blur_widely(struct wr_lowering *lowering, struct wr_plane plane, double sigma_x,
                               double sigma_y)
{
    const struct wr_format *format = &lowering->picture.format;
    const bool both = sigma_x > 0 && sigma_y > 0;
    const struct work first = {lowering, format, format, WR_SAMPLE, WR_F32};
    const struct work middle = {lowering, format, format, WR_F32, WR_F32};
    const struct work last = {lowering, format, format, WR_F32, WR_SAMPLE};
    struct wr_axis across, back, down, up;
    if (sigma_y > 0) {
        open_coarse(plane.height, sigma_y, &down, &up);
        plane = blur_step(&first, plane, &down, false);
    }
    if (sigma_x > 0) {
        open_coarse(plane.width, sigma_x, &across, &back);
        plane = blur_step(both ? &middle : &first, plane, &across, true);
        plane = blur_step(both ? &middle : &last, plane, &back, true);
    }
    return sigma_y > 0 ? blur_step(&last, plane, &up, false) : plane;
}
