// SPDX-License-Identifier: MIT
// Bands cannot be seen: tall pictures come out the same in many bands as in one, for every filter
// and for values from all over its parameters' ranges.
//
// How far a filter reaches decides where bands are cut (see lib/engine/cpu/bands.h), so the
// extremes of a range, which test_registry.c walks, tell little about the values between them. In
// builds with a sanitizer, reading a row that a band does not hold ends the test, even if the row
// does not count.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/filters/registry.h"
#include "tests/support.h"
#include "kernels/filters/registry.h"

enum { WIDTH = 48, HEIGHT = 389, MOST_THREADS = 3, VALUES = 8 };

static int runs, refused;

static void run_in_bands(const char *chain, const struct test_frames *in,
                         const struct test_frames *expected, int threads)
{
    const struct wr_executor_options bands = {.batch = 1, .threads = threads, .band_rows = 1};
    struct test_frames out;
    struct wr_memory memory;
    struct wr_error error;
    ck_assert_msg(test_run_with(chain, in, "cpu", &bands, &out, &memory, &error), "%s: %s", chain,
                  error.text);
    ck_assert_msg(test_frames_equal(&out, expected),
                  "%s: %d threads' bands can be seen (%d bits, model %d, chroma %d%d, alpha %d)",
                  chain, threads, in->format.depth, in->format.model, in->format.log2_chroma_w,
                  in->format.log2_chroma_h, in->format.alpha);
    test_frames_free(&out);
    runs++;
}

// With one frame at a time, each thread has two bands.
static void check_chain(const char *chain, const struct wr_format *format, int least_threads,
                        int most_threads)
{
    const struct wr_executor_options whole = {.batch = 1, .threads = 1, .band_rows = HEIGHT * 8};
    struct test_frames in = test_frames_new(format, 1), expected;
    struct wr_memory memory;
    struct wr_error error;
    test_frames_fill(&in, 5);
    if (test_run_with(chain, &in, "cpu", &whole, &expected, &memory, &error)) {
        for (int threads = least_threads; threads <= most_threads; threads++)
            run_in_bands(chain, &in, &expected, threads);
        test_frames_free(&expected);
    } else {
        // Not every whole number suits an expression; anything else is the walk's mistake.
        ck_assert_msg(error.status == WR_USAGE, "%s: %s", chain, error.text);
        refused++;
    }
    test_frames_free(&in);
}

START_TEST(boxblur_of_any_radius)
{
    for (int radius = 1; radius <= WIDTH / 2; radius++) {
        const struct wr_format format = test_format("gbrp", radius % 2 ? 8 : 16, WIDTH, HEIGHT);
        char chain[64];
        snprintf(chain, sizeof chain, "boxblur=%d:1", radius);
        check_chain(chain, &format, 1, MOST_THREADS);
        snprintf(chain, sizeof chain, "hflip,vflip,boxblur=%d:2", radius);
        check_chain(chain, &format, 1, MOST_THREADS);
    }
    ck_assert_int_eq(refused, 0);
}
END_TEST

// Every time with another prefix, layout, depth and number of bands. What is read through hflip is
// memory of a band.
static void visit(const char *chain)
{
    static const char *const before[] = {"hflip,", "hflip,vflip,"};
    static const int depths[] = {8, 10, 16};
    static int turn;
    char longer[600];
    int layouts = 0;
    while (test_layouts[layouts])
        layouts++;
    const struct wr_format format =
        test_format(test_layouts[turn % layouts], depths[turn / layouts % 3], WIDTH, HEIGHT);
    const int threads = 1 + turn / 2 % MOST_THREADS;
    snprintf(longer, sizeof longer, "%s%s", before[turn++ % 2], chain);
    check_chain(longer, &format, threads, threads);
}

// The largest value that the walk comes to. Larger ones would take it minutes: a power is a number
// of passes, and the time for a window goes by its area.
static double largest_value(const struct wr_filter *filter, const struct wr_parameter *row)
{
    if (row->kind == WR_EXPRESSION)
        return WIDTH / 4;
    if (strstr(row->name, "_power") || (!strcmp(filter->name, "nlmeans") && strcmp(row->name, "s")))
        return 8;
    return !strcmp(row->name, "sigmaS") ? 12 : row->max;
}

// One value from each of VALUES equal parts of the range; of expressions, which have none, whole
// numbers from 0 on.
static void visit_range(const struct wr_filter *filter, const struct wr_parameter *row,
                        unsigned *state)
{
    const bool is_whole = row->kind != WR_NUMBER;
    const double largest = largest_value(filter, row);
    for (int n = 0; n < VALUES; n++) {
        *state = *state * 1664525u + 1013904223u;
        const double share = (n + (*state >> 8) / (double)(1 << 24)) / VALUES;
        const double value = row->min + share * (largest - row->min);
        char chain[512];
        snprintf(chain, sizeof chain, is_whole ? "%s%s=%.0f" : "%s%s=%.17g",
                 test_chain_start(filter), row->name, value);
        visit(chain);
    }
}

// How far these read, or which rows, no single number says.
static const char *const others[] = {
    "scale=iw:ih*1.7",
    "scale=iw:ih/3:flags=area",
    "scale=iw:ih*0.61:flags=lanczos",
    "scale=iw*2:ih*0.9:flags=bilinear",
    "deband=range=9",
    "crop=iw:ih/2:0:n*5,unsharp=3:23:1:3:5:1",
    "transpose,boxblur=9:1",
    "transpose=clock,gblur=2.9",
    "rotate=0.1,median=2",
    "pad=iw:ih+40:0:20,boxblur=5:1",
};

START_TEST(every_filter_with_values_from_all_over)
{
    unsigned state = 1;
    for (int n = 0; n < (int)(sizeof others / sizeof others[0]); n++)
        visit(others[n]);
    for (int f = 0; f < wr_filter_total; f++) {
        const struct wr_filter *filter = wr_filters[f];
        visit(filter->example);
        for (int n = 0; n < filter->parameter_count; n++) {
            const struct wr_parameter *row = &filter->parameters[n];
            const bool has_range = row->kind == WR_INTEGER || row->kind == WR_NUMBER;
            if (row->kind == WR_EXPRESSION || (has_range && row->min < row->max))
                visit_range(filter, row, &state);
        }
    }
    ck_assert_int_gt(runs, 5 * refused);
    printf("bands: %d runs compared with one band, %d refused\n", runs, refused);
}
END_TEST

// Examples name files there.
static void enter_samples(void)
{
    test_enter_samples();
}

int main(void)
{
    Suite *suite = suite_create("bands");
    TCase *tests = tcase_create("tall pictures");
    tcase_add_checked_fixture(tests, enter_samples, NULL);
    tcase_set_timeout(tests, 0);
    tcase_add_test(tests, boxblur_of_any_radius);
    tcase_add_test(tests, every_filter_with_values_from_all_over);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
