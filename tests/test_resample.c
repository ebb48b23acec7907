// SPDX-License-Identifier: MIT
// scale against a reference written on its own: direct two-dimensional sums in double precision.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/program/repeat.h"
#include "kernels/program/resampler.h"
#include "tests/support.h"

static const double pi = 3.14159265358979323846;

static double bilinear(double x)
{
    return fmax(1 - fabs(x), 0);
}

static double bicubic(double x)
{
    // Keys' cubic with a = -0.6.
    const double a = -0.6, t = fabs(x);
    return t < 1   ? (a + 2) * pow(t, 3) - (a + 3) * pow(t, 2) + 1
           : t < 2 ? a * pow(t, 3) - 5 * a * pow(t, 2) + 8 * a * t - 4 * a
                   : 0;
}

static double sinc(double x)
{
    return x == 0 ? 1 : sin(pi * x) / (pi * x);
}

static double lanczos(double x)
{
    return fabs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
}

static double box(double x)
{
    (void)x;
    return 0; // area is not sampled, see weight()
}

static const struct method {
    const char *name;
    double support;
    double (*kernel)(double);
} methods[] = {
    {"bilinear", 1, bilinear}, {"bicubic", 2, bicubic}, {"lanczos", 3, lanczos}, {"area", 1, box}};

// Weight of input sample k for an output sample at `centre` (both in input samples). A kernel wider
// than the line of `size` samples is cut.
static double weight(const struct method *method, int k, double centre, double ratio, int size)
{
    if (method->kernel == box) {
        const double half = ratio / 2;
        return fmax(fmin(centre + half, k + 0.5) - fmax(centre - half, k - 0.5), 0);
    }
    const bool is_cut = 2 * method->support * fmax(ratio, 1) > size && size > 3;
    return is_cut && fabs(k - centre) >= (size - 1) / 2.0
               ? 0
               : method->kernel((k - centre) / fmax(ratio, 1));
}

static int edge(int k, int size)
{
    return k < 0 ? 0 : k >= size ? size - 1 : k;
}

// One sample; cx, cy its centre in input samples, rx, ry the ratios.
static double reference(const struct method *method, const struct test_frames *in, int plane,
                        double cx, double cy, double rx, double ry)
{
    const int w = wr_format_width(&in->format, plane), h = wr_format_height(&in->format, plane);
    const int reach_x = (int)(method->support * fmax(rx, 1)) + 2;
    const int reach_y = (int)(method->support * fmax(ry, 1)) + 2;
    double sum = 0, total = 0;
    for (int y = (int)cy - reach_y; y <= (int)cy + reach_y; y++)
        for (int x = (int)cx - reach_x; x <= (int)cx + reach_x; x++) {
            const double factor = weight(method, x, cx, rx, w) * weight(method, y, cy, ry, h);
            sum += factor * test_get(in, 0, plane, edge(x, w), edge(y, h));
            total += factor;
        }
    return sum / total;
}

static double psnr(double squares, double count, int depth)
{
    const double max = (1 << depth) - 1;
    return squares == 0 ? INFINITY : 10 * log10(max * max * count / squares);
}

// Windows repeat in the second row, and in the last, over more positions than are done at once.
static const int sizes[][4] = {
    {64, 48, 40, 30},   {64, 48, 100, 77},  {61, 37, 20, 90}, {50, 40, 50, 13}, {64, 6, 96, 6},
    {96, 6, 64, 6},     {40, 6, 80, 6},     {90, 6, 30, 6},   {96, 48, 64, 32}, {40, 20, 80, 40},
    {1100, 3, 2200, 6}, {2100, 6, 1050, 3}, {64, 48, 60, 2},  {64, 48, 3, 40}};

static void check(const struct method *method, const int size[4], int depth, const char *layout)
{
    const struct wr_format format = test_format(layout, depth, size[0], size[1]);
    struct test_frames in = test_frames_new(&format, 1), out;
    test_frames_fill(&in, 3);
    char chain[64];
    snprintf(chain, sizeof chain, "scale=%d:%d:flags=%s", size[2], size[3], method->name);
    struct wr_error error;
    ck_assert_msg(test_run(chain, &in, "cpu", 1, &out, &error), "%s", error.text);
    const double rx = (double)size[0] / size[2], ry = (double)size[1] / size[3];
    const double max = (1 << depth) - 1;
    double squares = 0, count = 0, worst = 0;
    for (int p = 0; p < wr_format_planes(&format); p++) {
        const bool half = wr_format_is_chroma(&format, p) && format.log2_chroma_w;
        for (int y = 0; y < wr_format_height(&out.format, p); y++)
            for (int x = 0; x < wr_format_width(&out.format, p); x++) {
                // 4:2:0 as MPEG-2 has it: chroma on the left luma sample, between two rows.
                const double cx = half ? ((2 * x + 0.5) * rx - 0.5) / 2 : (x + 0.5) * rx - 0.5;
                const double cy = (y + 0.5) * ry - 0.5;
                const double exact = reference(method, &in, p, cx, cy, rx, ry);
                const double wrong = test_get(&out, 0, p, x, y) - fmin(fmax(exact, 0), max);
                squares += wrong * wrong;
                worst = fmax(worst, fabs(wrong));
                count++;
            }
    }
    // Rounding to 8 bits alone leaves 58.9 dB, give or take one in small pictures.
    const double decibels = psnr(squares, count, depth);
    ck_assert_msg(decibels >= (depth == 8 ? 57.5 : 60) && (depth > 8 || worst <= 0.6),
                  "%s %s %d bits: %.1f dB, off by up to %g", chain, layout, depth, decibels, worst);
    test_frames_free(&in);
    test_frames_free(&out);
}

START_TEST(agrees_with_double_precision)
{
    static const char *const layouts[] = {"gray", "yuv420p", "yuv444p"};
    static const int depths[] = {8, 10, 16};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (int l = 0; l < 3; l++)
            for (int d = 0; d < 3; d++)
                check(&methods[_i], sizes[s], depths[d], layouts[l]);
}
END_TEST

START_TEST(a_flat_picture_stays_flat)
{
    for (size_t n = 0; n < sizeof methods / sizeof methods[0] * 4; n++) {
        const int depth = n & 1 ? 10 : 8, value = depth == 8 ? 250 : 1000;
        const struct wr_format format = test_format("yuv420p", depth, 34, 18);
        struct test_frames in = test_frames_new(&format, 1), out;
        for (int p = 0; p < 3; p++)
            for (int y = 0; y < wr_format_height(&format, p); y++)
                for (int x = 0; x < wr_format_width(&format, p); x++)
                    test_put(&in, 0, p, x, y, value + p);
        char chain[64];
        snprintf(chain, sizeof chain, "scale=%s:flags=%s", n & 2 ? "50:7" : "51:27",
                 methods[n / 4].name);
        struct wr_error error;
        ck_assert(test_run(chain, &in, "cpu", 1, &out, &error));
        for (int p = 0; p < 3; p++)
            for (int y = 0; y < wr_format_height(&out.format, p); y++)
                for (int x = 0; x < wr_format_width(&out.format, p); x++)
                    ck_assert_int_eq(test_get(&out, 0, p, x, y), value + p);
        test_frames_free(&in);
        test_frames_free(&out);
    }
}
END_TEST

// The largest sums there can be: samples are 255 where a window in the middle weighs them
// positively and 0 where it does not.
START_TEST(no_sum_is_too_large)
{
    enum { SIZE = 96, TO = 64, PLACE = 32 };
    const struct method *const method = &methods[_i];
    const struct wr_format format = test_format("gray", 8, SIZE, SIZE);
    const double ratio = (double)SIZE / TO, centre = (PLACE + 0.5) * ratio - 0.5;
    struct test_frames in = test_frames_new(&format, 1), out;
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
            test_put(
                &in, 0, 0, x, y,
                weight(method, x, centre, ratio, SIZE) * weight(method, y, centre, ratio, SIZE) > 0
                    ? 255
                    : 0);
    char chain[64];
    snprintf(chain, sizeof chain, "scale=%d:%d:flags=%s", TO, TO, method->name);
    struct wr_error error;
    ck_assert(test_run(chain, &in, "cpu", 1, &out, &error));
    for (int y = 0; y < TO; y++)
        for (int x = 0; x < TO; x++) {
            const double exact = reference(method, &in, 0, (x + 0.5) * ratio - 0.5,
                                           (y + 0.5) * ratio - 0.5, ratio, ratio);
            ck_assert_double_le(fabs(test_get(&out, 0, 0, x, y) - fmin(fmax(exact, 0), 255)), 0.6);
        }
    test_frames_free(&in);
    test_frames_free(&out);
}
END_TEST

// ---- windows that repeat

enum { MOST_POSITIONS = 2000, MOST_WEIGHTS = 32 };

// The windows of a row of `in` samples that becomes one of `out`, as scale's.
static struct wr_windows make_windows(int in, int out, int taps)
{
    static int32_t first[MOST_POSITIONS];
    static float weights[MOST_WEIGHTS * MOST_POSITIONS];
    const double ratio = (double)in / out;
    memset(weights, 0, sizeof weights);
    for (int n = 0; n < out; n++) {
        double exact[MOST_WEIGHTS + 1];
        const int count =
            wr_resample_weights(WR_BICUBIC, (n + 0.5) * ratio - 0.5, ratio, in, &first[n], exact);
        const int shift = first[n] + taps > in ? first[n] + taps - in : 0;
        first[n] -= shift;
        for (int k = 0; k < count; k++)
            weights[(shift + k) * out + n] = (float)exact[k];
    }
    return (struct wr_windows){out, taps, first, weights};
}

// What the phases say of position n is what its window has.
static void check_phase(const struct wr_windows *w, const struct phases *p, const float *weights,
                        int n)
{
    const int phase = n % p->up, start = p->start[phase] + n / p->up * p->down;
    for (int k = 0; k < w->taps; k++) {
        const int tap = w->first[n] + k - start;
        const float weight = w->weights[k * w->positions + n];
        if (tap >= 0 && tap < p->taps[phase])
            ck_assert(weight == weights[phase * PHASES_TAPS + tap]);
        else
            ck_assert(weight == 0);
    }
}

START_TEST(windows_repeat_where_the_ratio_is_simple)
{
    static const struct {
        int in, out, taps, up, down;
    } rows[] = {{640, 1280, 4, 2, 1},  {1280, 640, 8, 1, 2}, {1440, 1920, 4, 4, 3},
                {1920, 1280, 6, 2, 3}, {720, 1080, 4, 3, 2}, {1920, 1080, 8, 0, 0},
                {1000, 999, 6, 0, 0},  {1920, 320, 24, 0, 0}};
    const struct wr_windows windows = make_windows(rows[_i].in, rows[_i].out, rows[_i].taps);
    struct phases phases;
    float weights[PHASES * PHASES_TAPS] = {0};
    const double ratio = (double)rows[_i].in / rows[_i].out;
    ck_assert_int_eq(wr_find_phases(&windows, ratio, &phases, weights), rows[_i].up > 0);
    if (!rows[_i].up)
        return;
    ck_assert_int_eq(phases.up, rows[_i].up);
    ck_assert_int_eq(phases.down, rows[_i].down);
    ck_assert_int_gt(phases.to - phases.from, rows[_i].out - 32);
    for (int n = phases.from; n < phases.to; n++)
        check_phase(&windows, &phases, weights, n);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("resample");
    TCase *tests = tcase_create("scale");
    tcase_set_timeout(tests, 0);
    tcase_add_loop_test(tests, agrees_with_double_precision, 0, sizeof methods / sizeof methods[0]);
    tcase_add_loop_test(tests, no_sum_is_too_large, 0, sizeof methods / sizeof methods[0]);
    tcase_add_test(tests, a_flat_picture_stays_flat);
    tcase_add_loop_test(tests, windows_repeat_where_the_ratio_is_simple, 0, 8);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
