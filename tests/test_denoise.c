// SPDX-License-Identifier: MIT
// nlmeans and bilateral against references written on their own: straight from the definition, in
// double precision.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support.h"

static int clamp(int k, int size)
{
    return k < 0 ? 0 : k >= size ? size - 1 : k;
}

// What a reference sees: one plane, its edge repeated, in units of 8-bit samples.
struct plane {
    int width, height;
    double *values;
};

static double value(const struct plane *plane, int x, int y)
{
    return plane->values[clamp(y, plane->height) * plane->width + clamp(x, plane->width)];
}

static struct plane read_plane(const struct test_frames *frames, int p)
{
    struct plane plane = {wr_format_width(&frames->format, p), wr_format_height(&frames->format, p),
                          NULL};
    plane.values = malloc(sizeof(double) * (size_t)(plane.width * plane.height));
    for (int y = 0; y < plane.height; y++)
        for (int x = 0; x < plane.width; x++)
            plane.values[y * plane.width + x] =
                test_get(frames, 0, p, x, y) * 255.0 / ((1 << frames->format.depth) - 1);
    return plane;
}

// Parameters of a case; those that a filter does not have are 0.
struct denoise {
    const char *chain;
    double strength;     // nlmeans
    int patch, research; // samples to each side
    double sigma_s, sigma_r;
    int radius;
};

static double nlmeans(const struct denoise *c, const struct plane *plane, int x, int y)
{
    double sum = value(plane, x, y), total = 1;
    for (int oy = y - c->research; oy <= y + c->research; oy++)
        for (int ox = x - c->research; ox <= x + c->research; ox++) {
            if ((ox == x && oy == y) || ox < 0 || oy < 0 || ox >= plane->width ||
                oy >= plane->height)
                continue;
            double distance = 0;
            for (int v = -c->patch; v <= c->patch; v++)
                for (int u = -c->patch; u <= c->patch; u++)
                    distance += pow(value(plane, x + u, y + v) - value(plane, ox + u, oy + v), 2);
            const double weight = exp(-distance / pow(10 * c->strength, 2));
            if (weight > 1.0 / 255) {
                sum += weight * value(plane, ox, oy);
                total += weight;
            }
        }
    return sum / total;
}

static double bilateral(const struct denoise *c, const struct plane *plane, int x, int y)
{
    double sum = 0, total = 0;
    for (int v = -c->radius; v <= c->radius; v++)
        for (int u = -c->radius; u <= c->radius; u++) {
            if (u * u + v * v > c->radius * c->radius)
                continue;
            const double far = value(plane, x + u, y + v) - value(plane, x, y);
            const double weight = exp(-(u * u + v * v) / (2 * c->sigma_s * c->sigma_s)) *
                                  exp(-far * far / (2 * pow(255 * c->sigma_r, 2)));
            sum += weight * value(plane, x + u, y + v);
            total += weight;
        }
    return sum / total;
}

// Noise of some strength over slopes and edges.
static void fill(struct test_frames *frames, double strength)
{
    const double unit = ((1 << frames->format.depth) - 1) / 255.0;
    srand(5);
    for (int p = 0; p < wr_format_planes(&frames->format); p++)
        for (int y = 0; y < wr_format_height(&frames->format, p); y++)
            for (int x = 0; x < wr_format_width(&frames->format, p); x++) {
                const double clean = 60 + 0.4 * x + 0.7 * y + ((x / 11 + y / 13) % 2 ? 50 : 0);
                const double noise = strength * (2.0 * rand() / RAND_MAX - 1);
                const double wanted = fmin(fmax((clean + noise) * unit, 0), 255 * unit);
                test_put(frames, 0, p, x, y, (int)wanted);
            }
}

static const struct denoise cases[] = {
    {"nlmeans=s=3:p=5:r=9", 3, 2, 4, 0, 0, 0},
    {"nlmeans=s=1:p=1:r=5", 1, 0, 2, 0, 0, 0},
    {"nlmeans=s=12:p=11:r=7", 12, 5, 3, 0, 0, 0},
    {"nlmeans=s=30:p=3:r=21", 30, 1, 10, 0, 0, 0},
    {"nlmeans=s=8:p=6:r=6", 8, 3, 3, 0, 0, 0}, // even sizes are one more
    {"nlmeans=s=5.5:p=9:r=5", 5.5, 4, 2, 0, 0, 0},
    {"bilateral=2:0.1:15:window", 0, 0, 0, 2, 0.1, 6},
    {"bilateral=4.5:0.03:15:window", 0, 0, 0, 4.5, 0.03, 14},
    {"bilateral=0.4:1:15:window", 0, 0, 0, 0.4, 1, 2},
    {"bilateral=24:0.2:15:window", 0, 0, 0, 24, 0.2, 72},
};

static double check(const struct denoise *c, const struct wr_format *format)
{
    struct test_frames in = test_frames_new(format, 1), out;
    fill(&in, 14);
    struct wr_error error;
    ck_assert_msg(test_run(c->chain, &in, "cpu", 1, &out, &error), "%s", error.text);
    double squares = 0, count = 0;
    for (int p = 0; p < wr_format_planes(format); p++) {
        struct plane before = read_plane(&in, p), after = read_plane(&out, p);
        for (int y = 0; y < before.height; y++)
            for (int x = 0; x < before.width; x++) {
                const double exact =
                    c->strength > 0 ? nlmeans(c, &before, x, y) : bilateral(c, &before, x, y);
                squares += pow(value(&after, x, y) - exact, 2);
                count++;
            }
        free(before.values);
        free(after.values);
    }
    test_frames_free(&in);
    test_frames_free(&out);
    return squares == 0 ? INFINITY : 10 * log10(255 * 255 * count / squares);
}

START_TEST(agrees_with_double_precision)
{
    static const struct {
        const char *layout;
        int depth, width, height;
        double decibels;
    } formats[] = {{"gray", 8, 61, 37, 55},     {"yuv420p", 8, 40, 30, 55},
                   {"yuv422p", 10, 37, 29, 65}, {"gbrp", 12, 21, 33, 75},
                   {"gray", 16, 61, 37, 85},    {"gray", 10, 530, 21, 65}};
    const struct denoise *c = &cases[_i];
    for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++) {
        const struct wr_format format =
            test_format(formats[f].layout, formats[f].depth, formats[f].width, formats[f].height);
        const double decibels = check(c, &format);
        ck_assert_msg(decibels >= formats[f].decibels, "%s on %s %d bits: %.1f dB", c->chain,
                      formats[f].layout, formats[f].depth, decibels);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("denoise");
    TCase *tests = tcase_create("reference");
    tcase_set_timeout(tests, 0);
    tcase_add_loop_test(tests, agrees_with_double_precision, 0, sizeof cases / sizeof cases[0]);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
