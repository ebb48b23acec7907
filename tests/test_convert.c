// SPDX-License-Identifier: MIT
// Changes of layout against a reference written on its own, in double precision: Rec. ITU-T H.273's
// equations, and chroma moved by direct two-dimensional sums.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

// A plane of real numbers and where its samples lie, in pixels of the picture.
struct grid {
    double *values;
    int width, height, step_x, step_y;
    double site_x, site_y;
};

static struct grid new_grid(const struct wr_format *format, int plane)
{
    struct grid grid = {.width = wr_format_width(format, plane),
                        .height = wr_format_height(format, plane),
                        .step_x = 1,
                        .step_y = 1,
                        .site_x = 0.5,
                        .site_y = 0.5};
    grid.values = calloc((size_t)grid.width * (size_t)grid.height, sizeof *grid.values);
    if (wr_format_is_chroma(format, plane)) {
        grid.step_x = 1 << format->log2_chroma_w;
        grid.step_y = 1 << format->log2_chroma_h;
        // Chroma420SampleLocType: 2 and 4 and 6 between two columns, 3 and 4 on the upper row, 5
        // and 6 on the lower one, 1 and 2 between two rows.
        const int at = format->chroma_location;
        grid.site_x = at == 2 || at == 4 || at == 6 ? grid.step_x / 2.0 : 0.5;
        grid.site_y = at == 3 || at == 4   ? 0.5
                      : at == 5 || at == 6 ? grid.step_y - 0.5
                                           : grid.step_y / 2.0;
    }
    return grid;
}

static double *at_grid(const struct grid *grid, int x, int y)
{
    x = x < 0 ? 0 : x >= grid->width ? grid->width - 1 : x;
    y = y < 0 ? 0 : y >= grid->height ? grid->height - 1 : y;
    return &grid->values[y * grid->width + x];
}

// Keys' cubic with a = -0.6.
static double cubic(double distance)
{
    const double t = fabs(distance), a = -0.6;
    return t < 1   ? (a + 2) * t * t * t - (a + 3) * t * t + 1
           : t < 2 ? a * t * t * t - 5 * a * t * t + 8 * a * t - 4 * a
                   : 0;
}

// The value of a plane at a place, for samples that will be step_x, step_y apart.
static double look(const struct grid *grid, double x, double y, int step_x, int step_y)
{
    const double cx = (x - grid->site_x) / grid->step_x, cy = (y - grid->site_y) / grid->step_y;
    const double wide = fmax((double)step_x / grid->step_x, 1);
    const double high = fmax((double)step_y / grid->step_y, 1);
    double sum = 0, total = 0;
    for (int v = (int)floor(cy - 2 * high); v <= (int)ceil(cy + 2 * high); v++)
        for (int u = (int)floor(cx - 2 * wide); u <= (int)ceil(cx + 2 * wide); u++) {
            const double weight = cubic((u - cx) / wide) * cubic((v - cy) / high);
            sum += weight * *at_grid(grid, u, v);
            total += weight;
        }
    return sum / total;
}

// Every plane of `to`'s layout, chroma moved to where it has it.
static void move(const struct grid in[3], struct grid out[3])
{
    for (int n = 0; n < 3; n++)
        for (int y = 0; y < out[n].height; y++)
            for (int x = 0; x < out[n].width; x++)
                *at_grid(&out[n], x, y) =
                    look(&in[n], x * out[n].step_x + out[n].site_x,
                         y * out[n].step_y + out[n].site_y, out[n].step_x, out[n].step_y);
}

// ---- what samples mean

static double black(const struct wr_format *f, bool chroma)
{
    return chroma ? pow(2, f->depth - 1) : f->full_range ? 0 : 16 * pow(2, f->depth - 8);
}

static double span(const struct wr_format *f, bool chroma)
{
    return f->full_range ? pow(2, f->depth) - 1 : (chroma ? 224 : 219) * pow(2, f->depth - 8);
}

static void weights(int matrix, double *kr, double *kb)
{
    *kr = matrix == 1   ? 0.2126
          : matrix == 4 ? 0.30
          : matrix == 7 ? 0.212
          : matrix == 9 ? 0.2627
                        : 0.299;
    *kb = matrix == 1   ? 0.0722
          : matrix == 4 ? 0.11
          : matrix == 7 ? 0.087
          : matrix == 9 ? 0.0593
                        : 0.114;
}

// Components of one pixel in the order of planes: Y Cb Cr, or G B R.
static void to_rgb(int matrix, double v[3])
{
    double kr, kb;
    weights(matrix, &kr, &kb);
    const double luma = v[0], blue = v[0] + 2 * (1 - kb) * v[1], red = v[0] + 2 * (1 - kr) * v[2];
    v[0] = (luma - kr * red - kb * blue) / (1 - kr - kb);
    v[1] = blue;
    v[2] = red;
}

static void to_yuv(int matrix, double v[3])
{
    double kr, kb;
    weights(matrix, &kr, &kb);
    const double luma = kr * v[2] + (1 - kr - kb) * v[0] + kb * v[1];
    v[1] = (v[1] - luma) / (2 * (1 - kb));
    v[2] = (v[2] - luma) / (2 * (1 - kr));
    v[0] = luma;
}

static void each_pixel(struct grid planes[3], int matrix, void (*convert)(int, double[3]),
                       bool clip)
{
    for (int y = 0; y < planes[0].height; y++)
        for (int x = 0; x < planes[0].width; x++) {
            double v[3];
            for (int n = 0; n < 3; n++)
                v[n] = *at_grid(&planes[n], x, y);
            convert(matrix, v);
            for (int n = 0; n < 3; n++)
                *at_grid(&planes[n], x, y) = clip ? fmin(fmax(v[n], 0), 1) : v[n];
        }
}

static void free_grids(struct grid planes[3])
{
    for (int n = 0; n < 3; n++)
        free(planes[n].values);
}

// Replaces planes by what they are where `format` has its samples.
static void move_to(struct grid planes[3], const struct wr_format *format)
{
    struct grid moved[3];
    for (int n = 0; n < 3; n++)
        moved[n] = new_grid(format, format->model == WR_GRAY ? 0 : n);
    move(planes, moved);
    free_grids(planes);
    memcpy(planes, moved, sizeof moved);
}

static void read_planes(const struct test_frames *in, struct grid planes[3])
{
    const struct wr_format *f = &in->format;
    for (int n = 0; n < 3; n++) {
        const bool gray = f->model == WR_GRAY, chroma = wr_format_is_chroma(f, n);
        planes[n] = new_grid(f, gray ? 0 : n);
        for (int y = 0; y < planes[n].height; y++)
            for (int x = 0; x < planes[n].width; x++)
                *at_grid(&planes[n], x, y) =
                    gray && n ? 0 : (test_get(in, 0, n, x, y) - black(f, chroma)) / span(f, chroma);
    }
}

// The planes of `to` made of frame 0, before they are rounded. In-between RGB is clipped, since it
// is a picture too.
static void reference(const struct test_frames *in, const struct wr_format *to,
                      struct grid planes[3])
{
    const struct wr_format *from = &in->format;
    const bool was_rgb = from->model == WR_RGB, is_rgb = to->model == WR_RGB;
    const bool other = from->model == WR_YUV && to->model == WR_YUV && from->matrix != to->matrix;
    struct wr_format whole = *from;
    whole.log2_chroma_w = whole.log2_chroma_h = 0;
    read_planes(in, planes);
    if ((is_rgb && !was_rgb) || other) {
        move_to(planes, &whole);
        if (from->model == WR_YUV)
            each_pixel(planes, from->matrix, to_rgb, true);
        else
            for (int n = 1; n < 3; n++) // gray
                memcpy(planes[n].values, planes[0].values,
                       (size_t)(from->width * from->height) * sizeof(double));
    }
    if ((was_rgb && !is_rgb) || other)
        each_pixel(planes, to->matrix, to_yuv, false);
    if (!is_rgb)
        move_to(planes, to);
}

static double sample_value(const struct wr_format *f, int plane, double value)
{
    const bool chroma = wr_format_is_chroma(f, plane);
    return fmin(fmax(value * span(f, chroma) + black(f, chroma), 0), pow(2, f->depth) - 1);
}

// ---- the cases

struct picture {
    const char *layout;
    int depth, full_range, matrix, location;
};

static const struct {
    struct picture in;
    const char *chain;
    struct picture out;
} cases[] = {
    {{"yuv420p", 8, 0, 1, 1}, "format=gbrp", {"gbrp", 8, 1, 1, 1}},
    {{"yuv420p", 8, 0, 6, 2}, "format=gbrp16", {"gbrp", 16, 1, 6, 2}},
    {{"yuv420p", 10, 0, 9, 3}, "format=gbrp", {"gbrp", 8, 1, 9, 3}},
    {{"yuv420p", 8, 1, 5, 4}, "format=rgb24", {"gbrp", 8, 1, 5, 4}},
    {{"yuv422p", 10, 0, 1, 1}, "format=gbrp10", {"gbrp", 10, 1, 1, 1}},
    {{"yuv444p", 8, 0, 7, 1}, "format=gbrp", {"gbrp", 8, 1, 7, 1}},
    {{"yuv444p", 16, 1, 4, 1}, "format=gbrp16", {"gbrp", 16, 1, 4, 1}},
    {{"yuv410p", 8, 0, 6, 1}, "format=gbrp12", {"gbrp", 12, 1, 6, 1}},
    {{"yuva420p", 8, 0, 6, 1}, "format=gbrap16", {"gbrap", 16, 1, 6, 1}},
    {{"yuva420p", 10, 0, 6, 1}, "format=gbrp", {"gbrp", 8, 1, 6, 1}},
    {{"gbrp", 8, 1, 1, 1}, "format=yuv420p", {"yuv420p", 8, 0, 1, 1}},
    {{"gbrp", 16, 1, 9, 2}, "format=yuv420p10", {"yuv420p", 10, 0, 9, 2}},
    {{"gbrp", 16, 1, 9, 5}, "format=yuv420p", {"yuv420p", 8, 0, 9, 5}},
    {{"gbrp", 8, 1, 6, 6}, "format=yuvj420p", {"yuv420p", 8, 1, 6, 6}},
    {{"gbrp", 12, 1, 4, 1}, "format=yuv422p10", {"yuv422p", 10, 0, 4, 1}},
    {{"gbrp", 10, 0, 7, 1}, "format=yuv444p", {"yuv444p", 8, 0, 7, 1}},
    {{"gbrp", 8, 1, 6, 1}, "format=yuv444p16", {"yuv444p", 16, 0, 6, 1}},
    {{"gbrap", 16, 1, 6, 1}, "format=yuva420p", {"yuva420p", 8, 0, 6, 1}},
    {{"gbrp", 8, 1, 6, 1}, "format=yuva420p10", {"yuva420p", 10, 0, 6, 1}},
    {{"gbrp", 8, 1, 1, 1}, "format=gray", {"gray", 8, 1, 1, 1}},
    {{"gbrp", 8, 1, 1, 1}, "format=gray12:color_ranges=tv", {"gray", 12, 0, 1, 1}},
    {{"gbrp", 10, 0, 1, 1}, "format=gbrp:color_ranges=pc", {"gbrp", 8, 1, 1, 1}},
    {{"gbrp", 8, 1, 1, 1}, "format=gbrap16", {"gbrap", 16, 1, 1, 1}},
    {{"gbrp", 16, 1, 1, 1}, "format=gbrp10", {"gbrp", 10, 1, 1, 1}},
    {{"gray", 8, 1, 2, 1}, "format=yuv420p", {"yuv420p", 8, 0, 2, 1}},
    {{"gray", 16, 0, 2, 1}, "format=gbrp", {"gbrp", 8, 1, 2, 1}},
    {{"gray", 10, 1, 2, 1}, "format=gray", {"gray", 8, 1, 2, 1}},
    {{"ya", 8, 1, 2, 1}, "format=yuva444p10", {"yuva444p", 10, 0, 2, 1}},
    {{"yuv420p", 10, 0, 2, 1}, "format=gray", {"gray", 8, 1, 2, 1}},
    {{"yuv420p", 8, 0, 2, 1}, "format=yuv420p10", {"yuv420p", 10, 0, 2, 1}},
    {{"yuv420p", 10, 0, 2, 1}, "format=yuv420p", {"yuv420p", 8, 0, 2, 1}},
    {{"yuv420p", 16, 1, 2, 1}, "format=yuv420p10", {"yuv420p", 10, 1, 2, 1}},
    {{"yuv420p", 8, 1, 2, 1}, "format=yuv420p10:color_ranges=tv", {"yuv420p", 10, 0, 2, 1}},
    {{"yuv420p", 8, 0, 2, 1}, "format=yuvj420p", {"yuv420p", 8, 1, 2, 1}},
    {{"yuv420p", 8, 0, 2, 1}, "format=yuv444p", {"yuv444p", 8, 0, 2, 1}},
    {{"yuv420p", 8, 0, 2, 2}, "format=yuv422p10", {"yuv422p", 10, 0, 2, 2}},
    {{"yuv422p", 10, 0, 2, 1}, "format=yuv420p", {"yuv420p", 8, 0, 2, 1}},
    {{"yuv444p", 8, 0, 2, 3}, "format=yuv420p", {"yuv420p", 8, 0, 2, 3}},
    {{"yuv444p", 8, 0, 2, 1}, "format=yuv410p", {"yuv410p", 8, 0, 2, 1}},
    {{"yuv420p", 8, 0, 6, 1}, "format=yuv420p:bt709", {"yuv420p", 8, 0, 1, 1}},
    {{"yuv420p", 10, 0, 9, 1}, "format=yuv444p:bt709:pc", {"yuv444p", 8, 1, 1, 1}},
};

static struct wr_format format_of(const struct picture *picture, int width, int height)
{
    // The layout that only this test's results have.
    const bool rich = !strcmp(picture->layout, "yuva444p");
    struct wr_format format =
        test_format(rich ? "yuv444p" : picture->layout, picture->depth, width, height);
    format.alpha |= rich;
    format.full_range = picture->full_range;
    format.matrix = picture->matrix;
    format.chroma_location = picture->location;
    return format;
}

// Squares of what samples are off, how many there are and are not the nearest, and how much further
// off than by rounding one of these is at most.
struct verdict {
    double squares, count, wrong, excess;
};

// Alpha keeps its meaning, 0 to all values; where there was none it is opaque.
static void check_alpha(const struct test_frames *in, const struct test_frames *out)
{
    const struct wr_format *from = &in->format, *to = &out->format;
    const double max = pow(2, to->depth) - 1;
    for (int y = 0; y < to->height && to->alpha; y++)
        for (int x = 0; x < to->width; x++) {
            const double value = from->alpha ? test_get(in, 0, wr_format_planes(from) - 1, x, y) *
                                                   max / (pow(2, from->depth) - 1)
                                             : max;
            ck_assert_int_eq(test_get(out, 0, wr_format_planes(to) - 1, x, y),
                             (int)floor(value + 0.5));
        }
}

static void check_layout(const struct wr_format *is, const struct wr_format *due, const char *chain)
{
    ck_assert_msg(is->model == due->model && is->depth == due->depth && is->alpha == due->alpha &&
                      is->log2_chroma_w == due->log2_chroma_w &&
                      is->log2_chroma_h == due->log2_chroma_h,
                  "%s", chain);
    ck_assert_msg(is->full_range == due->full_range && is->matrix == due->matrix &&
                      is->chroma_location == due->chroma_location,
                  "%s gives range %d, matrix %d, location %d", chain, is->full_range, is->matrix,
                  is->chroma_location);
}

static void check(const char *chain, const struct test_frames *in, const struct wr_format *to,
                  struct verdict *verdict)
{
    struct test_frames out;
    struct wr_error error;
    ck_assert_msg(test_run(chain, in, "cpu", 1, &out, &error), "%s", error.text);
    check_layout(&out.format, to, chain);
    struct grid planes[3];
    reference(in, to, planes);
    for (int n = 0; n < (to->model == WR_GRAY ? 1 : 3); n++)
        for (int y = 0; y < planes[n].height; y++)
            for (int x = 0; x < planes[n].width; x++) {
                const double exact = sample_value(to, n, *at_grid(&planes[n], x, y));
                const double off = fabs(test_get(&out, 0, n, x, y) - exact);
                verdict->squares += off * off;
                verdict->wrong += off > 0.5 + 1e-9; // of a tie, either side
                verdict->excess = fmax(verdict->excess, off - 0.5);
                verdict->count++;
            }
    check_alpha(in, &out);
    free_grids(planes);
    test_frames_free(&out);
}

START_TEST(agrees_with_double_precision)
{
    static const int sizes[][2] = {{61, 37}, {64, 48}, {1, 1}, {2, 3}};
    struct verdict v = {0};
    for (int s = 0; s < 4; s++) {
        const struct wr_format from = format_of(&cases[_i].in, sizes[s][0], sizes[s][1]);
        const struct wr_format to = format_of(&cases[_i].out, sizes[s][0], sizes[s][1]);
        struct test_frames in = test_frames_new(&from, 1);
        test_frames_fill(&in, (unsigned)_i);
        check(cases[_i].chain, &in, &to, &v);
        test_frames_free(&in);
    }
    const double max = pow(2, cases[_i].out.depth) - 1;
    const double decibels = 10 * log10(max * max * v.count / fmax(v.squares, 1e-9));
    ck_assert_msg(decibels >= 55, "case %d, %s on %s: %.1f dB", _i, cases[_i].chain,
                  cases[_i].in.layout, decibels);
    // At 8 bits a rounded exact value is all there is to be had; from 8 bits it may be the next
    // one, where that is nearly as near.
    const bool fixed = cases[_i].in.depth == 8;
    if (cases[_i].out.depth == 8)
        ck_assert_msg(v.wrong * (fixed ? 50 : 1000) <= v.count && (!fixed || v.excess <= 0.05),
                      "case %d, %s on %s: %g of %g wrong, by up to %g", _i, cases[_i].chain,
                      cases[_i].in.layout, v.wrong, v.count, v.excess);
}
END_TEST

// ---- fixed point

// Passes in fixed point.
static int count_fixed(const char *chain, const struct wr_format *from)
{
    struct wr_program program;
    struct wr_error error;
    ck_assert_msg(!test_lower(chain, from, &program, NULL, &error), "%s", error.text);
    int fixed = 0;
    for (int k = 0; k < program.pass_count; k++)
        fixed += !strncmp(program.passes[k].kernel->name, "fixed_", 6);
    wr_program_close(&program);
    return fixed;
}

// What comes in and goes out with 8 bits is computed in fixed point where all that touches a plane
// can do so, and nothing else is.
static const struct {
    const char *layout;
    int depth, width;
    const char *chain;
    int fixed; // passes
} programs[] = {
    {"yuv420p", 8, 64, "curves=darker", 10},
    {"yuv420p", 8, 64, "curves=darker,format=gbrp16,format=yuv420p", 10},
    {"yuv422p", 8, 64, "format=gbrp16,format=yuv422p:bt709", 6},
    {"yuv420p", 8, 64, "colorbalance=rs=0.1,format=gbrp", 5},
    {"yuv420p", 8, 64, "scale=96:72", 6},
    {"yuv420p", 8, 64, "format=gbrp", 0},          // rounded from floats to 8 bits
    {"yuv420p", 8, 64, "scale=61:43", 0},          // no windows that repeat
    {"yuv420p", 8, 64, "scale=128:96:lanczos", 0}, // sums may leave 16 bits
    {"yuv420p", 8, 64, "curves=darker,format=gbrp10", 0},
    {"yuv420p", 8, 64, "format=gbrp10,format=yuv420p", 0}, // RGB of less than 16 bits
    {"yuv420p", 10, 64, "curves=darker", 0},
    {"yuv420p", 10, 64, "curves=darker,format=yuv420p", 0},
    {"yuv420p", 8, 2, "curves=darker", 0},  // too narrow to repeat
    {"yuv444p", 8, 64, "curves=darker", 0}, // no floats
};

START_TEST(fixed_point_is_for_8_bits)
{
    const struct wr_format from =
        test_format(programs[_i].layout, programs[_i].depth, programs[_i].width, 48);
    ck_assert_msg(count_fixed(programs[_i].chain, &from) == programs[_i].fixed, "%s on %s, %d bits",
                  programs[_i].chain, programs[_i].layout, programs[_i].depth);
}
END_TEST

static const struct {
    int number;
    const char *name;
} matrices[] = {{1, "bt709"},     {4, "fcc"},       {5, "bt470bg"},
                {6, "smpte170m"}, {7, "smpte240m"}, {9, "bt2020nc"}};

// Nothing but least and largest samples.
static void fill_extremely(struct test_frames *frames, unsigned seed)
{
    test_frames_fill(frames, seed);
    for (int n = 0; n < wr_format_planes(&frames->format); n++)
        for (int y = 0; y < wr_format_height(&frames->format, n); y++)
            for (int x = 0; x < wr_format_width(&frames->format, n); x++)
                test_put(frames, 0, n, x, y, test_get(frames, 0, n, x, y) & 1 ? 255 : 0);
}

START_TEST(nothing_leaves_16_bits)
{
    static const char *const layouts[] = {"yuv420p", "yuv422p", "yuv410p"};
    const int next = matrices[_i].number == 1 ? 5 : 0;
    for (int n = 0; n < 3 * 2 * 6; n++) {
        struct picture picture = {layouts[n % 3], 8, n / 3 % 2, matrices[_i].number, n / 6 + 1};
        const struct wr_format from = format_of(&picture, 75, 52);
        picture.matrix = matrices[next].number;
        const struct wr_format to = format_of(&picture, 75, 52);
        struct test_frames in = test_frames_new(&from, 1);
        fill_extremely(&in, (unsigned)n);
        char chain[64];
        snprintf(chain, sizeof chain, "format=%s:%s", picture.layout, matrices[next].name);
        struct verdict v = {0};
        check(chain, &in, &to, &v);
        ck_assert_int_ge(count_fixed(chain, &from), 5);
        ck_assert_msg(v.excess <= 0.1, "%s from %s, range %d, location %d: off by up to %g", chain,
                      matrices[_i].name, n / 3 % 2, n / 6 + 1, 0.5 + v.excess);
        test_frames_free(&in);
    }
}
END_TEST

// Gray of which nothing is known has full range; YUV of which nothing is known has not.
START_TEST(open_ranges_are_guessed)
{
    static const char *const layouts[] = {"gray", "yuv444p"};
    for (int n = 0; n < 2; n++) {
        struct wr_format format = test_format(layouts[n], 8, 1, 1);
        format.range_open = true;
        struct test_frames in = test_frames_new(&format, 1), out;
        test_put(&in, 0, 0, 0, 0, 200);
        for (int p = 1; p < wr_format_planes(&format); p++)
            test_put(&in, 0, p, 0, 0, 128);
        struct wr_error error;
        ck_assert(test_run("format=gbrp", &in, "cpu", 1, &out, &error));
        ck_assert_int_eq(test_get(&out, 0, 0, 0, 0), n ? 214 : 200);
        test_frames_free(&in);
        test_frames_free(&out);
    }
}
END_TEST

// The first list in which the picture's own layout stands keeps it; else the least is lost.
static const struct {
    struct picture in;
    const char *list, *chosen;
} choices[] = {
    {{"yuv420p", 8, 0, 1, 1}, "gbrp|yuv420p", "yuv420p"},
    {{"yuv420p", 8, 0, 1, 1}, "gray|yuv444p", "yuv444p"},
    {{"yuv420p", 10, 0, 1, 1}, "yuv420p|yuv422p10", "yuv422p10"},
    {{"yuv422p", 10, 0, 1, 1}, "yuv420p|yuv422p", "yuv422p"},
    {{"yuv420p", 8, 0, 1, 1}, "yuvj420p|yuv420p", "yuv420p"},
    {{"yuva420p", 8, 0, 1, 1}, "yuv444p|gbrap", "gbrap"},
    {{"gbrp", 8, 1, 1, 1}, "yuv420p|rgb24|gray", "rgb24"},
    {{"gbrp", 8, 1, 1, 1}, "gray|nv12", "nv12"},
    {{"gray", 8, 1, 1, 1}, "yuv420p|gray16", "gray16"},
};

START_TEST(a_list_gives_what_loses_least)
{
    const struct wr_format from = format_of(&choices[_i].in, 8, 8);
    struct wr_program list, single;
    struct wr_error error;
    char chain[64];
    snprintf(chain, sizeof chain, "format=%s", choices[_i].list);
    ck_assert_msg(!test_lower(chain, &from, &list, NULL, &error), "%s", error.text);
    snprintf(chain, sizeof chain, "format=%s", choices[_i].chosen);
    ck_assert_msg(!test_lower(chain, &from, &single, NULL, &error), "%s", error.text);
    const struct wr_format *a = &list.output.format, *b = &single.output.format;
    ck_assert_msg(a->model == b->model && a->depth == b->depth && a->alpha == b->alpha &&
                      a->log2_chroma_w == b->log2_chroma_w &&
                      a->log2_chroma_h == b->log2_chroma_h && a->full_range == b->full_range,
                  "%s on %s", choices[_i].list, choices[_i].in.layout);
    wr_program_close(&list);
    wr_program_close(&single);
}
END_TEST

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

int main(void)
{
    Suite *suite = suite_create("convert");
    TCase *tests = tcase_create("format");
    tcase_set_timeout(tests, 0);
    tcase_add_loop_test(tests, agrees_with_double_precision, 0, COUNT(cases));
    tcase_add_loop_test(tests, nothing_leaves_16_bits, 0, COUNT(matrices));
    tcase_add_loop_test(tests, fixed_point_is_for_8_bits, 0, COUNT(programs));
    tcase_add_test(tests, open_ranges_are_guessed);
    tcase_add_loop_test(tests, a_list_gives_what_loses_least, 0, COUNT(choices));
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
