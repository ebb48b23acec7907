// SPDX-License-Identifier: MIT
// gblur against a reference written on its own: direct two-dimensional sums in double precision.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support.h"

static int edge(int k, int size)
{
    return k < 0 ? 0 : k >= size ? size - 1 : k;
}

// Weights of samples -reach to reach, which add up to one.
static double *gaussian(double sigma, int reach)
{
    double *const weights = calloc((size_t)(2 * reach + 1), sizeof *weights), total = 0;
    ck_assert_ptr_nonnull(weights);
    for (int pass = 0; pass < 2; pass++)
        for (int k = -reach; k <= reach; k++)
            if (pass == 0)
                total += weights[k + reach] = sigma > 0 ? exp(-k * k / (2 * sigma * sigma)) : !k;
            else
                weights[k + reach] /= total;
    return weights;
}

// The plane blurred; the caller's to free. Rows first: the sum of a product is the product of sums.
static double *reference(const struct test_frames *in, int plane, double sigma_x, double sigma_y)
{
    const int w = wr_format_width(&in->format, plane), h = wr_format_height(&in->format, plane);
    const int reach_x = (int)(8 * sigma_x) + 1, reach_y = (int)(8 * sigma_y) + 1;
    double *const across = gaussian(sigma_x, reach_x), *const down = gaussian(sigma_y, reach_y);
    double *const rows = calloc((size_t)(w * h), sizeof *rows);
    double *const out = calloc((size_t)(w * h), sizeof *out);
    ck_assert(rows && out);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            for (int k = -reach_x; k <= reach_x; k++)
                rows[y * w + x] += across[k + reach_x] * test_get(in, 0, plane, edge(x + k, w), y);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            for (int k = -reach_y; k <= reach_y; k++)
                out[y * w + x] += down[k + reach_y] * rows[edge(y + k, h) * w + x];
    free(across);
    free(down);
    free(rows);
    return out;
}

static const struct {
    const char *chain;
    double sigma_x, sigma_y;
} blurs[] = {{"gblur", 0.5, 0.5},
             {"gblur=0.1", 0.1, 0.1},
             {"gblur=1:6:15:0", 1, 0},
             {"gblur=0:sigmaV=2", 0, 2},
             {"gblur=2.7:sigmaV=0.8", 2.7, 0.8},
             {"gblur=2.9", 2.9, 2.9},
             {"gblur=3", 3, 3},
             {"gblur=3.9", 3.9, 3.9},
             {"gblur=4", 4, 4},
             {"gblur=6.3:sigmaV=0", 6.3, 0},
             {"gblur=0:sigmaV=11", 0, 11},
             {"gblur=20", 20, 20},
             {"gblur=150:sigmaV=7", 150, 7},
             {"gblur=1024", 1024, 1024}};

START_TEST(agrees_with_double_precision)
{
    static const char *const layouts[] = {"gray", "yuv420p", "gbrap"};
    static const int depths[] = {8, 10, 16};
    for (int l = 0; l < 3; l++)
        for (int d = 0; d < 3; d++) {
            if (test_stride() > 1 && (l + d + _i) % 3)
                continue;
            const struct wr_format format = test_format(layouts[l], depths[d], 61, 43);
            struct test_frames in = test_frames_new(&format, 1), out;
            test_frames_fill(&in, 5);
            struct wr_error error;
            ck_assert_msg(test_run(blurs[_i].chain, &in, "cpu", 1, &out, &error), "%s", error.text);
            const double max = (1 << depths[d]) - 1;
            double squares = 0, count = 0;
            for (int p = 0; p < wr_format_planes(&format); p++) {
                const int w = wr_format_width(&format, p), h = wr_format_height(&format, p);
                double *const exact = reference(&in, p, blurs[_i].sigma_x, blurs[_i].sigma_y);
                for (int n = 0; n < w * h; n++) {
                    const double wrong = test_get(&out, 0, p, n % w, n / w) - exact[n];
                    squares += wrong * wrong;
                    count++;
                }
                free(exact);
            }
            // 8-bit rounding alone leaves 58.9 dB.
            const double decibels = 10 * log10(max * max * count / fmax(squares, 1e-9));
            ck_assert_msg(decibels >= (depths[d] == 8    ? 58
                                       : depths[d] == 10 ? 70
                                                         : 90),
                          "%s %s %d bits: %.1f dB", blurs[_i].chain, layouts[l], depths[d],
                          decibels);
            test_frames_free(&in);
            test_frames_free(&out);
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gblur");
    TCase *tests = tcase_create("gaussian");
    tcase_set_timeout(tests, 0);
    tcase_add_loop_test(tests, agrees_with_double_precision, 0, sizeof blurs / sizeof blurs[0]);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
