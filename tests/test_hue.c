// SPDX-License-Identifier: MIT
// hue against a reference written on its own: a rotation in double precision, frame by frame, at
// every kind of depth.
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "tests/support.h"

static const double pi = 3.14159265358979323846;

// What a chain gives in frame n: angle + n * turn, saturation + n * more, brightness + n *
// brighter.
static const struct colors {
    const char *chain;
    double angle, turn, saturation, more, brightness, brighter;
} chains[] = {
    {"hue=40", 40, 0, 1, 0, 0, 0},
    {"hue=h=-170+n*60:s=2.5", -170, 60, 2.5, 0, 0, 0},
    {"hue=s=0.5-n:b=-3.3", 0, 0, 0.5, -1, -3.3, 0},
    {"hue=H=PI/6:b=n*1.7-2", 30, 0, 1, 0, -2, 1.7},
    {"hue=b=5", 0, 0, 1, 0, 5, 0},
};

static double limit(double value, double max)
{
    return fmin(fmax(value, 0), max);
}

static double luma(const struct colors *c, int frame, int depth, double value)
{
    const double range = depth == 8 ? 255 : 1 << depth;
    const double brightness = c->brightness + frame * c->brighter;
    return floor(value + brightness * range / 10);
}

static double complex chroma(const struct colors *c, int frame, double complex value)
{
    const double angle = (c->angle + frame * c->turn) * pi / 180;
    return value * cexp(I * angle) * (c->saturation + frame * c->more);
}

static void check(const struct colors *c, const char *layout, int depth)
{
    const struct wr_format format = test_format(layout, depth, 45, 31);
    struct test_frames in = test_frames_new(&format, 3), out;
    test_frames_fill(&in, 5);
    struct wr_error error;
    ck_assert_msg(test_run(c->chain, &in, "cpu", 2, &out, &error), "%s", error.text);
    const double max = (1 << depth) - 1, middle = 1 << (depth - 1);
    for (int f = 0; f < in.count; f++)
        for (int p = 0; p < wr_format_planes(&format); p++)
            for (int y = 0; y < wr_format_height(&format, p); y++)
                for (int x = 0; x < wr_format_width(&format, p); x++) {
                    double expected = test_get(&in, f, p, x, y), most = 0;
                    if (wr_format_is_chroma(&format, p)) {
                        const double complex turned =
                            chroma(c, f,
                                   test_get(&in, f, 1, x, y) - middle +
                                       I * (test_get(&in, f, 2, x, y) - middle));
                        expected = middle + (p == 1 ? creal(turned) : cimag(turned));
                        most = 0.5 + 0.02; // rounding, and the numbers' own precision
                    } else if (!wr_format_is_alpha(&format, p)) {
                        expected = luma(c, f, depth, expected);
                    }
                    const int got = test_get(&out, f, p, x, y);
                    ck_assert_msg(fabs(got - limit(expected, max)) <= most,
                                  "%s on %s %d bits, frame %d, plane %d, %d,%d: %d, expected %f",
                                  c->chain, layout, depth, f, p, x, y, got, expected);
                }
    test_frames_free(&in);
    test_frames_free(&out);
}

START_TEST(agrees_with_double_precision)
{
    static const char *const layouts[] = {"gray", "yuv420p", "yuva420p", "yuv444p"};
    static const int depths[] = {8, 9, 10, 12, 16};
    for (int l = 0; l < 4; l++)
        for (int d = 0; d < 5; d++)
            check(&chains[_i], layouts[l], depths[d]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hue");
    TCase *tests = tcase_create("colours");
    tcase_add_loop_test(tests, agrees_with_double_precision, 0, sizeof chains / sizeof chains[0]);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
