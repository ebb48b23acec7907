// SPDX-License-Identifier: MIT
// Largest difference, PSNR and SSIM of two pictures, plane by plane.
#include "lib/run/expect/expect_measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t *row_of(const AVFrame *frame, int plane, int y)
{
    return frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane];
}

static int sample_of(const uint8_t *row, int bytes, int x)
{
    return bytes == 1 ? row[x] : ((const uint16_t *)(const void *)row)[x];
}

int wr_frame_sample(const AVFrame *frame, const struct wr_format *format, int plane, int x, int y)
{
    return sample_of(row_of(frame, plane, y), wr_format_bytes(format), x);
}

bool wr_frames_are_same(const AVFrame *a, const AVFrame *b, const struct wr_format *format)
{
    for (int p = 0; p < wr_format_planes(format); p++) {
        const size_t bytes = (size_t)wr_format_width(format, p) * (size_t)wr_format_bytes(format);
        for (int y = 0; y < wr_format_height(format, p); y++)
            if (memcmp(row_of(a, p, y), row_of(b, p, y), bytes))
                return false;
    }
    return true;
}

// ---- largest difference and PSNR

static void measure_plane(const AVFrame *a, const AVFrame *b, const struct wr_format *format, int p,
                          struct wr_difference *d)
{
    const int width = wr_format_width(format, p), height = wr_format_height(format, p);
    const int bytes = wr_format_bytes(format);
    double squares = 0;
    for (int y = 0; y < height; y++) {
        const uint8_t *one = row_of(a, p, y), *other = row_of(b, p, y);
        int64_t of_row = 0;
        for (int x = 0; x < width; x++) {
            const int difference = abs(sample_of(one, bytes, x) - sample_of(other, bytes, x));
            of_row += (int64_t)difference * difference;
            if (difference > d->largest) {
                d->largest = difference;
                d->plane = p, d->x = x, d->y = y;
            }
        }
        squares += (double)of_row;
    }
    const double peak = (1 << format->depth) - 1;
    const double samples = (double)width * height;
    d->psnr[p] = squares > 0 ? 10 * log10(peak * peak * samples / squares) : INFINITY;
}

// ---- SSIM, in windows of 8 by 8 that overlap by half

// Sums over a block of 4 by 4: of both, of their squares together, of their product.
struct sums {
    int64_t a, b, squares, product;
};

static struct sums sum_block(const AVFrame *a, const AVFrame *b, int bytes, int p, int x, int y)
{
    struct sums s = {0};
    for (int row = y; row < y + 4; row++)
        for (int column = x; column < x + 4; column++) {
            const int64_t one = sample_of(row_of(a, p, row), bytes, column);
            const int64_t other = sample_of(row_of(b, p, row), bytes, column);
            s.a += one;
            s.b += other;
            s.squares += one * one + other * other;
            s.product += one * other;
        }
    return s;
}

static double similarity(const struct sums *upper, const struct sums *lower, double peak)
{
    const double a = (double)(upper[0].a + upper[1].a + lower[0].a + lower[1].a);
    const double b = (double)(upper[0].b + upper[1].b + lower[0].b + lower[1].b);
    const double squares =
        (double)(upper[0].squares + upper[1].squares + lower[0].squares + lower[1].squares);
    const double product =
        (double)(upper[0].product + upper[1].product + lower[0].product + lower[1].product);
    const double c1 = floor(.01 * .01 * peak * peak * 64 + .5);
    const double c2 = floor(.03 * .03 * peak * peak * 64 * 63 + .5);
    const double variances = squares * 64 - a * a - b * b;
    const double covariance = product * 64 - a * b;
    return (2 * a * b + c1) * (2 * covariance + c2) / ((a * a + b * b + c1) * (variances + c2));
}

static bool measure_ssim(const AVFrame *a, const AVFrame *b, const struct wr_format *format, int p,
                         double *ssim)
{
    const int columns = wr_format_width(format, p) / 4, rows = wr_format_height(format, p) / 4;
    const int bytes = wr_format_bytes(format);
    *ssim = NAN;
    if (columns < 2 || rows < 2)
        return true;
    struct sums *sums = calloc(2 * (size_t)columns, sizeof *sums);
    if (!sums)
        return false;
    struct sums *upper = sums, *lower = sums + columns;
    double total = 0;
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++)
            lower[column] = sum_block(a, b, bytes, p, 4 * column, 4 * row);
        for (int column = 0; row && column + 1 < columns; column++)
            total += similarity(upper + column, lower + column, (1 << format->depth) - 1);
        struct sums *above = upper;
        upper = lower;
        lower = above;
    }
    free(sums);
    *ssim = total / ((double)(columns - 1) * (rows - 1));
    return true;
}

bool wr_frames_measure(const AVFrame *a, const AVFrame *b, const struct wr_format *format,
                       struct wr_difference *difference)
{
    bool is_whole = true;
    *difference = (struct wr_difference){0};
    for (int p = 0; p < wr_format_planes(format) && is_whole; p++) {
        measure_plane(a, b, format, p, difference);
        is_whole = measure_ssim(a, b, format, p, &difference->ssim[p]);
    }
    return is_whole;
}
