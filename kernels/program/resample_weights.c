// SPDX-License-Identifier: MIT
// The classic kernels, all but one widened by the ratio when a picture shrinks, so that nothing
// aliases.
#include "kernels/program/resample_weights.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

double wr_resample_support(enum wr_resampler method)
{
    static const double supports[] = {
        [WR_NEIGHBOR] = 0.5, [WR_AREA] = 0.5,   [WR_BILINEAR] = 1,     [WR_BICUBIC] = 2,
        [WR_LANCZOS] = 3,    [WR_GAUSSIAN] = 4, [WR_FAST_BILINEAR] = 1};
    return supports[method];
}

// Mitchell and Netravali 1988 with B = 0, C = 0.6: the bicubic FFmpeg users know.
static double bicubic(double x)
{
    const double c = 0.6;
    return x < 1   ? (2 - c) * x * x * x - (3 - c) * x * x + 1
           : x < 2 ? c * (-x * x * x + 5 * x * x - 8 * x + 4)
                   : 0;
}

static double lanczos(double x)
{
    if (x == 0)
        return 1;
    return x < 3 ? 3 * sin(pi * x) * sin(pi * x / 3) / (pi * pi * x * x) : 0;
}

static double kernel(enum wr_resampler method, double distance)
{
    const double x = fabs(distance);
    switch (method) {
    case WR_BILINEAR:
    case WR_FAST_BILINEAR:
        return x < 1 ? 1 - x : 0;
    case WR_BICUBIC:
        return bicubic(x);
    case WR_GAUSSIAN:
        return exp(-0.5 * x * x);
    default:
        return lanczos(x);
    }
}

// How much of sample k lies in the output sample, which covers [centre - half, centre + half].
static double overlap(double centre, double half, int k)
{
    const double left = fmax(centre - half, k - 0.5), right = fmin(centre + half, k + 0.5);
    return fmax(right - left, 0);
}

// How much wider a kernel becomes where a picture shrinks by this ratio.
static double widening(enum wr_resampler method, double ratio)
{
    return method == WR_FAST_BILINEAR ? 1 : fmax(ratio, 1);
}

// Samples nearer than this to the centre may count: for area, those that overlap.
static double reach(enum wr_resampler method, double ratio)
{
    return wr_resample_support(method) * widening(method, ratio) + (method == WR_AREA ? 0.5 : 0);
}

// A kernel that is wider than the whole line is cut to it, as FFmpeg's scaler does: repeated edges
// would outweigh what is between them. It leaves one sample free at both ends. Areas and blurs have
// no kernels of that kind.
static double half_window(enum wr_resampler method, double ratio, int size)
{
    const double half = reach(method, ratio), most = (size - 1) / 2.0;
    const int is_cut = method != WR_AREA && method != WR_GAUSSIAN && 2 * half > size && most > 1;
    return is_cut ? most : half;
}

int wr_resample_taps(enum wr_resampler method, double ratio)
{
    return method == WR_NEIGHBOR ? 1 : (int)ceil(2 * reach(method, ratio));
}

static int clamp_to(int k, int size)
{
    return k < 0 ? 0 : k >= size ? size - 1 : k;
}

int wr_resample_weights(enum wr_resampler method, double centre, double ratio, int size, int *first,
                        double *weights)
{
    if (method == WR_NEIGHBOR) {
        *first = clamp_to((int)floor(centre + 0.5), size);
        weights[0] = 1;
        return 1;
    }
    const double half = half_window(method, ratio, size);
    const int low = (int)floor(centre - half) + 1, high = (int)ceil(centre + half) - 1;
    *first = clamp_to(low, size);
    const int taps = clamp_to(high, size) - *first + 1;
    for (int k = 0; k < taps; k++)
        weights[k] = 0;
    double sum = 0;
    for (int k = low; k <= high; k++) {
        const double weight = method == WR_AREA
                                  ? overlap(centre, ratio / 2, k)
                                  : kernel(method, (k - centre) / widening(method, ratio));
        weights[clamp_to(k, size) - *first] += weight;
        sum += weight;
    }
    for (int k = 0; k < taps; k++)
        weights[k] /= sum;
    return taps;
}
