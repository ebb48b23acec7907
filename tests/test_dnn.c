// SPDX-License-Identifier: MIT
// dnn_processing: what models see of a picture, what becomes of the rest, and what is refused.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/model_writer.h"
#include "tests/support.h"

static char folder[] = "/tmp/warpreel-dnn-XXXXXX", path[sizeof folder + 16];

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/m.onnx", folder);
}

static void remove_folder(void)
{
    remove(path);
    rmdir(folder);
}

// Each sample four times.
#define TWICE                                                                                      \
    "input x 1 1 0 0\nfloat w 4x1x1x1 1 1 1 1\nConv c x,w -> s\n"                                  \
    "DepthToSpace d s -> y blocksize=2\noutput y"
// Red becomes green, green blue, blue red.
#define TURNED "input x 1 3 0 0\nfloat w 3x3x1x1 0 0 1 1 0 0 0 1 0\nConv c x,w -> y\noutput y"
// Luma and a quarter of the noise.
#define NOISY "input x 1 2 0 0\nfloat w 1x2x1x1 1 0.25\nConv c x,w -> y\noutput y"
// The picture without its outermost pixels.
#define CUT "float w 1x1x3x3 0 0 0 0 1.0 0 0 0 0\nConv c x,w -> y\noutput y"
#define SMALLER "input x 1 1 0 0\n" CUT

static bool run(const char *model, const char *options, const struct test_frames *in,
                struct test_frames *out, struct wr_error *error)
{
    char chain[256];
    write_onnx(path, model);
    snprintf(chain, sizeof chain, "dnn_processing=model=%s%s", path, options);
    return test_run(chain, in, "cpu", 2, out, error);
}

static struct test_frames fill(const char *layout, int depth)
{
    const struct wr_format format = test_format(layout, depth, 20, 12);
    struct test_frames frames = test_frames_new(&format, 3);
    test_frames_fill(&frames, 11);
    return frames;
}

static struct test_frames results(const char *model, const char *options,
                                  const struct test_frames *in)
{
    struct test_frames out;
    struct wr_error error;
    ck_assert_msg(run(model, options, in, &out, &error), "%s", error.text);
    return out;
}

// Compares plane p of all frames with plane q of others.
static void check_plane(const struct test_frames *got, int p, const struct test_frames *want, int q)
{
    ck_assert_int_eq(wr_format_width(&got->format, p), wr_format_width(&want->format, q));
    ck_assert_int_eq(wr_format_height(&got->format, p), wr_format_height(&want->format, q));
    for (int f = 0; f < got->count; f++)
        for (int y = 0; y < wr_format_height(&got->format, p); y++)
            for (int x = 0; x < wr_format_width(&got->format, p); x++)
                ck_assert_int_eq(test_get(got, f, p, x, y), test_get(want, f, q, x, y));
}

START_TEST(luma_is_the_models_and_the_rest_is_scaled)
{
    static const char *const layouts[] = {"yuv420p", "yuva420p", "yuv444p", "gray", "ya"};
    for (int n = 0; n < 5; n++)
        for (int depth = 8; depth <= 16; depth += 4) {
            struct test_frames in = fill(layouts[n], depth), near, wide;
            struct wr_error error;
            ck_assert(test_run("scale=iw*2:ih*2:flags=neighbor", &in, "cpu", 2, &near, &error));
            ck_assert(test_run("scale=iw*2:ih*2", &in, "cpu", 2, &wide, &error));
            struct test_frames out = results(TWICE, "", &in);
            check_plane(&out, 0, &near, 0);
            for (int p = 1; p < wr_format_planes(&in.format); p++)
                check_plane(&out, p, &wide, p);
            test_frames_free(&in);
            test_frames_free(&near);
            test_frames_free(&wide);
            test_frames_free(&out);
        }
}
END_TEST

START_TEST(colours_are_red_green_blue)
{
    struct test_frames in = fill("gbrap", 16), out = results(TURNED, "", &in);
    check_plane(&out, 0, &in, 2); // green was red
    check_plane(&out, 1, &in, 0);
    check_plane(&out, 2, &in, 1);
    check_plane(&out, 3, &in, 3);
    test_frames_free(&out);
    test_frames_free(&in);
    in = fill("yuv444p", 16);
    out = results(TURNED, ":colorspace=yuv", &in);
    check_plane(&out, 1, &in, 0); // the first of them is luma
    check_plane(&out, 2, &in, 1);
    check_plane(&out, 0, &in, 2);
    test_frames_free(&out);
    test_frames_free(&in);
}
END_TEST

START_TEST(each_colour_goes_through_a_model_of_one_channel)
{
    struct test_frames in = fill("gbrp", 8), near;
    struct wr_error error;
    ck_assert(test_run("scale=iw*2:ih*2:flags=neighbor", &in, "cpu", 2, &near, &error));
    struct test_frames out = results(TWICE, ":colorspace=rgb", &in);
    for (int p = 0; p < 3; p++)
        check_plane(&out, p, &near, p);
    test_frames_free(&in);
    test_frames_free(&near);
    test_frames_free(&out);
}
END_TEST

// What the sentence about gray pictures advises: depth is kept, and values of the limited range.
START_TEST(gray_is_shown_as_colours)
{
    struct test_frames in = fill("gray", 10), out = results(TURNED, ":colorspace=rgb", &in);
    for (int x = 0; x < 20; x++)
        ck_assert_int_le(
            abs(test_get(&out, 0, 0, x, 5) - wr_clamp(test_get(&in, 0, 0, x, 5), 64, 940)), 1);
    test_frames_free(&out);
    test_frames_free(&in);
}
END_TEST

START_TEST(noise_is_a_channel)
{
    static const struct {
        const char *options;
        int more;
    } cases[] = {{":noise=0", 0}, {":noise=20", 5}, {"", 4}, {":noise=20:strength=0", 0}};
    struct test_frames in = fill("gray", 8);
    for (int n = 0; n < 4; n++) {
        struct test_frames out = results(NOISY, cases[n].options, &in);
        for (int x = 0; x < 20; x++)
            ck_assert_int_eq(test_get(&out, 0, 0, x, 5),
                             wr_min(test_get(&in, 0, 0, x, 5) + cases[n].more, 255));
        test_frames_free(&out);
    }
    test_frames_free(&in);
}
END_TEST

START_TEST(a_margin_is_made_up_for)
{
    struct test_frames in = fill("yuv420p", 10), out = results(SMALLER, "", &in);
    ck_assert(test_frames_equal(&in, &out));
    test_frames_free(&out);
    out = results("input x 1 1 14 22\n" CUT, "", &in); // of 20x12, whose margin is one pixel
    ck_assert(test_frames_equal(&in, &out));
    test_frames_free(&out);
    test_frames_free(&in);
}
END_TEST

// Blurs, and sharpens what comes out, with eight channels in between.
#define BLURRED                                                                                    \
    "input x 1 1 0 0\nfloat w 8x1x1x3 0.1 0.2 0.3 0.3 0.1 0.2 0.4 0.4 0.1 0.5 0.6 0.3 0.3 0.3 "    \
    "0.7 0.7 0.1 0.1 0.9 0.2 0.2 0.1 0.8 0.3\nConv c x,w -> s pads=0,1,0,1\nRelu r s -> t\n"       \
    "float v 1x8x1x1 0.3 0.2 -0.1 0.25 -0.2 0.15 0.2 0.1\nConv d t,v -> y\noutput y"

START_TEST(integers_are_near_floats)
{
    struct test_frames in = fill("gray", 16), out = results(BLURRED, "", &in);
    struct test_frames rounded = results(BLURRED, ":precision=int", &in);
    int farthest = 0;
    for (int f = 0; f < in.count; f++)
        for (int y = 0; y < 12; y++)
            for (int x = 0; x < 20; x++)
                farthest = wr_max(farthest,
                                  abs(test_get(&out, f, 0, x, y) - test_get(&rounded, f, 0, x, y)));
    ck_assert_int_gt(farthest, 0);
    ck_assert_int_le(farthest, 128); // half a level of 8 bits
    test_frames_free(&rounded);
    test_frames_free(&out);
    test_frames_free(&in);
    in = fill("yuv420p", 10);
    out = results("input x 1 1 14 22\n" CUT, ":precision=int", &in); // too small for the pattern
    ck_assert(test_frames_equal(&in, &out));
    test_frames_free(&out);
    test_frames_free(&in);
}
END_TEST

START_TEST(tiny_weights_count_as_nothing)
{
    struct test_frames in = fill("gray", 8);
    struct test_frames out = results("input x 1 1 0 0\nfloat a 1x1x1x1 1.0e-35\nConv c x,a -> s\n"
                                     "float b 1x1x1x1 1.0e35\nConv d s,b -> y\noutput y",
                                     "", &in);
    for (int x = 0; x < 20; x++)
        ck_assert_int_eq(test_get(&out, 0, 0, x, 5), 0);
    test_frames_free(&out);
    test_frames_free(&in);
}
END_TEST

START_TEST(frames_may_be_left_out)
{
    struct test_frames in = fill("gray", 8),
                       out = results(NOISY, ":noise=40:enable=eq(n\\,1)", &in);
    for (int f = 0; f < 3; f++)
        ck_assert_int_eq(test_get(&out, f, 0, 3, 3),
                         wr_min(test_get(&in, f, 0, 3, 3) + 10 * (f == 1), 255));
    test_frames_free(&out);
    test_frames_free(&in);
}
END_TEST

START_TEST(what_does_not_fit_is_refused)
{
    static const struct {
        const char *model, *options, *layout, *words;
    } cases[] = {
        {TWICE, ":noise=3", "gray", "noise=3: the model has no channel for noise"},
        {TWICE, ":enable=eq(n\\,1)", "gray", "not possible where the size or layout"},
        {NOISY, ":noise=-0.5", "gray", "noise=-0.5: allowed are 0 to 255, and -1"},
        {TURNED, "", "gray",
         "the model takes colours, but the picture is gray; colorspace=rgb shows it as RGB"},
        {"input x 1 5 0 0\nRelu r x -> y\noutput y", "", "gbrp", "the model takes 5 channels"},
        {"input x 1 2000 0 0\nRelu r x -> y\noutput y", ":precision=int", "gbrp",
         "the model takes 2000 channels"},
        {"input x 1 1 12 20\n" CUT, "", "gray",
         "only pictures of 20x12, not of 22x14: the picture, and 1 on each side"},
        {"input x 1 3 0 0\nfloat w 1x3x1x1\nConv c x,w -> y\noutput y", "", "gbrp",
         "the model takes 3 channels and makes 1; for a picture it would have to make 3"},
        {"input x 1 1 0 0\nfloat w 1x1x2x1 1 1\nConv c x,w -> y\noutput y", "", "gray",
         "the model makes 20x11 of 20x12"},
        {"input x 1 1 0 0\nfloat a 2x1x1x1 1.0 1.0e6\nConv c x,a -> s\nfloat b 1x2x1x1 1.0 0.0\n"
         "Conv d s,b -> y\noutput y",
         ":precision=int", "gray", "precision=int: on a test pattern the model's result is at "},
        {"input x 1 1 0 0\nfloat a 1x1x1x1 1.0e20\nConv c x,a -> s\nfloat b 1x1x1x1 1.0e-20\n"
         "Conv d s,b -> y\noutput y",
         ":precision=int", "gray", "precision=int: values of the model become too large"},
        {"input x 1 1 0 0\nfloat a 2000x1x1x1\nConv c x,a -> s\nfloat b 1x2000x1x1\n"
         "Conv d s,b -> y\noutput y",
         "", "gray", "makes 2000 channels, at most 1536"},
    };
    for (int n = 0; n < (int)(sizeof cases / sizeof *cases); n++) {
        struct test_frames in = fill(cases[n].layout, 8), out;
        struct wr_error error = {0};
        ck_assert_msg(!run(cases[n].model, cases[n].options, &in, &out, &error), "%s is taken",
                      cases[n].model);
        ck_assert_int_eq(error.status, WR_USAGE);
        ck_assert_msg(strstr(error.text, cases[n].words), "%s", error.text);
        test_frames_free(&in);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dnn");
    TCase *tests = tcase_create("dnn_processing");
    tcase_set_timeout(tests, 300);
    tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, luma_is_the_models_and_the_rest_is_scaled);
    tcase_add_test(tests, colours_are_red_green_blue);
    tcase_add_test(tests, each_colour_goes_through_a_model_of_one_channel);
    tcase_add_test(tests, gray_is_shown_as_colours);
    tcase_add_test(tests, noise_is_a_channel);
    tcase_add_test(tests, a_margin_is_made_up_for);
    tcase_add_test(tests, integers_are_near_floats);
    tcase_add_test(tests, tiny_weights_count_as_nothing);
    tcase_add_test(tests, frames_may_be_left_out);
    tcase_add_test(tests, what_does_not_fit_is_refused);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
