// SPDX-License-Identifier: MIT
// Filters that work in RGB, against their definitions in double precision; and the conversions that
// a chain puts around them.
#include <libavutil/mem.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

static double clip(double value)
{
    return fmin(fmax(value, 0), 1);
}

static double largest(const double v[3])
{
    return fmax(fmax(v[0], v[1]), v[2]);
}

static double smallest(const double v[3])
{
    return fmin(fmin(v[0], v[1]), v[2]);
}

// ---- colorchannelmixer; components red, green, blue, alpha from 0 to 1

static double measure(const char *keep, const double v[3], double max)
{
    if (!strcmp(keep, "lum"))
        return largest(v) + smallest(v);
    if (!strcmp(keep, "max"))
        return largest(v);
    if (!strcmp(keep, "avg"))
        return (v[0] + v[1] + v[2] + 1 / max) / 3;
    if (!strcmp(keep, "sum"))
        return v[0] + v[1] + v[2];
    if (!strcmp(keep, "nrm"))
        return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    return cbrt(pow(v[0], 3) + pow(v[1], 3) + pow(v[2], 3));
}

static void mixed(const double gain[16], const char *keep, double amount, double max, double v[4])
{
    double out[4];
    for (int n = 0; n < 4; n++)
        out[n] = gain[4 * n] * v[0] + gain[4 * n + 1] * v[1] + gain[4 * n + 2] * v[2] +
                 gain[4 * n + 3] * v[3];
    if (*keep) {
        const double before = measure(keep, v, max), after = measure(keep, out, max);
        // Where nothing is left FFmpeg takes half a step; norms are of fractions there.
        const bool norm = !strcmp(keep, "nrm") || !strcmp(keep, "pwr");
        const double none = norm ? 1 / (2 * max) : 1 / (2 * max * max);
        for (int n = 0; n < 3; n++)
            out[n] += (clip(out[n]) * before / (after > 0 ? after : none) - out[n]) * amount;
    }
    for (int n = 0; n < 4; n++)
        v[n] = clip(out[n]);
}

// ---- colorbalance

struct tones {
    double shadows[3], midtones[3], highlights[3];
    bool lightness;
};

// Foley and van Dam: hue, saturation, lightness.
static void with_lightness(double v[3], double lightness)
{
    const double max = largest(v), min = smallest(v), range = max - min;
    double hue = 0;
    if (range > 0)
        hue = max == v[0]   ? fmod((v[1] - v[2]) / range + 6, 6)
              : max == v[1] ? (v[2] - v[0]) / range + 2
                            : (v[0] - v[1]) / range + 4;
    const double room = 1 - fabs(2 * lightness - 1);
    // FFmpeg makes colours gray that touch either end.
    const double saturation = max >= 1 || min <= 0 || room <= 0 ? 0 : range / room;
    const double chroma = room * saturation, second = chroma * (1 - fabs(fmod(hue, 2) - 1));
    const double table[6][3] = {{chroma, second, 0}, {second, chroma, 0}, {0, chroma, second},
                                {0, second, chroma}, {second, 0, chroma}, {chroma, 0, second}};
    for (int n = 0; n < 3; n++)
        v[n] = clip(table[(int)hue % 6][n] + lightness - chroma / 2);
}

static void balanced(const struct tones *t, double v[3])
{
    const double sum = largest(v) + smallest(v), third = 0.333;
    const double dark = clip(4 * (third - sum) + 0.5), bright = clip(4 * (sum + third - 1) + 0.5);
    const double middle = clip(4 * (sum - third) + 0.5) * clip(4 * (1 - sum - third) + 0.5);
    for (int n = 0; n < 3; n++)
        v[n] = clip(v[n] + 0.7 * (t->shadows[n] * dark + t->midtones[n] * middle +
                                  t->highlights[n] * bright));
    if (t->lightness)
        with_lightness(v, sum / 2);
}

// ---- the comparison

static const struct {
    const char *chain;
    double gain[16];
    const char *keep;
    double amount;
    struct tones tones;
} cases[] = {
    {.chain = "colorchannelmixer", .gain = {[0] = 1, [5] = 1, [10] = 1, [15] = 1}, .keep = ""},
    {.chain = "colorchannelmixer=.3:.4:.3:0:.3:.4:.3:0:.3:.4:.3",
     .gain = {.3, .4, .3, 0, .3, .4, .3, 0, .3, .4, .3, 0, 0, 0, 0, 1},
     .keep = ""},
    {.chain = "colorchannelmixer=.5:-.4:2:.1:0:1:0:-.5:-2:.2:.7:.3:.1:.2:.3:.4",
     .gain = {.5, -.4, 2, .1, 0, 1, 0, -.5, -2, .2, .7, .3, .1, .2, .3, .4},
     .keep = ""},
#define KEEP(mode)                                                                                 \
    {                                                                                              \
        .chain = "colorchannelmixer=.5:.4:.3:0:.2:1:.2:0:.1:.2:.7:pc=" mode ":pa=0.75",            \
        .gain = {.5, .4, .3, 0, .2, 1, .2, 0, .1, .2, .7, 0, 0, 0, 0, 1}, .keep = mode,            \
        .amount = 0.75                                                                             \
    }
    KEEP("lum"),
    KEEP("max"),
    KEEP("avg"),
    KEEP("sum"),
    KEEP("nrm"),
    KEEP("pwr"),
    {.chain = "colorbalance=0.3:-0.2:0.9:-0.4:0.5:0.1:1:-1:0.2",
     .tones = {{0.3, -0.2, 0.9}, {-0.4, 0.5, 0.1}, {1, -1, 0.2}, false}},
    {.chain = "colorbalance=rs=0.1:gm=-0.3:bh=0.2:pl=1",
     .tones = {{0.1, 0, 0}, {0, -0.3, 0}, {0, 0, 0.2}, true}},
};

static void check(int number, const char *layout, int depth)
{
    const struct wr_format format = test_format(layout, depth, 61, 47);
    struct test_frames in = test_frames_new(&format, 1), out;
    test_frames_fill(&in, (unsigned)(number + depth));
    struct wr_error error;
    ck_assert_msg(test_run(cases[number].chain, &in, "cpu", 1, &out, &error), "%s", error.text);
    static const int planes[] = {2, 0, 1, 3};
    const double max = (1 << depth) - 1;
    const int count = format.alpha ? 4 : 3;
    for (int y = 0; y < format.height; y++)
        for (int x = 0; x < format.width; x++) {
            double v[4] = {0, 0, 0, 0};
            for (int n = 0; n < count; n++)
                v[n] = test_get(&in, 0, planes[n], x, y) / max;
            if (cases[number].keep)
                mixed(cases[number].gain, cases[number].keep, cases[number].amount, 65535, v);
            else
                balanced(&cases[number].tones, v);
            for (int n = 0; n < count; n++) {
                const double wrong = test_get(&out, 0, planes[n], x, y) - v[n] * max;
                // Inside, samples of 16 bits, whose rounding ramps make up to ten times as large;
                // then one more rounding.
                ck_assert_msg(fabs(wrong) <= 0.5 + 5 * max / 65535,
                              "%s on %s%d, component %d at %d,%d: %d rather than %g",
                              cases[number].chain, layout, depth, n, x, y,
                              test_get(&out, 0, planes[n], x, y), v[n] * max);
            }
        }
    test_frames_free(&in);
    test_frames_free(&out);
}

START_TEST(agrees_with_double_precision)
{
    static const int depths[] = {8, 10, 16};
    for (int d = 0; d < 3; d++) {
        check(_i, "gbrp", depths[d]);
        check(_i, "gbrap", depths[d]);
    }
}
END_TEST

// ---- the conversions around them

static const struct {
    const char *layout;
    int depth;
    const char *chain, *text;
} chains[] = {
    // One conversion for neighbours, and back at the end.
    {"yuv420p", 8, "colorbalance,colorchannelmixer",
     "format=gbrp16,colorbalance,colorchannelmixer,format=yuv420p"},
    // Back before a filter that takes any layout.
    {"yuv420p", 10, "colorbalance,negate,colorbalance,hflip",
     "format=gbrp16,colorbalance,format=yuv420p10,negate,"
     "format=gbrp16,colorbalance,format=yuv420p10,hflip"},
    // Mirrors do not part neighbours.
    {"yuv420p", 8, "vflip,colorbalance,hflip,vflip,colorchannelmixer,hflip",
     "vflip,format=gbrp16,colorbalance,hflip,vflip,colorchannelmixer,format=yuv420p,hflip"},
    // Nor do frames for which some are off.
    {"yuv420p", 8, "colorbalance=enable=n,colorchannelmixer,colorbalance=enable='eq(t,1)'",
     "format=gbrp16,colorbalance=enable=n,colorchannelmixer,colorbalance=enable='eq(t,1)',"
     "format=yuv420p"},
    {"yuv420p", 8, "colorbalance=enable=n,colorchannelmixer=enable='eq(t,1)',hue",
     "format=gbrp16,colorbalance=enable=n,colorchannelmixer=enable='eq(t,1)',format=yuv420p,hue"},
    // The user's word is the new nominal format.
    {"yuv420p", 8, "format=gbrp16,colorbalance,hflip", "format=pix_fmts=gbrp16,colorbalance,hflip"},
    {"yuv420p", 8, "colorbalance,format=yuv444p10,hflip",
     "format=gbrp16,colorbalance,format=pix_fmts=yuv444p10,hflip"},
    // Planes that are changed together have to be of one size.
    {"yuv420p", 10, "deband=coupling=1,deband=c=1:r=9,hflip",
     "format=yuv444p10,deband=coupling=1,deband=range=9:coupling=1,format=yuv420p10,hflip"},
    {"yuv420p", 8, "colorbalance,deband=c=1",
     "format=gbrp16,colorbalance,format=yuv444p,deband=coupling=1,format=yuv420p"},
    {"yuv420p", 8, "deband=c=1,hue=h=30",
     "format=yuv444p,deband=coupling=1,format=yuv420p,hue=h=30"},
    {"gbrp", 8, "deband=c=1", "deband=coupling=1"},
    {"gray", 8, "deband=c=1", "deband=coupling=1"},
    {"gbrp", 8, "colorbalance", "format=gbrp16,colorbalance,format=gbrp"},
    {"gbrp", 16, "colorbalance", "colorbalance"},
    {"gray", 8, "colorbalance", "format=gbrp16,colorbalance,format=gray:color_ranges=tv"},
    {"ya", 8, "colorbalance", "format=gbrap16,colorbalance,format=ya8:color_ranges=tv"},
    {"yuva420p", 8, "colorbalance", "format=gbrap16,colorbalance,format=yuva420p"},
};

START_TEST(conversions_are_inserted_once)
{
    const struct wr_format format = test_format(chains[_i].layout, chains[_i].depth, 16, 16);
    struct wr_program program;
    struct wr_error error;
    char *text;
    ck_assert_msg(!test_lower(chains[_i].chain, &format, &program, &text, &error), "%s",
                  error.text);
    ck_assert_str_eq(text, chains[_i].text);
    av_free(text);
    wr_program_close(&program);
}
END_TEST

static bool equal_frame(const struct test_frames *a, const struct test_frames *b, int frame)
{
    for (int p = 0; p < wr_format_planes(&a->format); p++)
        for (int y = 0; y < wr_format_height(&a->format, p); y++)
            for (int x = 0; x < wr_format_width(&a->format, p); x++)
                if (test_get(a, frame, p, x, y) != test_get(b, frame, p, x, y))
                    return false;
    return true;
}

// Frame by frame, filters that are on for some frames only are as if they were always on, or not
// there.
enum { SWITCHED = 3 };

static const struct {
    const char *chain, *frame[SWITCHED];
} switched[] = {
    {"colorbalance=rs=1:enable='eq(n,1)'", {"", "colorbalance=rs=1", ""}},
    {"colorbalance=rs=1,colorbalance=bs=1:enable='eq(n,1)'",
     {"colorbalance=rs=1", "colorbalance=rs=1,colorbalance=bs=1", "colorbalance=rs=1"}},
    {"colorbalance=bs=1:enable='eq(n,1)',negate", {"negate", "colorbalance=bs=1,negate", "negate"}},
    {"colorbalance=rs=1,negate=enable='eq(n,1)',colorbalance=gs=1",
     {"colorbalance=rs=1,negate=enable=0,colorbalance=gs=1",
      "colorbalance=rs=1,negate,colorbalance=gs=1",
      "colorbalance=rs=1,negate=enable=0,colorbalance=gs=1"}},
    // Neighbours that share conversions, which a frame gets if one of them is on.
    {"colorbalance=rs=1:enable=n,colorbalance=bs=1:enable='eq(n,1)'",
     {"", "colorbalance=rs=1,colorbalance=bs=1", "colorbalance=rs=1"}},
    {"colorbalance=rs=1:enable=n,colorbalance=bs=1:enable=n,colorbalance=gs=1:enable='eq(n,2)'",
     {"", "colorbalance=rs=1,colorbalance=bs=1",
      "colorbalance=rs=1,colorbalance=bs=1,colorbalance=gs=1"}},
    {"colorbalance=rs=1:enable='eq(n,1)',hflip=enable='eq(n,2)',colorbalance=bs=1:enable='eq(n,2)'",
     {"", "colorbalance=rs=1", "hflip=enable=1,colorbalance=bs=1"}},
    {"colorbalance=rs=1:enable='eq(n,1)',vflip,colorbalance=bs=1:enable='eq(n,2)'",
     {"vflip", "colorbalance=rs=1,negate=enable=0,vflip", "vflip,colorbalance=bs=1"}},
    {"colorbalance=rs=1:enable='eq(n,1)',vflip,colorbalance=bs=1",
     {"colorbalance=enable=0,vflip,colorbalance=bs=1", "colorbalance=rs=1,vflip,colorbalance=bs=1",
      "colorbalance=enable=0,vflip,colorbalance=bs=1"}},
    {"colorbalance=rs=1:enable=n,hflip=enable='eq(n,0)',colorbalance=bs=1:enable=n",
     {"hflip", "colorbalance=rs=1,negate=enable=0,colorbalance=bs=1",
      "colorbalance=rs=1,negate=enable=0,colorbalance=bs=1"}},
    {"colorbalance=rs=1:enable=n,hflip=enable=n,colorbalance=bs=1:enable=n",
     {"", "colorbalance=rs=1,hflip,colorbalance=bs=1",
      "colorbalance=rs=1,hflip,colorbalance=bs=1"}},
    // On, off and both at once, known beforehand.
    {"colorbalance=rs=1:enable=0,colorbalance=bs=1:enable='eq(n,1)',colorbalance=gs=1:enable=0",
     {"", "colorbalance=bs=1", ""}},
    {"colorbalance=rs=1:enable=0,colorbalance=bs=1:enable=0", {"", "", ""}},
    // Neighbours in the picture's own layout.
    {"negate=enable=n,unsharp=enable=n,eq=contrast=2:enable='eq(n,2)'",
     {"", "negate,unsharp", "negate,unsharp,eq=contrast=2"}},
};

START_TEST(frames_that_are_off_stay_as_they_were)
{
    static const char *const layouts[] = {"yuv420p", "gbrp", "yuva420p"};
    for (int l = 0; l < 3; l++) {
        const struct wr_format format = test_format(layouts[l], 8, 37, 23);
        struct test_frames in = test_frames_new(&format, SWITCHED), out;
        test_frames_fill(&in, 5);
        struct wr_error error;
        ck_assert(test_run(switched[_i].chain, &in, "cpu", 2, &out, &error));
        for (int n = 0; n < SWITCHED; n++) {
            struct test_frames alone;
            ck_assert(test_run(switched[_i].frame[n], &in, "cpu", 2, &alone, &error));
            ck_assert_msg(equal_frame(&out, &alone, n), "%s on %s, frame %d", switched[_i].chain,
                          layouts[l], n);
            ck_assert(equal_frame(&in, &alone, n) == !*switched[_i].frame[n]);
            test_frames_free(&alone);
        }
        test_frames_free(&in);
        test_frames_free(&out);
    }
}
END_TEST

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

int main(void)
{
    Suite *suite = suite_create("color");
    TCase *tests = tcase_create("rgb");
    tcase_set_timeout(tests, 0);
    tcase_add_loop_test(tests, agrees_with_double_precision, 0, COUNT(cases));
    tcase_add_loop_test(tests, conversions_are_inserted_once, 0, COUNT(chains));
    tcase_add_loop_test(tests, frames_that_are_off_stay_as_they_were, 0, COUNT(switched));
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
