// SPDX-License-Identifier: MIT
// Walks the registry: every filter, with every parameter at its extremes, on every layout and
// depth, at awkward sizes and batch sizes, gives the same bits on every CPU level and on CUDA.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "kernels/filters/registry.h"

static const int depths[] = {8, 10, 16};
static const int batches[] = {1, 5, 16, 17};
static const int sizes[][2] = {{1, 1}, {2, 3}, {33, 9}, {37, 31}};

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

// What a chain gives is compared on these devices with the baseline CPU, frame by frame.
static const char *devices[TEST_DEVICES];
static int device_count;
static int runs, refused;

static void compare(const char *chain, const struct test_frames *in, const char *device, int batch,
                    const struct test_frames *expected)
{
    struct test_frames out;
    struct wr_error error;
    ck_assert_msg(test_run(chain, in, device, batch, &out, &error), "%s", error.text);
    ck_assert_msg(test_frames_equal(&out, expected),
                  "%s: %s with batch %d differs from the baseline CPU, frame by frame "
                  "(%dx%d, %d bits, model %d, chroma %d%d, alpha %d)",
                  chain, device, batch, in->format.width, in->format.height, in->format.depth,
                  in->format.model, in->format.log2_chroma_w, in->format.log2_chroma_h,
                  in->format.alpha);
    test_frames_free(&out);
    runs++;
}

static void check_chain(const char *chain, const struct wr_format *format, int frames)
{
    struct test_frames in = test_frames_new(format, frames), expected;
    struct wr_error error;
    test_frames_fill(&in, (unsigned)(format->width * 131 + format->depth));
    if (test_run(chain, &in, "cpu:baseline", 1, &expected, &error)) {
        for (int d = 0; d < device_count; d++)
            compare(chain, &in, devices[d], batches[runs % COUNT(batches)], &expected);
        test_frames_free(&expected);
    } else {
        // A size may be too small for a parameter; anything else is the walk's mistake.
        ck_assert_msg(error.status == WR_USAGE, "%s: %s", chain, error.text);
        refused++;
    }
    test_frames_free(&in);
}

// Defaults run at every size; for the extremes of single parameters the sizes take turns.
// Windows as large as parameters allow take a stand-in for a device minutes on larger pictures.
static bool is_costly(const char *chain)
{
    return test_stride() > 1 && strchr(chain, '=');
}

static void visit_small(const char *chain, void *context)
{
    (void)context;
    static int turn;
    const bool is_default = !strchr(chain, '=');
    for (int d = 0; d < COUNT(depths); d++)
        for (int l = 0; test_layouts[l]; l++)
            for (int s = 0; s < (is_default ? COUNT(sizes) : 1); s++) {
                const int *size = sizes[turn++ % (is_costly(chain) ? 2 : COUNT(sizes))];
                const struct wr_format format =
                    test_format(test_layouts[l], depths[d], size[0], size[1]);
                check_chain(chain, &format, 3);
            }
}

START_TEST(every_filter_gives_equal_bits)
{
    test_each_chain(visit_small, NULL);
    // Where only small sizes take turns, more of them are too small for a parameter.
    ck_assert_int_gt(runs, (test_stride() > 1 ? 5 : 10) * refused);
    printf("registry walk: %d runs compared with the baseline CPU on", runs);
    for (int d = 0; d < device_count; d++)
        printf(" %s", devices[d]);
    printf("; %d refused\n", refused);
}
END_TEST

static void visit_every_batch(const char *chain, void *context)
{
    (void)context;
    const bool costly = is_costly(chain);
    const struct wr_format format = test_format("yuv420p", 10, costly ? 4 : 29, costly ? 3 : 23);
    struct test_frames in = test_frames_new(&format, 19), expected;
    struct wr_error error;
    test_frames_fill(&in, 7);
    if (test_run(chain, &in, "cpu:baseline", 1, &expected, &error)) {
        for (int b = 0; b < COUNT(batches); b++) {
            compare(chain, &in, "cpu", batches[b], &expected);
            for (int d = 0; d < device_count; d++)
                compare(chain, &in, devices[d], batches[b], &expected);
        }
        test_frames_free(&expected);
    }
    test_frames_free(&in);
}

START_TEST(the_batch_size_cannot_be_seen)
{
    test_each_chain(visit_every_batch, NULL);
}
END_TEST

static void flip(struct test_frames *frames)
{
    for (int f = 0; f < frames->count; f++)
        for (int p = 0; p < wr_format_planes(&frames->format); p++)
            for (int y = 0, last = wr_format_height(&frames->format, p) - 1; 2 * y < last; y++)
                for (int x = 0; x < wr_format_width(&frames->format, p); x++) {
                    const int above = test_get(frames, f, p, x, y);
                    test_put(frames, f, p, x, y, test_get(frames, f, p, x, last - y));
                    test_put(frames, f, p, x, last - y, above);
                }
}

static void visit_flipped(const char *chain, void *context)
{
    (void)context;
    static int turn;
    const int *size = sizes[is_costly(chain) ? 1 : COUNT(sizes) - 1];
    const int depth = depths[turn % COUNT(depths)];
    int layouts = 0;
    while (test_layouts[layouts])
        layouts++;
    const struct wr_format format =
        test_format(test_layouts[turn++ % layouts], depth, size[0], size[1]);
    struct test_frames in = test_frames_new(&format, 3), expected;
    struct wr_error error;
    char flipped[600];
    snprintf(flipped, sizeof flipped, "%s,vflip", chain);
    test_frames_fill(&in, 11);
    if (test_run(chain, &in, "cpu:baseline", 1, &expected, &error)) {
        flip(&expected);
        for (int d = 0; d < device_count; d++)
            compare(flipped, &in, devices[d], batches[runs % COUNT(batches)], &expected);
        test_frames_free(&expected);
    }
    test_frames_free(&in);
}

// Passes write from last row to first what is flipped behind them.
START_TEST(flipping_is_a_way_to_write)
{
    test_each_chain(visit_flipped, NULL);
    ck_assert_int_gt(runs, 0);
}
END_TEST

// In pictures of some size a window as large as nlmeans' example has takes a stand-in for a device
// minutes, too.
static const char *larger_chain(const struct wr_filter *filter)
{
    const bool shrinks = test_stride() > 1 && !strcmp(filter->name, "nlmeans");
    return shrinks ? "nlmeans=p=3:r=3" : filter->example;
}

// Full HD, and several of CUDA's blocks of threads that the picture fills only partly.
START_TEST(larger_pictures_give_equal_bits)
{
    for (int f = 0; f < wr_filter_total; f++)
        for (int d = 0; d < COUNT(depths); d++) {
            const struct wr_format hd = test_format("yuv420p", depths[d], 1920, 1080);
            const struct wr_format odd = test_format("yuv422p", depths[d], 133, 67);
            check_chain(larger_chain(wr_filters[f]), &odd, 2);
            if (test_stride() == 1 || d == f % COUNT(depths))
                check_chain(larger_chain(wr_filters[f]), &hd, 1);
        }
}
END_TEST

// Before each test, in the test's own process: a CUDA context does not survive a fork.
static void find_devices(void)
{
    test_enter_samples(); // examples name files there
    runs = refused = 0;
    device_count = test_find_devices(devices);
}

int main(void)
{
    Suite *suite = suite_create("registry");
    TCase *tests = tcase_create("walk");
    tcase_add_checked_fixture(tests, find_devices, NULL);
    tcase_set_timeout(tests, 0);
    tcase_add_test(tests, every_filter_gives_equal_bits);
    tcase_add_test(tests, the_batch_size_cannot_be_seen);
    tcase_add_test(tests, flipping_is_a_way_to_write);
    tcase_add_test(tests, larger_pictures_give_equal_bits);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
