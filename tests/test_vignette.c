// SPDX-License-Identifier: MIT
// vignette against a reference written on its own: the definition in double precision, dithered by
// the sequence as it comes, sample by sample.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support.h"

static const double pi = 3.14159265358979323846;

static const struct lens {
    const char *chain;
    double angle, x, y, turn; // centre in widths and heights; the angle grows by turn each frame
    bool dither, backward;
} lenses[] = {
    {"vignette", 0.2, 0.5, 0.5, 0, true, false},
    {"vignette=PI/3:dither=0", 1.0 / 3, 0.5, 0.5, 0, false, false},
    {"vignette=PI/4:w/4:h*0.75:mode=backward", 0.25, 0.25, 0.75, 0, true, true},
    {"vignette=PI*(0.1+n*0.2):eval=frame", 0.1, 0.5, 0.5, 0.2, true, false},
};

static double next_dither(uint32_t *state)
{
    const double value = *state / 4294967296.0;
    *state = *state * 1664525 + 1013904223;
    return value;
}

static double factor(const struct lens *lens, const struct wr_format *format, double angle, int x,
                     int y)
{
    const double dx = trunc(x - lens->x * format->width), dy = trunc(y - lens->y * format->height);
    const double distance = hypot(dx, dy) / hypot(format->width / 2.0, format->height / 2.0);
    const double dark = distance > 1 ? 0 : pow(cos(angle * distance), 4);
    return lens->backward ? 1 / fmax(dark, 1e-4) : dark;
}

static void check(const struct lens *lens, const char *layout, int depth)
{
    const struct wr_format format = test_format(layout, depth, 45, 31);
    struct test_frames in = test_frames_new(&format, 3), out;
    test_frames_fill(&in, 5);
    struct wr_error error;
    ck_assert_msg(test_run(lens->chain, &in, "cpu", 2, &out, &error), "%s", error.text);
    const double max = (1 << depth) - 1;
    uint32_t state = 0;
    int samples = 0, wrong = 0;
    for (int f = 0; f < in.count; f++)
        for (int p = 0; p < wr_format_planes(&format); p++)
            for (int y = 0; y < wr_format_height(&format, p); y++)
                for (int x = 0; x < wr_format_width(&format, p); x++) {
                    const int value = test_get(&in, f, p, x, y), got = test_get(&out, f, p, x, y);
                    if (wr_format_is_alpha(&format, p)) {
                        ck_assert_int_eq(got, value);
                        continue;
                    }
                    const bool chroma = wr_format_is_chroma(&format, p);
                    const double middle = !chroma ? 0 : depth == 8 ? 127 : 1 << (depth - 1);
                    const double seen = factor(lens, &format, pi * (lens->angle + f * lens->turn),
                                               chroma ? x << format.log2_chroma_w : x,
                                               chroma ? y << format.log2_chroma_h : y);
                    const double dither = lens->dither ? next_dither(&state) : 0;
                    const double exact = seen * (value - middle) + middle + dither;
                    const int expected = (int)fmin(fmax(exact, 0), max);
                    ck_assert_msg(abs(got - expected) <= 1,
                                  "%s on %s %d bits, frame %d, plane %d, %d,%d: %d, expected %d",
                                  lens->chain, layout, depth, f, p, x, y, got, expected);
                    samples++;
                    wrong += got != expected;
                }
    // Float's 24 bits leave fewer for the fraction the deeper the samples are.
    ck_assert_msg(wrong * (depth == 16 ? 50 : 1000) <= samples, "%s on %s %d bits: %d of %d differ",
                  lens->chain, layout, depth, wrong, samples);
    test_frames_free(&in);
    test_frames_free(&out);
}

START_TEST(agrees_with_double_precision)
{
    static const char *const layouts[] = {"gray", "yuv420p", "yuva420p", "gbrp"};
    static const int depths[] = {8, 10, 16};
    for (int l = 0; l < 4; l++)
        for (int d = 0; d < 3; d++)
            check(&lenses[_i], layouts[l], depths[d]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vignette");
    TCase *tests = tcase_create("lens");
    tcase_add_loop_test(tests, agrees_with_double_precision, 0, sizeof lenses / sizeof lenses[0]);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
