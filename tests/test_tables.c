// SPDX-License-Identifier: MIT
// lut3d and curves against references written on their own in double precision, and broken files.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernels/program/line.h"
#include "kernels/program/map.h"
#include "kernels/program/smooth.h"
#include "kernels/program/spline.h"
#include "tests/support.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

enum { GREEN, BLUE, RED }; // planes

static char folder[] = "/tmp/warpreel-tables-XXXXXX";
static char path[sizeof folder + 16];

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/t.cube", folder);
}

static void remove_folder(void)
{
    remove(path);
    rmdir(folder);
}

// ---- three dimensions

// A lattice of any values, some outside 0 to 1, over an input range that is not 0 to 1 either.
enum { SIZE = 7 };
static const double low[3] = {-0.1, 0, 0.05}, high[3] = {1.1, 1, 0.9};
static double lattice[SIZE][SIZE][SIZE][3]; // [blue][green][red][colour]

static void write_lattice(void)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "\xEF\xBB\xBFTITLE \"any\"\r\n# a comment\r\nLUT_3D_SIZE %d\r\n", SIZE);
    fprintf(file, "DOMAIN_MIN %g %g %g\nDOMAIN_MAX %g\t%g %g\n\n", low[0], low[1], low[2], high[0],
            high[1], high[2]);
    srand(5);
    for (int b = 0; b < SIZE; b++)
        for (int g = 0; g < SIZE; g++)
            for (int r = 0; r < SIZE; r++)
                for (int c = 0; c < 3; c++) {
                    char text[32];
                    snprintf(text, sizeof text, "%.7f", rand() / (double)RAND_MAX * 1.6 - 0.3);
                    lattice[b][g][r][c] = atof(text);
                    fprintf(file, "%s%c", text, c < 2 ? ' ' : '\n');
                }
    ck_assert_int_eq(fclose(file), 0);
}

static int inside(int k)
{
    return k < SIZE ? k : SIZE - 1;
}

static double corner(const int at[3], int c)
{
    return lattice[inside(at[2])][inside(at[1])][inside(at[0])][c];
}

static double trilinear(const int below[3], const double part[3], int c)
{
    double sum = 0;
    for (int n = 0; n < 8; n++) {
        int at[3];
        double weight = 1;
        for (int k = 0; k < 3; k++) {
            at[k] = below[k] + (n >> k & 1);
            weight *= n >> k & 1 ? part[k] : 1 - part[k];
        }
        sum += weight * corner(at, c);
    }
    return sum;
}

// Walks from the corner below to the one above, along the longest part first.
static double tetrahedral(const int below[3], const double part[3], int c)
{
    int at[3] = {below[0], below[1], below[2]};
    double left[3] = {part[0], part[1], part[2]};
    double value = corner(at, c);
    for (int step = 0; step < 3; step++) {
        int k = 0;
        for (int other = 1; other < 3; other++)
            k = left[other] > left[k] ? other : k;
        const double before = corner(at, c);
        at[k]++;
        value += part[k] * (corner(at, c) - before);
        left[k] = -1;
    }
    return value;
}

// The far end of the axis it is least far along, seen from the face at the near end.
static double pyramid(const int below[3], const double part[3], int c)
{
    const int least = part[1] > part[0] && part[2] > part[0]   ? 0
                      : part[0] > part[1] && part[2] > part[1] ? 1
                                                               : 2;
    double on_face[3] = {part[0], part[1], part[2]};
    on_face[least] = 0;
    int near[3] = {below[0] + 1, below[1] + 1, below[2] + 1};
    const int far[3] = {below[0] + 1, below[1] + 1, below[2] + 1};
    near[least] = below[least];
    return trilinear(below, on_face, c) + part[least] * (corner(far, c) - corner(near, c));
}

// Along green between two triangles, each walked along blue and red, the longer part first.
static double prism(const int below[3], const double part[3], int c)
{
    double ends[2];
    for (int g = 0; g < 2; g++) {
        int at[3] = {below[0], below[1] + g, below[2]};
        const int first = part[2] > part[0] ? 2 : 0;
        const double start = corner(at, c);
        at[first]++;
        const double between = corner(at, c);
        at[2 - first]++;
        ends[g] =
            start + part[first] * (between - start) + part[2 - first] * (corner(at, c) - between);
    }
    return ends[0] + part[1] * (ends[1] - ends[0]);
}

static double nearest(const int below[3], const double part[3], int c)
{
    int at[3];
    for (int k = 0; k < 3; k++)
        at[k] = below[k] + (part[k] >= 0.5);
    return corner(at, c);
}

static const struct interpolation {
    const char *name;
    double (*find)(const int below[3], const double part[3], int c);
} interpolations[] = {{"trilinear", trilinear},
                      {"tetrahedral", tetrahedral},
                      {"nearest", nearest},
                      {"pyramid", pyramid},
                      {"prism", prism}};

START_TEST(lattices)
{
    static const int plane_of[3] = {RED, GREEN, BLUE};
    const struct interpolation *way = &interpolations[_i];
    const struct wr_format format = test_format("gbrp", 16, 61, 43);
    struct test_frames in = test_frames_new(&format, 1), out;
    test_frames_fill(&in, 11);
    write_lattice();
    char chain[128];
    snprintf(chain, sizeof chain, "lut3d=%s:interp=%s", path, way->name);
    struct wr_error error;
    ck_assert_msg(test_run(chain, &in, "cpu", 1, &out, &error), "%s", error.text);
    for (int y = 0; y < format.height; y++)
        for (int x = 0; x < format.width; x++) {
            int below[3];
            double part[3];
            bool tie = false;
            for (int k = 0; k < 3; k++) {
                const double value = test_get(&in, 0, plane_of[k], x, y) / 65535.0;
                const double place = (value - low[k]) / (high[k] - low[k]) * (SIZE - 1);
                const double along = fmin(fmax(place, 0), SIZE - 1);
                below[k] = (int)along;
                part[k] = along - below[k];
                tie |= fabs(part[k] - 0.5) < 1e-4;
            }
            for (int c = 0; c < 3 && !(tie && way->find == nearest); c++) {
                const double value = fmin(fmax(way->find(below, part, c), 0), 1) * 65535;
                const int got = test_get(&out, 0, plane_of[c], x, y);
                ck_assert_msg(fabs(got - value) < 0.75, "%s: %d, %f wanted", chain, got, value);
            }
        }
    test_frames_free(&in);
    test_frames_free(&out);
}
END_TEST

// ---- one dimension, and curves

// Runs chain over a ramp of all 16-bit values; plane's results.
static void run_ramp(const char *chain, int plane, int values[65536])
{
    const struct wr_format format = test_format("gbrp", 16, 256, 256);
    struct test_frames in = test_frames_new(&format, 1), out;
    for (int p = 0; p < 3; p++)
        for (int v = 0; v < 65536; v++)
            test_put(&in, 0, p, v % 256, v / 256, v);
    struct wr_error error;
    ck_assert_msg(test_run(chain, &in, "cpu", 1, &out, &error), "%s", error.text);
    for (int v = 0; v < 65536; v++)
        values[v] = test_get(&out, 0, plane, v % 256, v / 256);
    test_frames_free(&in);
    test_frames_free(&out);
}

START_TEST(one_dimension)
{
    static int values[65536];
    char chain[128];
    write_file("LUT_1D_SIZE 3\nLUT_1D_INPUT_RANGE 0.25 0.75\n0 1 0.5\n0.5 0.2 0.5\n1 0 0.5\n");
    snprintf(chain, sizeof chain, "lut3d=%s", path);
    run_ramp(chain, RED, values);
    for (int v = 0; v < 65536; v++)
        ck_assert_double_le(fabs(fmin(fmax(v / 65535.0 * 2 - 0.5, 0), 1) * 65535 - values[v]), 0.6);
    run_ramp(chain, GREEN, values);
    ck_assert_int_eq(values[0], 65535);
    ck_assert_int_eq(values[65535], 0);
    ck_assert_int_eq(values[32768], 13107);
    run_ramp(chain, BLUE, values);
    ck_assert_int_eq(values[1234], 32768);
}
END_TEST

// The natural spline through (0,0) (1/4,1/2) (1/2,3/4) (1,1), its bends solved by hand:
// m1 + m2 / 4 = -6, m1 / 4 + 3/2 m2 = -3.
static double reference_spline(double x)
{
    const double m2 = -1.5 / (1.5 - 0.0625), m1 = -6 - m2 / 4;
    const double xs[] = {0, 0.25, 0.5, 1}, ys[] = {0, 0.5, 0.75, 1}, ms[] = {0, m1, m2, 0};
    const int i = x <= 0.25 ? 0 : x <= 0.5 ? 1 : 2;
    const double h = xs[i + 1] - xs[i], a = xs[i + 1] - x, b = x - xs[i];
    return ms[i] * a * a * a / (6 * h) + ms[i + 1] * b * b * b / (6 * h) +
           (ys[i] / h - ms[i] * h / 6) * a + (ys[i + 1] / h - ms[i + 1] * h / 6) * b;
}

START_TEST(curves)
{
    static int values[65536];
    run_ramp("curves=g='0/0 0.25/0.5 0.5/0.75 1/1'", GREEN, values);
    for (int v = 0; v < 65536; v++) {
        const double wanted = fmin(reference_spline(v / 65535.0), 1) * 65535;
        ck_assert_msg(fabs(values[v] - wanted) <= 0.6, "%d: %d, %f wanted", v, values[v], wanted);
    }
    // The master curve comes last, and a preset gives way to what is given besides.
    run_ramp("curves=preset=negative:all='0/0 1/0.5'", RED, values);
    ck_assert_int_eq(values[0], 65535);
    ck_assert_int_eq(values[65535], 32768);
    run_ramp("curves=negative:master='0/0 1/1'", RED, values);
    ck_assert_int_eq(values[4711], 4711);
    // One point makes the curve flat; a curve is flat outside its points.
    run_ramp("curves=blue=0.5/0.25", BLUE, values);
    ck_assert_int_eq(values[60000], 16384);
    run_ramp("curves=red='0.2/0.1 0.8/0.9'", RED, values);
    ck_assert_int_eq(values[0], 6554);
    ck_assert_int_eq(values[65535], 58982);
}
END_TEST

// Photoshop's file of three curves: all through 0/0 102/51 255/255 last; red flat at 51/51; green
// none.
static const unsigned char acv[] = {0, 4, 0,   3,                                          //
                                    0, 3, 0,   0,   0,  0,  0, 51, 0, 102, 0, 255, 0, 255, //
                                    0, 1, 0,   51,  0,  51,                                //
                                    0, 0, 'C', 'r', 'v'};
enum { ACV_CURVES = 26 }; // bytes of it that are curves

static void write_bytes(const unsigned char *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fwrite(bytes, 1, count, file), count);
    ck_assert_int_eq(fclose(file), 0);
}

static void check_acv(const char *given, int color, const char *same)
{
    static int values[65536], wanted[65536];
    char chain[128];
    snprintf(chain, sizeof chain, "curves=%spsfile=%s", given, path);
    run_ramp(chain, color, values);
    run_ramp(same, color, wanted);
    for (int v = 0; v < 65536; v++)
        ck_assert_msg(values[v] == wanted[v], "%s at %d: %d, not %d", chain, v, values[v],
                      wanted[v]);
}

START_TEST(curves_of_a_file)
{
    write_bytes(acv, sizeof acv);
    check_acv("", RED, "curves=r=0.2/0.2:m='0/0 0.4/0.2 1/1'");
    check_acv("", GREEN, "curves=m='0/0 0.4/0.2 1/1'");
    check_acv("", BLUE, "curves=m='0/0 0.4/0.2 1/1'");
    // What is given comes before the file, and the file before a preset.
    check_acv("m='0/1 1/0':", RED, "curves=r=0.2/0.2:m='0/1 1/0'");
    check_acv("all=0.5/0.5:", RED, "curves=r=0.5/0.5:m='0/0 0.4/0.2 1/1'");
    check_acv("vintage:", RED, "curves=r=0.2/0.2:m='0/0 0.4/0.2 1/1'");
    check_acv("vintage:", BLUE, "curves=vintage:m='0/0 0.4/0.2 1/1'");
    // Files that end too early.
    for (size_t count = 0; count < ACV_CURVES; count++) {
        char chain[128];
        const struct wr_format format = test_format("gbrp", 8, 4, 4);
        struct wr_program program;
        struct wr_error error;
        write_bytes(acv, count);
        snprintf(chain, sizeof chain, "curves=psfile=%s", path);
        ck_assert_int_eq(test_lower(chain, &format, &program, NULL, &error), WR_USAGE);
        ck_assert_msg(strstr(error.text, "is not a file of curves: it ends too early") &&
                          strstr(error.text, path),
                      "%s", error.text);
    }
}
END_TEST

// ---- straight lines

// values[v] on a line of `rise` / 64 for each step from `start` / 64 on, clipped to bottom and top.
static void draw_line(uint16_t *values, int max, int64_t rise, int64_t start, int bottom, int top)
{
    for (int v = 0; v <= max; v++) {
        const int64_t value = (rise * v + start) >> 6;
        values[v] = (uint16_t)(value < bottom ? bottom : value > top ? top : value);
    }
}

// What the kernel computes for each value, which must not leave 32 bits on the way.
static void check_line(const uint16_t *values, int max, const struct line *line)
{
    for (int v = 0; v <= max; v++) {
        const int64_t sum = (int64_t)line->gain * v + line->offset;
        ck_assert(llabs((int64_t)line->gain * v) <= INT32_MAX && llabs(sum) <= INT32_MAX);
        int64_t value = sum >> line->shift;
        value = value < line->low ? line->low : value > line->high ? line->high : value;
        ck_assert_int_eq(value, values[v]);
    }
}

static int between(const uint16_t *values, int max)
{
    int count = 0;
    for (int v = 0; v <= max; v++)
        count += values[v] != values[0] && values[v] != values[max];
    return count;
}

// As steep as can be, wherever they are clipped: a table is as good, a line that overflows is not.
START_TEST(steep_lines_stay_within_32_bits)
{
    static uint16_t values[WR_MAX_VALUES];
    const int depth = _i, max = (1 << depth) - 1;
    struct line line;
    int found = 0;
    srand(11);
    for (int n = 0; n < (depth < 12 ? 60 : 24); n += test_stride()) {
        const int bits = n % 2 ? rand() % (depth + 3) : depth + 3 + rand() % 3;
        const int steepness = 1 << bits, pivot = rand() % (max + 1);
        const int64_t rise = (rand() % 2 ? 1 : -1) * (int64_t)(steepness + rand() % steepness);
        const int64_t start = (int64_t)(rand() % (max + 1)) * 64 - rise * pivot;
        draw_line(values, max, rise, start, rand() % (max / 4), max - rand() % (max / 4));
        if (wr_find_line(values, max, &line)) {
            check_line(values, max, &line);
            found++;
        }
    }
    if (test_stride() == 1)
        ck_assert_int_gt(found, 0);
}
END_TEST

START_TEST(lines_are_found_and_nothing_else)
{
    static uint16_t values[WR_MAX_VALUES];
    static const int depths[] = {8, 9, 10, 12, 14, 16};
    const int max = (1 << depths[_i]) - 1;
    struct line line;
    srand(7);
    for (int n = 0; n < (max < 4096 ? 60 : 8); n += test_stride()) {
        const int rise = rand() % 1025 - 512, start = 32 * (rand() % (4 * max) - 2 * max);
        const int bottom = rand() % (max / 4), top = max - rand() % (max / 4);
        draw_line(values, max, rise, start, bottom, top);
        // Of one or two values between the ends nobody can tell.
        const bool found = wr_find_line(values, max, &line);
        ck_assert_msg(found || between(values, max) < 3, "%d bits: %d / 64 from %d", depths[_i],
                      rise, start);
        if (!found)
            continue;
        check_line(values, max, &line);
        // One value beside it may still be on some line, but then on that.
        values[max / 3] = (uint16_t)(values[max / 3] + (values[max / 3] < max ? 1 : -1));
        if (wr_find_line(values, max, &line))
            check_line(values, max, &line);
    }
    for (int v = 0; v <= max; v++)
        values[v] = (uint16_t)((int64_t)v * v / max);
    ck_assert(!wr_find_line(values, max, &line));
    draw_line(values, max, 64, 0, 0, max);
    values[max / 2] = 0;
    ck_assert(!wr_find_line(values, max, &line));
}
END_TEST

// ---- smooth tables

// Tone curves as people draw them: gentle, steep at one end, clipped at both, falling.
static const struct wr_spline tones[] = {
    {.count = 4, .x = {0, 0.286, 0.639, 1}, .y = {0, 0.219, 0.643, 1}},
    {.count = 3, .x = {0, 0.05, 1}, .y = {0, 0.3, 1}},
    {.count = 3, .x = {0.109, 0.301, 0.517}, .y = {1, 0.498, 0}},
    {.count = 5, .x = {0, 0.2, 0.5, 0.8, 1}, .y = {0, 0.9, 0.1, 0.95, 0.3}},
};

static void draw_tones(int number, uint16_t *values)
{
    struct wr_spline spline = tones[number];
    wr_spline_prepare(&spline);
    for (int v = 0; v < WR_MAX_VALUES; v++)
        values[v] = (uint16_t)(fmin(fmax(wr_spline_at(&spline, v / 65535.0), 0), 1) * 65535 + 0.5);
}

START_TEST(smooth_tables_become_parabolas)
{
    static uint16_t drawn[WR_MAX_VALUES], values[WR_MAX_VALUES];
    struct parabolas parabolas;
    draw_tones(_i, drawn);
    memcpy(values, drawn, sizeof values);
    ck_assert(wr_fit_parabolas(values, &parabolas));
    for (int v = 0; v < WR_MAX_VALUES; v++) {
        ck_assert_msg(abs(values[v] - drawn[v]) <= 4, "%d: %d for %d", v, values[v], drawn[v]);
        ck_assert_int_eq(values[v], parabolas_whole(parabolas_value(&parabolas, v)));
    }
}
END_TEST

START_TEST(what_is_not_smooth_stays_a_table)
{
    static uint16_t drawn[WR_MAX_VALUES], values[WR_MAX_VALUES];
    struct parabolas parabolas;
    draw_tones(0, drawn);
    drawn[_i] = (uint16_t)(drawn[_i] < 32768 ? drawn[_i] + 9 : drawn[_i] - 9);
    memcpy(values, drawn, sizeof values);
    ck_assert(!wr_fit_parabolas(values, &parabolas));
    ck_assert_mem_eq(values, drawn, sizeof values);
}
END_TEST

// Where the result has samples deep enough to show it, tables stay exact.
START_TEST(deep_pictures_are_looked_up)
{
    static const struct {
        const char *layout;
        int depth;
        const char *kernel;
    } cases[] = {{"yuv420p", 8, "parabolas"},
                 {"yuv420p", 12, "parabolas"},
                 {"yuv420p", 14, "table"},
                 {"gbrp", 16, "table"}};
    const struct wr_format format = test_format(cases[_i].layout, cases[_i].depth, 4, 4);
    struct wr_program program;
    struct wr_error error;
    ck_assert_int_eq(test_lower("curves=medium_contrast", &format, &program, NULL, &error), WR_OK);
    int count = 0;
    for (int k = 0; k < program.pass_count; k++)
        count += !strcmp(program.passes[k].kernel->name, cases[_i].kernel);
    ck_assert_int_eq(count, 3);
    wr_program_close(&program);
}
END_TEST

// ---- what is refused

#define LATTICE_BUT_ONE "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n"
#define LATTICE LATTICE_BUT_ONE "1 1 1\n"
#define INVERTED "1 0 0\n0 0 0\n1 1 0\n0 1 0\n1 0 1\n0 0 1\n1 1 1\n0 1 1\n"

static const struct {
    const char *text, *sentence;
} broken[] = {
    {"", "holds no table"},
    {"# nothing\n", "holds no table"},
    {"0 0 0\n", "line 1: values come before"},
    {"LUT_3D_SIZE 1\n", "line 1: LUT_3D_SIZE takes"},
    {"LUT_3D_SIZE 2.5\n", "line 1: LUT_3D_SIZE takes"},
    {"LUT_3D_SIZE 257\n", "line 1: LUT_3D_SIZE takes"},
    {"LUT_1D_SIZE 65537\n", "line 1: LUT_1D_SIZE takes"},
    {"LUT_1D_SIZE 2\nLUT_1D_SIZE 2\n", "line 2: the size was given before"},
    {"LUT_1D_SIZE 2\nLUT_3D_SIZE 2\n0 0 0\n1 1 1\n" LATTICE_BUT_ONE, "after 9 of 10 values"},
    {"LUT_1D_SIZE 2\nLUT_3D_SIZE 2\nLUT_1D_INPUT_RANGE 1 1\n0 0 0\n1 1 1\n" LATTICE,
     "the range of the input must rise"},
    {"LUT_1D_SIZE 2\n0 0 0\n0 zero 0\n", "line 3: three numbers"},
    {"LUT_1D_SIZE 2\n0 0 0\n0 nan 0\n", "line 3: three numbers"},
    {"LUT_1D_SIZE 2\n0 0 0\n0 0\n", "line 3: three numbers"},
    {"LUT_1D_SIZE 2\n0 0 0 0\n", "line 2: three numbers"},
    {"LUT_1D_SIZE 2\n0 0 0\n", "ends in line 2 after 1 of 2"},
    {"LUT_1D_SIZE 2\n0 0 0\n1 1 1\n2 2 2\n", "line 4: there are more values"},
    {"LUT_1D_SIZE 2\nDOMAIN_MIN 0 0\n", "line 2: DOMAIN_MIN takes"},
    {"LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE 1\n", "line 2: two numbers"},
    {"LUT_1D_SIZE 2\nDOMAIN_MIN 0 2 0\n0 0 0\n1 1 1\n", "the range of the input is 2 to 1"},
    {"LUT_3D_SIZE 2\n0 0 0\n0 3.5 0\n", "line 3: points of three dimensions"},
    {"LUT_1D_SIZE 2\nhello\n", "line 2: three numbers"},
    // Numbers that no float holds, and ranges that floats cannot count steps in.
    {"LUT_1D_SIZE 2\n0 1e39 0\n1 1 1\n", "line 2: numbers are supported"},
    {"LUT_1D_SIZE 2\n0 -inf 0\n1 1 1\n", "line 2: numbers are supported"},
    {"DOMAIN_MIN 0 0 -1e300\nLUT_1D_SIZE 2\n0 0 0\n1 1 1\n", "line 1: numbers are supported"},
    {"LUT_3D_INPUT_RANGE 0 1e999\n", "line 1: numbers are supported"},
    {"LUT_1D_INPUT_RANGE nan 1\n", "line 1: two numbers"},
    {"LUT_1D_SIZE 2\nDOMAIN_MAX 1 1e-44 1\n0 0 0\n1 1 1\n", "line 2: the range of the input is"},
    {"LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE -5e-324 0\n0 0 0\n1 1 1\n", "too narrow or too wide"},
    {"LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE -3e38 3e38\n0 0 0\n1 1 1\n", "too narrow or too wide"},
    {"LUT_1D_INPUT_RANGE 0.5 0.5000000001\nLUT_1D_SIZE 2\n0 0 0\n1 1 1\n",
     "line 1: the range of the input is"},
    {"LUT_3D_SIZE 2\nDOMAIN_MAX 1e-44 1 1\n" LATTICE, "line 2: the range of the input is"},
    {"LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 1e30 1.00000000001e30\n" LATTICE, "too narrow or too wide"},
};

START_TEST(broken_files)
{
    char chain[128];
    write_file(broken[_i].text);
    snprintf(chain, sizeof chain, "lut3d=%s", path);
    const struct wr_format format = test_format("gbrp", 8, 4, 4);
    struct wr_program program;
    struct wr_error error;
    ck_assert_int_eq(test_lower(chain, &format, &program, NULL, &error), WR_USAGE);
    ck_assert_msg(strstr(error.text, broken[_i].sentence) && strstr(error.text, path), "%s",
                  error.text);
}
END_TEST

// Ranges that are odd, but can be computed with: what samples of 0, 32768 and 65535 become.
static const struct {
    const char *text;
    int values[3];
} odd[] = {
    {"LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0 1e-37\n" LATTICE, {0, 65535, 65535}},
    {"LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE -1e30 1e30\n" LATTICE, {32768, 32768, 32768}},
    {"LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0 3e38\n" LATTICE, {0, 0, 0}},
    {"LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 1e30 1.1e30\n" LATTICE, {0, 0, 0}},
    {"LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE -2e30 -1e30\n" LATTICE, {65535, 65535, 65535}},
    {"LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0.4 0.4000001\n" LATTICE, {0, 65535, 65535}},
    {"LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE 0 1e-37\n0 0 0\n1 1 1\n", {0, 65535, 65535}},
    {"LUT_1D_SIZE 2\n-3e38 -3e38 -3e38\n3e38 3e38 3e38\n", {0, 65535, 65535}},
    {"LUT_1D_SIZE 2\n0 0 0\n1e-45 1e-45 1e-45\n", {0, 0, 0}},
    // What other programs write.
    {"LUT_IN_VIDEO_RANGE\nLUT_OUT_VIDEO_RANGE\nLUT_3D_SIZE 2\n" INVERTED, {65535, 32767, 0}},
    {"LUT_3D_SIZE 2\n" INVERTED "end of the table\n1 1\n", {65535, 32767, 0}},
    {"title\nlut_3d_size 2\ndomain_max 1 1 1\nTitle any\n" INVERTED, {65535, 32767, 0}},
    {"TITLE\"x\"\nLUT_3D_SIZE 2 # points\n" LATTICE_BUT_ONE "1 1 1 # white\n\x1A"
     "any",
     {0, 32768, 65535}},
    // Ranges hold for the table that they name.
    {"LUT_1D_INPUT_RANGE 0.4 0.6\nLUT_3D_SIZE 2\n" LATTICE, {0, 32768, 65535}},
    {"LUT_3D_INPUT_RANGE 0.4 0.6\nLUT_1D_SIZE 2\n1 0 0\n0 1 1\n", {65535, 32767, 0}},
    // Curves before a lattice, which begins at 0.25 and ends at 0.75.
    {"LUT_1D_SIZE 3\nLUT_1D_INPUT_RANGE 0 1\nLUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0.25 0.75\n"
     "1 0 0\n0.375 0 0\n0 1 1\n" LATTICE,
     {65535, 16383, 0}},
};

START_TEST(odd_ranges)
{
    static int values[65536];
    static const char *const ways[] = {"nearest", "trilinear", "tetrahedral", "pyramid", "prism"};
    write_file(odd[_i].text);
    for (int n = 0; n < COUNT(ways); n++) {
        char chain[128];
        snprintf(chain, sizeof chain, "lut3d=%s:interp=%s", path, ways[n]);
        run_ramp(chain, RED, values);
        const int middle = odd[_i].values[1];
        const bool is_tie = n == 0 && middle > 0 && middle < 65535;
        for (int k = 0; k < 3 && !is_tie; k++) {
            const int value = values[k == 0 ? 0 : k == 1 ? 32768 : 65535];
            ck_assert_msg(value == odd[_i].values[k], "%s: %d, not %d", chain, value,
                          odd[_i].values[k]);
        }
    }
}
END_TEST

// Other formats: tables that invert red, and what is refused of them.
#define BLUE_FASTEST "1 0 0\n1 0 1\n1 1 0\n1 1 1\n0 0 0\n0 0 1\n0 1 0\n0 1 1\n"
#define RANGE "2\n0 1\n0 1\n"
#define CURVE "3\n0 0.25 1\n0 0.75 1\n"

static const struct {
    const char *suffix, *text;
    const char *sentence; // NULL: it is read
    int quarter;          // what a sample of 16384 becomes
} others[] = {
    {"dat", "# any\n3DLUTSIZE 2\n" BLUE_FASTEST, NULL, 49151},
    {"DAT", "3DLUTSIZE 2\n" BLUE_FASTEST, NULL, 49151},
    {"dat", "3DLUTSIZE 1\n" BLUE_FASTEST, "line 1: 3DLUTSIZE takes", 0},
    {"dat", BLUE_FASTEST, "ends in line 8 after 8 of 35937 values", 0},
    {"m3d", "in 8\nout 2\nformat lut\nvalues red green blue\n" BLUE_FASTEST, NULL, 49151},
    {"m3d",
     "in 8\nout 2\nvalues blue green red\n" // red stands last
     "0 0 1\n1 0 1\n0 1 1\n1 1 1\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n",
     NULL, 49151},
    {"m3d", "in 8\nvalues red green blue\n" BLUE_FASTEST, "in, out and values are needed", 0},
    {"m3d", "in 1\n", "line 1: in and out take", 0},
    {"csp", "CSPLUTV100\n3D\n\n" RANGE RANGE RANGE "2 2 2\n" INVERTED, NULL, 49151},
    {"csp",
     "CSPLUTV100\n3D\nBEGIN METADATA\nany\nEND METADATA\n" CURVE CURVE CURVE "2 2 2\n" INVERTED,
     NULL, 16384},
    {"csp", "CSPLUTV100\n1D\n", "only tables of three dimensions", 0},
    {"csp", "CSPLUTV101\n3D\n", "does not begin with CSPLUTV100", 0},
    {"csp", "CSPLUTV100\n3D\n3\n0 1 1\n0 1 2\n", "the points of a curve must rise", 0},
    {"csp", "CSPLUTV100\n3D\n" RANGE RANGE "3\n0 1\n", "the file ends within the curves", 0},
    {"csp", "CSPLUTV100\n3D\n" RANGE RANGE RANGE "2 2 3\n", "the size was expected", 0},
    {"3dl", "0 64 128\n0 0 0\n", "ends in line 2 after 1 of 4913 values", 0},
};

static void check_refused(const char *chain, const char *sentence)
{
    const struct wr_format format = test_format("gbrp", 8, 4, 4);
    struct wr_program program;
    struct wr_error error;
    ck_assert_int_eq(test_lower(chain, &format, &program, NULL, &error), WR_USAGE);
    ck_assert_msg(strstr(error.text, sentence), "%s", error.text);
}

static void name_file(const char *suffix)
{
    remove(path);
    snprintf(path, sizeof path, "%s/t.%s", folder, suffix);
}

START_TEST(other_formats)
{
    static int values[65536];
    char chain[128];
    name_file(others[_i].suffix);
    write_file(others[_i].text);
    snprintf(chain, sizeof chain, "lut3d=%s", path);
    if (others[_i].sentence) {
        check_refused(chain, others[_i].sentence);
    } else {
        run_ramp(chain, RED, values);
        ck_assert_int_eq(values[0], 65535);
        ck_assert_int_eq(values[65535], 0);
        ck_assert_int_eq(values[16384], others[_i].quarter);
        run_ramp(chain, GREEN, values);
        ck_assert_int_eq(values[65535], 65535);
        ck_assert_int_eq(values[0], 0);
    }
    name_file("cube");
}
END_TEST

// 17^3 points of 12 bits, blue fastest; white is 4095 of 4096.
START_TEST(points_of_a_3dl)
{
    static int values[65536];
    char chain[128];
    name_file("3dl");
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("0 64 128 192 256 320 384 448 512 576 640 704 768 832 896 960 1023\n", file);
    for (int n = 0; n < 17 * 17 * 17; n++)
        fprintf(file, "%d %d %d\n", 4095 - n / 289 * 255, n / 17 % 17 * 128, n % 17 * 64);
    ck_assert_int_eq(fclose(file), 0);
    snprintf(chain, sizeof chain, "lut3d=%s", path);
    run_ramp(chain, RED, values);
    ck_assert_int_eq(values[0], 65519);
    ck_assert_int_eq(values[65535], 240);
    run_ramp(chain, GREEN, values);
    ck_assert_int_eq(values[65535], 32768);
    run_ramp(chain, BLUE, values);
    ck_assert_int_eq(values[65535], 16384);
    name_file("cube");
}
END_TEST

START_TEST(broken_curves)
{
    check_refused("curves=r='0/0 0.5/nan 1/1'", "point 0.5/nan lies outside 0 to 1");
    check_refused("curves=r='0/0 1e300/0 1/1'", "point 1e+300/0 lies outside 0 to 1");
    // Nothing is as steep as this, nor is there a step of 16 bits between the points.
    check_refused("curves=r='0/0 1e-310/1 1/0.5'", "must lie right of the one before it");
    check_refused("curves=m='0/0 0.5/0.1 0.500001/0.9 1/1'", "must lie right of the one before it");
}
END_TEST

// Sentences about a file name it.
START_TEST(broken_curves_of_a_file)
{
    static const unsigned char outside[] = {0, 4, 0, 1, 0, 2, 0, 0, 0, 0, 1, 1, 0, 255};
    static const unsigned char falling[] = {0, 4, 0, 1, 0, 2, 0, 0, 0, 9, 0, 0, 0, 9};
    char chain[128], sentence[128];
    snprintf(chain, sizeof chain, "curves=psfile=%s", path);
    write_bytes(outside, sizeof outside);
    snprintf(sentence, sizeof sentence, "psfile=%s, master: point 1/1.00784 lies outside", path);
    check_refused(chain, sentence);
    write_bytes(falling, sizeof falling);
    snprintf(sentence, sizeof sentence, "psfile=%s, master: point 0.035294/0 must lie right", path);
    check_refused(chain, sentence);
}
END_TEST

// Files that never end are read no farther than it takes.
START_TEST(endless_files)
{
    check_refused("lut3d=/dev/zero", "file=/dev/zero cannot be read: it is not text");
    check_refused("lut3d=/dev/urandom", "file=/dev/urandom cannot be read: it is not text");
    check_refused("curves=psfile=/dev/zero", "psfile=/dev/zero is larger than 1 MiB");
    check_refused("lut3d=/dev", "file=/dev cannot be read: Is a directory");
}
END_TEST

START_TEST(large_files)
{
    char chain[128];
    write_file("LUT_1D_SIZE 2\n");
    ck_assert_int_eq(truncate(path, (off_t)10 << 30), 0);
    snprintf(chain, sizeof chain, "lut3d=%s", path);
    check_refused(chain, "is larger than 1024 MiB");
    snprintf(chain, sizeof chain, "curves=psfile=%s", path);
    check_refused(chain, "is larger than 1 MiB");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tables");
    TCase *tests = tcase_create("tables");
    tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
    tcase_set_timeout(tests, 300); // sanitizers are slow
    tcase_add_loop_test(tests, lattices, 0, COUNT(interpolations));
    tcase_add_test(tests, one_dimension);
    tcase_add_test(tests, curves);
    tcase_add_test(tests, curves_of_a_file);
    tcase_add_loop_test(tests, lines_are_found_and_nothing_else, 0, 6);
    tcase_add_loop_test(tests, steep_lines_stay_within_32_bits, 8, 17);
    tcase_add_loop_test(tests, smooth_tables_become_parabolas, 0, COUNT(tones));
    tcase_add_loop_test(tests, what_is_not_smooth_stays_a_table, 1020, 1028);
    tcase_add_loop_test(tests, deep_pictures_are_looked_up, 0, 4);
    tcase_add_loop_test(tests, broken_files, 0, COUNT(broken));
    tcase_add_loop_test(tests, odd_ranges, 0, COUNT(odd));
    tcase_add_loop_test(tests, other_formats, 0, COUNT(others));
    tcase_add_test(tests, points_of_a_3dl);
    tcase_add_test(tests, broken_curves);
    tcase_add_test(tests, broken_curves_of_a_file);
    tcase_add_test(tests, endless_files);
    tcase_add_test(tests, large_files);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
