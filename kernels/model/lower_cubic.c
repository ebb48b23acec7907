// SPDX-License-Identifier: MIT
// Bicubic interpolation by a ratio P/Q as layers that there are: squares of Q x Q pixels become
// channels, a convolution makes P x P pixels of each and of those around it, and these become a
// picture again.
#include <math.h>

#include "kernels/model/lower.h"

enum { MOST_CHANNELS = 16, MOST_PARTS = 8 };

struct ratio {
    int p, q;
    int radius; // how many squares on each side are read
    double a;   // the cubic's parameter
};

// How much the sample at a distance counts.
static double weight_at(double a, double distance)
{
    const double x = fabs(distance);
    if (x < 1)
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

// How much sample `from`, counted from the beginning of a square, counts for result `to` in it.
static double tap(const struct ratio *by, int to, int from)
{
    return weight_at(by->a, (to + 0.5) * by->q / by->p - 0.5 - from);
}

// Weights [out][y][x][in], where channels of either side are [channel][row in square][column].
static void fill(float *weights, const struct ratio *by, int channels)
{
    const int p = by->p, q = by->q, size = 2 * by->radius + 1;
    for (int out = 0; out < channels * p * p; out++)
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++)
                for (int in = 0; in < channels * q * q; in++, weights++) {
                    const int row = (y - by->radius) * q + in / q % q;
                    const int column = (x - by->radius) * q + in % q;
                    if (in / (q * q) == out / (p * p))
                        *weights = (float)(tap(by, out / p % p, row) * tap(by, out % p, column));
                }
}

static enum wr_status rearrange(struct wr_resolver *r, enum wr_layer_kind kind, int factor)
{
    const struct wr_tensor in = r->tensors[r->network->count];
    const int f = factor;
    const struct wr_tensor out =
        kind == WR_LAYER_DEPTH_TO_SPACE
            ? (struct wr_tensor){in.channels / (f * f), in.width * f, in.height * f}
            : (struct wr_tensor){in.channels * f * f, in.width / f, in.height / f};
    struct wr_layer *const layer = f > 1 ? wr_resolver_add(r, kind, 1, out, 0) : NULL;
    if (!layer)
        return f > 1 ? r->error->status : WR_OK;
    layer->in[0] = r->network->count - 1;
    layer->factor = f;
    return WR_OK;
}

static enum wr_status pad(struct wr_resolver *r, int tensor, int pixels)
{
    struct wr_tensor out = r->tensors[tensor];
    out.width += 2 * pixels;
    out.height += 2 * pixels;
    struct wr_layer *const layer = wr_resolver_add(r, WR_LAYER_PAD, 1, out, 0);
    if (!layer)
        return r->error->status;
    layer->in[0] = tensor;
    layer->left = layer->top = pixels;
    layer->edge = WR_EDGE_NEAREST;
    return WR_OK;
}

static enum wr_status convolve(struct wr_resolver *r, const struct ratio *by, int channels)
{
    const struct wr_tensor in = r->tensors[r->network->count];
    const int size = 2 * by->radius + 1;
    const struct wr_tensor out = {channels * by->p * by->p, in.width - size + 1,
                                  in.height - size + 1};
    struct wr_layer *const layer = wr_resolver_add(r, WR_LAYER_CONV, 1, out, 0);
    if (!layer)
        return r->error->status;
    layer->in[0] = r->network->count - 1;
    layer->kernel_width = layer->kernel_height = size;
    layer->stride = 1;
    layer->weights = wr_resolver_weights(r, (size_t)out.channels * (size_t)in.channels *
                                                (size_t)size * (size_t)size);
    layer->bias = layer->weights ? wr_resolver_weights(r, (size_t)out.channels) : NULL;
    if (!layer->bias)
        return r->error->status;
    fill(layer->weights, by, channels);
    return WR_OK;
}

// Finds P and Q of a factor.
static bool find_ratio(double factor, struct ratio *by)
{
    for (by->q = 1; by->q <= MOST_PARTS; by->q++) {
        const double p = factor * by->q;
        if (p >= 1 && p <= MOST_PARTS && fabs(p - nearbyint(p)) < 1e-4) {
            by->p = (int)nearbyint(p);
            by->radius = (2 + by->q - 1) / by->q;
            return true;
        }
    }
    return false;
}

enum wr_status wr_lower_cubic(struct wr_resolver *r, int tensor, double factor)
{
    const struct wr_tensor in = r->tensors[tensor];
    struct ratio by = {.a = wr_node_number(r->node, "cubic_coeff_a", -0.75)};
    if (!isfinite(by.a) || !find_ratio(factor, &by))
        return wr_resolver_refuse(r, "bicubic is supported by ratios of numbers up to %d",
                                  MOST_PARTS);
    if (in.channels > MOST_CHANNELS)
        return wr_resolver_refuse(r, "bicubic is supported up to %d channels, not for %d",
                                  MOST_CHANNELS, in.channels);
    if (in.width % by.q || in.height % by.q)
        return wr_resolver_refuse(r, "pictures of %dx%d cannot be cut into squares of %dx%d",
                                  in.width, in.height, by.q, by.q);
    enum wr_status status = pad(r, tensor, by.radius * by.q);
    if (!status)
        status = rearrange(r, WR_LAYER_SPACE_TO_DEPTH, by.q);
    if (!status)
        status = convolve(r, &by, in.channels);
    return status ? status : rearrange(r, WR_LAYER_DEPTH_TO_SPACE, by.p);
}
