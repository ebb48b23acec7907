// SPDX-License-Identifier: MIT
// Networks against a reference written on its own: one value after the other, in the written order.
// Everything is compared as bytes, on every instruction-set level, and for any bands, batch and
// threads.
#include "tests/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/net/steps.h"
#include "kernels/net/net.h"
#include "lib/engine/cpu/bands.h"
#include "lib/engine/cpu/cpu_levels.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

enum { MOST_LAYERS = 8, MOST_TERMS = 4096 };

// Layers as far as they do not follow from the ones before; `in` counts from the input, 0.
struct layer {
    struct wr_layer layer;
    int in[5];
};

struct network {
    const char *name;
    int channels; // of the input: 1 or 3, and one more for a map of noise
    struct layer layers[MOST_LAYERS];
};

#define CONV(width, height, x, y, outputs, of, ...)                                                \
    {                                                                                              \
        {.kind = WR_LAYER_CONV,                                                                    \
         .kernel_width = width,                                                                    \
         .kernel_height = height,                                                                  \
         .left = x,                                                                                \
         .top = y,                                                                                 \
         .out = {.channels = outputs},                                                             \
         .inputs = 1,                                                                              \
         __VA_ARGS__},                                                                             \
        {                                                                                          \
            of                                                                                     \
        }                                                                                          \
    }
#define SAME(size, outputs, of, ...) CONV(size, size, size / 2, size / 2, outputs, of, __VA_ARGS__)
#define TRANSPOSE(size, step, cut, outputs, of, ...)                                               \
    {                                                                                              \
        {.kind = WR_LAYER_CONV_TRANSPOSE,                                                          \
         .kernel_width = size,                                                                     \
         .kernel_height = size,                                                                    \
         .left = cut,                                                                              \
         .top = cut,                                                                               \
         .stride = step,                                                                           \
         .out = {.channels = outputs},                                                             \
         .inputs = 1,                                                                              \
         __VA_ARGS__},                                                                             \
        {                                                                                          \
            of                                                                                     \
        }                                                                                          \
    }
#define TWO(what, a, b, ...)                                                                       \
    {                                                                                              \
        {.kind = what, .inputs = 2, __VA_ARGS__},                                                  \
        {                                                                                          \
            a, b                                                                                   \
        }                                                                                          \
    }
#define ONE(what, of, ...)                                                                         \
    {                                                                                              \
        {.kind = what, .inputs = 1, __VA_ARGS__},                                                  \
        {                                                                                          \
            of                                                                                     \
        }                                                                                          \
    }
#define RELU .activation = WR_ACTIVATION_RELU
#define PRELU .activation = WR_ACTIVATION_PRELU
#define SLICE_OF(channel, outputs, x, y) .first = channel, .left = x, .top = y, .out = {outputs}
#define MARGIN(x, y, how) .left = x, .top = y, .edge = how, .value = 0.25f

static const struct network networks[] = {
    {"one by one", 1, {SAME(1, 1, 0)}},
    {"eight", 1, {SAME(3, 8, 0, RELU), SAME(3, 8, 1, PRELU), SAME(3, 1, 2)}},
    {"many", 3, {SAME(3, 64, 0, PRELU), SAME(3, 48, 1, RELU), SAME(3, 32, 2), SAME(5, 3, 3)}},
    {"odd", 2, {SAME(3, 13, 0, RELU), SAME(1, 56, 1), SAME(3, 100, 2), SAME(1, 1, 3)}},
    {"three hundred", 1, {SAME(1, 300, 0), SAME(3, 1, 1)}},
    {"eight hundred", 1, {SAME(1, 800, 0, RELU), SAME(1, 1, 1)}},
    {"wide kernel", 4, {CONV(7, 2, 3, 1, 24, 0), CONV(1, 4, 0, 1, 3, 1)}},
    {"even kernel", 1, {CONV(2, 2, 0, 0, 16, 0), CONV(2, 2, 1, 1, 1, 1)}},
    {"spread", 1, {SAME(3, 8, 0), TRANSPOSE(2, 2, 0, 1, 1, RELU)}},
    {"spread with overlap", 3, {SAME(3, 12, 0), TRANSPOSE(9, 3, 4, 3, 1, PRELU)}},
    {"spread, then more", 1, {TRANSPOSE(4, 2, 1, 5, 0), SAME(3, 1, 1)}},
    {"depth", 3, {SAME(3, 12, 0), ONE(WR_LAYER_DEPTH_TO_SPACE, 1, .factor = 2)}},
    {"depth first",
     3,
     {SAME(3, 27, 0), ONE(WR_LAYER_DEPTH_TO_SPACE, 1, .factor = 3, .column_major = true, RELU)}},
    {"to depth and back",
     3,
     {ONE(WR_LAYER_SPACE_TO_DEPTH, 0, .factor = 2), SAME(3, 12, 1, RELU),
      ONE(WR_LAYER_DEPTH_TO_SPACE, 2, .factor = 2)}},
    {"to depth first",
     1,
     {ONE(WR_LAYER_SPACE_TO_DEPTH, 0, .factor = 2, .column_major = true), SAME(1, 4, 1),
      ONE(WR_LAYER_DEPTH_TO_SPACE, 2, .factor = 2)}},
    {"residual",
     3,
     {SAME(3, 16, 0, RELU), SAME(3, 16, 1), TWO(WR_LAYER_ADD, 1, 2, RELU), SAME(3, 12, 3),
      ONE(WR_LAYER_DEPTH_TO_SPACE, 4, .factor = 2), ONE(WR_LAYER_RESIZE_NEAREST, 0, .factor = 2),
      TWO(WR_LAYER_ADD, 5, 6)}},
    {"repeated",
     3,
     {SAME(3, 27, 0, RELU), ONE(WR_LAYER_REPEAT, 0, .factor = 3, .column_major = true),
      TWO(WR_LAYER_SUBTRACT, 1, 2, RELU),
      ONE(WR_LAYER_DEPTH_TO_SPACE, 3, .factor = 3, .column_major = true),
      ONE(WR_LAYER_REPEAT, 4, .factor = 2), ONE(WR_LAYER_DEPTH_TO_SPACE, 5, .factor = 2)}},
    {"linear", 3, {SAME(3, 3, 0), ONE(WR_LAYER_RESIZE_LINEAR, 1, .factor = 2, .half_pixel = true)}},
    {"linear with aligned corners",
     1,
     {ONE(WR_LAYER_RESIZE_LINEAR, 0, .factor = 3, .align_corners = true), SAME(3, 1, 1)}},
    {"product",
     1,
     {SAME(3, 8, 0, .activation = WR_ACTIVATION_SIGMOID),
      SAME(3, 8, 0, .activation = WR_ACTIVATION_TANH), TWO(WR_LAYER_MULTIPLY, 1, 2),
      ONE(WR_LAYER_MULTIPLY, 3), ONE(WR_LAYER_SUBTRACT, 4, .constant_first = true),
      ONE(WR_LAYER_PER_VALUE, 5, .activation = WR_ACTIVATION_SWISH), SAME(3, 1, 6)}},
    {"difference",
     3,
     {SAME(3, 3, 0), TWO(WR_LAYER_SUBTRACT, 0, 1),
      ONE(WR_LAYER_PER_VALUE, 2, .activation = WR_ACTIVATION_CLIP, .low = 0.1f, .high = 0.8f)}},
    {"side by side",
     1,
     {SAME(3, 5, 0),
      SAME(3, 8, 0, RELU),
      {{.kind = WR_LAYER_CONCAT, .inputs = 5}, {0, 1, 2, 1, 0}},
      SAME(1, 1, 3)}},
    {"part", 3, {SAME(3, 12, 0), ONE(WR_LAYER_SLICE, 1, SLICE_OF(4, 7, 2, 1)), SAME(3, 3, 2)}},
    {"mirror", 1, {ONE(WR_LAYER_PAD, 0, MARGIN(3, 2, WR_EDGE_REFLECT)), CONV(7, 5, 0, 0, 1, 1)}},
    {"margin", 3, {ONE(WR_LAYER_PAD, 0, MARGIN(2, 1, WR_EDGE_CONSTANT)), CONV(5, 3, 0, 0, 3, 1)}},
    {"edge", 1, {ONE(WR_LAYER_PAD, 0, MARGIN(1, 4, WR_EDGE_NEAREST)), CONV(3, 9, 0, 0, 1, 1)}},
};

// ---- networks and tensors as they are computed with

static float random_float(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (float)(*state >> 8) / (1 << 23) - 1.0f;
}

static float *random_floats(int count, float scale, unsigned *state)
{
    float *values = malloc(sizeof *values * (size_t)(count + 1));
    for (int n = 0; n < count; n++)
        values[n] = random_float(state) * scale;
    return values;
}

// What the layer's result looks like.
static struct wr_tensor shape(const struct wr_layer *layer, const struct wr_tensor *in)
{
    const int factor = layer->factor, channels = layer->out.channels;
    switch (layer->kind) {
    case WR_LAYER_CONV:
        return (struct wr_tensor){
            channels, in->width + (layer->left ? 2 * layer->left : 0) + 1 - layer->kernel_width,
            in->height + 2 * layer->top + 1 - layer->kernel_height};
    case WR_LAYER_CONV_TRANSPOSE:
        return (struct wr_tensor){
            channels, (in->width - 1) * layer->stride + layer->kernel_width - 2 * layer->left,
            (in->height - 1) * layer->stride + layer->kernel_height - 2 * layer->top};
    case WR_LAYER_DEPTH_TO_SPACE:
        return (struct wr_tensor){in->channels / (factor * factor), in->width * factor,
                                  in->height * factor};
    case WR_LAYER_SPACE_TO_DEPTH:
        return (struct wr_tensor){in->channels * factor * factor, in->width / factor,
                                  in->height / factor};
    case WR_LAYER_REPEAT:
        return (struct wr_tensor){in->channels * factor * factor, in->width, in->height};
    case WR_LAYER_RESIZE_NEAREST:
    case WR_LAYER_RESIZE_LINEAR:
        return (struct wr_tensor){in->channels, in->width * factor, in->height * factor};
    case WR_LAYER_SLICE:
        return (struct wr_tensor){channels, in->width - layer->left, in->height - layer->top};
    case WR_LAYER_PAD:
        return (struct wr_tensor){in->channels, in->width + 2 * layer->left,
                                  in->height + 2 * layer->top};
    default:
        return *in;
    }
}

static void open_network(struct wr_network *network, const struct network *from, int width,
                         int height)
{
    static struct wr_tensor shapes[MOST_LAYERS + 1];
    unsigned state = (unsigned)strlen(from->name);
    *network = (struct wr_network){.input = {from->channels, width, height}};
    network->layers = calloc(MOST_LAYERS, sizeof *network->layers);
    shapes[0] = network->input;
    for (; network->count < MOST_LAYERS && from->layers[network->count].layer.inputs;
         network->count++) {
        const struct layer *plan = &from->layers[network->count];
        struct wr_layer *layer = &network->layers[network->count];
        const struct wr_tensor *in = &shapes[plan->in[0]];
        *layer = plan->layer;
        layer->name = layer->name ? layer->name : (char *)"layer";
        layer->type = "Test";
        layer->in = malloc(sizeof plan->in);
        memcpy(layer->in, plan->in, sizeof plan->in);
        layer->out = shape(layer, in);
        for (int n = 1; layer->kind == WR_LAYER_CONCAT && n < layer->inputs; n++)
            layer->out.channels += shapes[layer->in[n]].channels;
        shapes[network->count + 1] = layer->out;
        const int channels = layer->out.channels;
        const int taps = layer->kernel_width * layer->kernel_height * in->channels;
        if (taps)
            layer->weights = random_floats(taps * channels, 2.0f / sqrtf((float)taps), &state);
        layer->bias = random_floats(channels, 0.3f, &state);
        layer->slope = random_floats(channels, 1.0f, &state);
        layer->constant = random_floats(channels, 1.0f, &state);
    }
}

static void close_network(struct wr_network *network)
{
    for (int n = 0; n < network->count; n++) {
        free(network->layers[n].in);
        free(network->layers[n].weights);
        free(network->layers[n].bias);
        free(network->layers[n].slope);
        free(network->layers[n].constant);
    }
    free(network->layers);
}

// ---- the reference

struct values {
    struct wr_tensor size;
    float *at;       // [y][x][channel]
    float steps;     // as integers, so many to 1; 0: convolutions take floats
    bool is_rounded; // whether values are such integers
};

static size_t count_of(struct wr_tensor size)
{
    return (size_t)size.width * (size_t)size.height * (size_t)size.channels;
}

static float value_at(const struct values *values, int x, int y, int c)
{
    if (x < 0 || y < 0 || x >= values->size.width || y >= values->size.height)
        return 0;
    return values
        ->at[((size_t)y * (size_t)values->size.width + (size_t)x) * (size_t)values->size.channels +
             (size_t)c];
}

static float convolve(const struct wr_layer *layer, const struct values *in, int x, int y, int c)
{
    const int channels = in->size.channels;
    float sum = layer->bias[c];
    for (int v = 0; v < layer->kernel_height; v++)
        for (int u = 0; u < layer->kernel_width; u++)
            for (int n = 0; n < channels; n++)
                sum =
                    fmaf(layer->weights[((c * layer->kernel_height + v) * layer->kernel_width + u) *
                                            channels +
                                        n],
                         value_at(in, x + u - layer->left, y + v - layer->top, n), sum);
    return sum;
}

// Over the inputs that reach the output, from the first row and column on.
static float transpose(const struct wr_layer *layer, const struct values *in, int x, int y, int c)
{
    const int channels = in->size.channels;
    float sum = layer->bias[c];
    for (int from_y = 0; from_y < in->size.height; from_y++)
        for (int from_x = 0; from_x < in->size.width; from_x++) {
            const int u = x + layer->left - from_x * layer->stride;
            const int v = y + layer->top - from_y * layer->stride;
            if (u < 0 || v < 0 || u >= layer->kernel_width || v >= layer->kernel_height)
                continue;
            for (int n = 0; n < channels; n++)
                sum =
                    fmaf(layer->weights[((c * layer->kernel_height + v) * layer->kernel_width + u) *
                                            channels +
                                        n],
                         value_at(in, from_x, from_y, n), sum);
        }
    return sum;
}

// A convolution in integers: its terms in any order.
struct terms {
    int count;
    float weights[MOST_TERMS];
    int values[MOST_TERMS];
};

static void add_terms(struct terms *terms, const float *weights, const struct values *in, int x,
                      int y)
{
    for (int n = 0; n < in->size.channels; n++, terms->count++) {
        const float value = value_at(in, x, y, n);
        terms->weights[terms->count] = weights[n];
        terms->values[terms->count] = in->is_rounded ? (int)value : net_to_steps(value, in->steps);
    }
}

static void find_terms(const struct wr_layer *layer, const struct values *in, int x, int y, int c,
                       struct terms *terms)
{
    const float *weights = layer->weights + (ptrdiff_t)c * layer->kernel_height *
                                                layer->kernel_width * in->size.channels;
    terms->count = 0;
    for (int v = 0; v < layer->kernel_height; v++)
        for (int u = 0; u < layer->kernel_width; u++, weights += in->size.channels)
            if (layer->kind == WR_LAYER_CONV)
                add_terms(terms, weights, in, x + u - layer->left, y + v - layer->top);
            else if ((x + layer->left - u) % layer->stride == 0 &&
                     (y + layer->top - v) % layer->stride == 0)
                add_terms(terms, weights, in, (x + layer->left - u) / layer->stride,
                          (y + layer->top - v) / layer->stride);
}

// 12 bits for the largest weight, fewer where sums might not fit 32 bits.
static float sum_up(const struct terms *terms, float bias, float in_steps)
{
    double most = 0;
    for (int n = 0; n < terms->count; n++)
        most = fmax(most, fabs((double)terms->weights[n]));
    for (double steps = most > 0 ? 2047 / most : 1;; steps /= 2) {
        const double rounded = floor((double)bias * (double)in_steps * steps + 0.5);
        double largest = fabs(rounded), sum = rounded;
        for (int n = 0; n < terms->count; n++) {
            const double weight = floor((double)terms->weights[n] * steps + 0.5);
            largest += 8191 * fabs(weight);
            sum += weight * terms->values[n];
        }
        if (largest < 0x1p31)
            return (float)sum * (float)(1 / (steps * (double)in_steps));
    }
}

static float convolve_in_integers(const struct wr_layer *layer, const struct values *in, int x,
                                  int y, int c)
{
    static struct terms terms;
    find_terms(layer, in, x, y, c, &terms);
    return sum_up(&terms, layer->bias[c], in->steps);
}

static int mirrored(int n, int size, enum wr_edge edge)
{
    if (edge == WR_EDGE_REFLECT)
        n = n < 0 ? -n : n >= size ? 2 * size - 2 - n : n;
    return n < 0 ? 0 : n >= size ? size - 1 : n;
}

static float padded_value(const struct wr_layer *layer, const struct values *in, int x, int y,
                          int c)
{
    const int width = in->size.width, height = in->size.height;
    const bool outside = x < 0 || y < 0 || x >= width || y >= height;
    if (outside && layer->edge == WR_EDGE_CONSTANT)
        return layer->value;
    return value_at(in, mirrored(x, width, layer->edge), mirrored(y, height, layer->edge), c);
}

static double position(const struct wr_layer *layer, int n, int size)
{
    const double at = layer->align_corners ? (double)n * (size - 1) / (size * layer->factor - 1)
                      : layer->half_pixel  ? (n + 0.5) / layer->factor - 0.5
                                           : (double)n / layer->factor;
    return at < 0 ? 0 : at > size - 1 ? size - 1 : at;
}

static float interpolate(const struct wr_layer *layer, const struct values *in, int x, int y, int c)
{
    const double at_x = position(layer, x, in->size.width);
    const double at_y = position(layer, y, in->size.height);
    const int left = (int)at_x, top = (int)at_y;
    const int right = left + 1 < in->size.width ? left + 1 : left;
    const int below = top + 1 < in->size.height ? top + 1 : top;
    const float along = (float)(at_x - left), down = (float)(at_y - top);
    const float a = value_at(in, left, top, c), b = value_at(in, left, below, c);
    const float upper = fmaf(value_at(in, right, top, c) - a, along, a);
    const float lower = fmaf(value_at(in, right, below, c) - b, along, b);
    return fmaf(lower - upper, down, upper);
}

static float combined(const struct wr_layer *layer, float a, float b)
{
    const bool swapped = layer->inputs == 1 && layer->constant_first;
    return layer->kind == WR_LAYER_ADD        ? a + b
           : layer->kind == WR_LAYER_MULTIPLY ? a * b
           : swapped                          ? b - a
                                              : a - b;
}

static float compute(const struct wr_layer *layer, const struct values *tensors, int x, int y,
                     int c)
{
    const struct values *in = &tensors[layer->in[0]];
    const int f = layer->factor, channels = in->size.channels;
    if (layer->weights && in->steps > 0)
        return convolve_in_integers(layer, in, x, y, c);
    switch (layer->kind) {
    case WR_LAYER_CONV:
        return convolve(layer, in, x, y, c);
    case WR_LAYER_CONV_TRANSPOSE:
        return transpose(layer, in, x, y, c);
    case WR_LAYER_ADD:
    case WR_LAYER_SUBTRACT:
    case WR_LAYER_MULTIPLY:
        return combined(layer, value_at(in, x, y, c),
                        layer->inputs == 1 ? layer->constant[c]
                                           : value_at(&tensors[layer->in[1]], x, y, c));
    case WR_LAYER_DEPTH_TO_SPACE: {
        const int part = y % f * f + x % f;
        return value_at(in, x / f, y / f,
                        layer->column_major ? part * layer->out.channels + c : c * f * f + part);
    }
    case WR_LAYER_SPACE_TO_DEPTH: {
        const int part = layer->column_major ? c / channels : c % (f * f);
        return value_at(in, x * f + part % f, y * f + part / f,
                        layer->column_major ? c % channels : c / (f * f));
    }
    case WR_LAYER_RESIZE_NEAREST:
        return value_at(in, x / f, y / f, c);
    case WR_LAYER_REPEAT:
        return value_at(in, x, y, layer->column_major ? c % channels : c / (f * f));
    case WR_LAYER_RESIZE_LINEAR:
        return interpolate(layer, in, x, y, c);
    case WR_LAYER_CONCAT:
        for (int n = 0; n < layer->inputs; n++) {
            const struct values *part = &tensors[layer->in[n]];
            if (c < part->size.channels)
                return value_at(part, x, y, c);
            c -= part->size.channels;
        }
        return 0;
    case WR_LAYER_SLICE:
        return value_at(in, x + layer->left, y + layer->top, c + layer->first);
    case WR_LAYER_PAD:
        return padded_value(layer, in, x - layer->left, y - layer->top, c);
    default:
        return value_at(in, x, y, c);
    }
}

static float sigmoid(float value)
{
    return net_activate(WR_ACTIVATION_SIGMOID, NULL, 0, value);
}

// Sigmoid and tanh are the project's own; test_functions() looks at them.
static float activated(const struct wr_layer *layer, float value, int c)
{
    switch (layer->activation) {
    case WR_ACTIVATION_RELU:
        return value > 0 ? value : 0;
    case WR_ACTIVATION_PRELU:
        return value < 0 ? value * layer->slope[c] : value;
    case WR_ACTIVATION_CLIP:
        return fminf(fmaxf(value, layer->low), layer->high);
    case WR_ACTIVATION_SIGMOID:
        return sigmoid(value);
    case WR_ACTIVATION_TANH:
        return net_activate(WR_ACTIVATION_TANH, NULL, 0, value);
    case WR_ACTIVATION_SWISH:
        return value * sigmoid(value);
    default:
        return value;
    }
}

// Whether a convolution makes a tensor that only convolutions read: it stays rounded.
static bool is_kept_rounded(const struct wr_network *network, int tensor)
{
    bool all =
        tensor > 0 && tensor < network->count && network->layers[tensor - 1].kind == WR_LAYER_CONV;
    for (int n = tensor; n < network->count; n++)
        for (int k = 0; k < network->layers[n].inputs; k++)
            all &= network->layers[n].in[k] != tensor || network->layers[n].weights;
    return all;
}

// The network's result for a frame, which the caller frees; channels behind the planes hold rest.
// steps: of each tensor, where convolutions take integers, else NULL.
static struct values reference(const struct wr_network *network, const float *steps,
                               const struct test_frames *in, int frame, float rest)
{
    struct values tensors[MOST_LAYERS + 1] = {{.size = network->input}};
    const int planes = wr_format_planes(&in->format), last = network->count;
    static const int plane_of[] = {2, 0, 1}; // red, green, blue
    const int max = (1 << in->format.depth) - 1;
    for (int n = 0; n <= last; n++) {
        if (n)
            tensors[n].size = network->layers[n - 1].out;
        tensors[n].steps = steps ? steps[n] : 0;
        tensors[n].is_rounded = steps && is_kept_rounded(network, n);
        const struct wr_tensor size = tensors[n].size;
        float *at = tensors[n].at = malloc(sizeof *at * count_of(size));
        for (int y = 0; y < size.height; y++)
            for (int x = 0; x < size.width; x++)
                for (int c = 0; c < size.channels; c++) {
                    const struct wr_layer *layer = n ? &network->layers[n - 1] : NULL;
                    const int plane = planes == 1 ? 0 : plane_of[c < 3 ? c : 0];
                    *at = layer        ? activated(layer, compute(layer, tensors, x, y, c), c)
                          : c < planes ? (float)test_get(in, frame, plane, x, y) / (float)max
                                       : rest;
                    if (tensors[n].is_rounded)
                        *at = (float)net_to_steps(*at, steps[n]);
                    at++;
                }
    }
    for (int n = 0; n < last; n++)
        free(tensors[n].at);
    return tensors[last];
}

static int to_sample(float value, int max)
{
    return (int)(fminf(fmaxf(value, 0), 1) * (float)max + 0.5f);
}

// ---- programs

static void build(struct wr_program *program, const struct wr_network *network, const float *steps,
                  const struct wr_format *format, float rest, struct wr_net_tensor *result)
{
    static const int plane_of[] = {2, 0, 1};
    struct wr_error error = {0};
    wr_program_open(program, format);
    struct wr_lowering lowering = {.program = program,
                                   .picture = program->input,
                                   .nominal = *format,
                                   .filter = "test",
                                   .error = &error};
    const int planes = wr_format_planes(format);
    struct wr_plane in[3];
    for (int n = 0; n < planes; n++)
        in[n] = program->input.plane[planes == 1 ? 0 : plane_of[n]];
    struct wr_net_tensor tensors[MOST_LAYERS + 1] = {0};
    wr_net_load(&lowering, in, planes, network->input.channels, rest, tensors);
    ck_assert_msg(!wr_net_lower(&lowering, network, steps, tensors), "%s", error.text);
    const struct wr_net_tensor tensor = tensors[network->count];
    *result = tensor;
    for (int n = 0; n < planes; n++)
        lowering.picture.plane[planes == 1 ? 0 : plane_of[n]] =
            wr_net_store(&lowering, &tensor, n, NULL, 1);
    lowering.picture.format.width = tensor.size.width;
    lowering.picture.format.height = tensor.size.height;
    ck_assert_msg(!wr_program_finish(program, &lowering.picture, WR_ROWS_FORWARDS, &error), "%s",
                  error.text);
}

static struct wr_format format_for(const struct network *network, int depth, int width, int height)
{
    return test_format(network->channels < 3 ? "gray" : "gbrp", depth, width, height);
}

// ---- values as such: passes run by hand, a few rows at a time

static struct wr_view view_of(const struct wr_program *program, unsigned char *const *memory,
                              const struct wr_plane *plane)
{
    const struct wr_buffer *buffer = &program->buffers[plane->buffer];
    return (struct wr_view){.data = memory[plane->buffer],
                            .pitch = buffer->width * (ptrdiff_t)wr_storage_bytes(buffer->storage),
                            .width = plane->width,
                            .height = plane->height,
                            .end_row = plane->height};
}

static void run_pass(const struct wr_program *program, const struct wr_pass *pass,
                     const struct wr_cpu_level *level, unsigned char *const *memory, int rows)
{
    wr_cpu_rows *const run = wr_cpu_level_find(level, pass);
    ck_assert_msg(run, "no kernel %s", pass->kernel->name);
    struct wr_pass_view view = {.span = pass->span};
    view.scratch = aligned_alloc(64, (pass->scratch + 64) / 64 * 64);
    memset(view.scratch, 0xFF, pass->scratch); // not a number
    for (int n = 0; n < pass->inputs; n++)
        view.in[n] = view_of(program, memory, &pass->in[n]);
    for (int n = 0; n < pass->outputs; n++)
        view.out[n] = view_of(program, memory, &pass->out[n]);
    for (int n = 0; n < pass->tables; n++)
        view.table[n] = program->tables[pass->table[n]].data;
    for (int y = 0; y < pass->out[0].height; y += rows)
        run(&view, pass->arguments, y, wr_min(y + rows, pass->out[0].height));
    free(view.scratch);
}

// Compares the network's last tensor, which must be spread, with the reference.
static void check_level(const struct network *plan, const struct wr_program *program,
                        const struct wr_cpu_level *level, const struct test_frames *in,
                        const struct wr_net_tensor *result, const struct values *want, int rows)
{
    unsigned char **memory = calloc((size_t)program->buffer_count, sizeof *memory);
    for (int b = 0; b < program->buffer_count; b++) {
        const struct wr_buffer *buffer = &program->buffers[b];
        const size_t row = (size_t)buffer->width * wr_storage_bytes(buffer->storage);
        memory[b] = malloc(row * (size_t)buffer->height);
        memset(memory[b], 0xFF, row * (size_t)buffer->height);
        for (int y = 0; buffer->role == WR_ROLE_INPUT && y < buffer->height; y++)
            memcpy(memory[b] + (size_t)y * row,
                   in->images[0].data[buffer->plane] + y * in->images[0].pitch[buffer->plane], row);
    }
    for (int k = 0; k < program->pass_count; k++)
        run_pass(program, &program->passes[k], level, memory, rows);
    const struct wr_tensor size = want->size;
    const size_t padded = (size_t)wr_net_padded(size.channels);
    const float *got = (const float *)memory[result->plane.buffer];
    for (size_t n = 0; n < (size_t)size.width * (size_t)size.height; n++)
        if (memcmp(got + n * padded, want->at + n * (size_t)size.channels,
                   sizeof *got * (size_t)size.channels))
            ck_abort_msg("%s, %s, %d rows: pixel %d, %d is %.9g, wanted %.9g", plan->name,
                         level->name, rows, (int)n % size.width, (int)n / size.width,
                         (double)got[n * padded], (double)want->at[n * (size_t)size.channels]);
    for (int b = 0; b < program->buffer_count; b++)
        free(memory[b]);
    free(memory);
}

static bool level_runs(const struct wr_cpu_level *level)
{
    char device[32];
    snprintf(device, sizeof device, "cpu:%s", level->name);
    return test_has_device(device);
}

// Steps for networks in integers, where values beyond 12 are limited, or NULL.
static const float *steps_for(bool in_integers)
{
    static float steps[MOST_LAYERS + 1];
    for (int n = 0; n <= MOST_LAYERS; n++)
        steps[n] = 650.7f + 31.9f * (float)n;
    return in_integers ? steps : NULL;
}

// Each network in floats, and then each in integers.
START_TEST(test_values)
{
    static const int sizes[][2] = {{31, 14}, {2, 2}, {64, 5}};
    const struct network *plan = &networks[_i % COUNT(networks)];
    const float *steps = steps_for(_i >= COUNT(networks));
    for (int s = 0; s < COUNT(sizes); s++) {
        const int width = sizes[s][0] & (plan->layers[0].layer.factor == 2 ? ~1 : ~0);
        const int height = sizes[s][1] & (plan->layers[0].layer.factor == 2 ? ~1 : ~0);
        // Values after the last layer are looked at where depth is space again.
        struct network spread = *plan;
        int last = 0;
        while (spread.layers[last].layer.inputs)
            last++;
        spread.layers[last] = (struct layer){{.kind = WR_LAYER_PER_VALUE, .inputs = 1}, {last}};
        if ((plan->layers[0].layer.kind == WR_LAYER_PAD || plan->layers[1].layer.first) && s == 1)
            continue; // margins as large as the picture, parts of nothing
        struct wr_network network;
        struct wr_program program;
        struct wr_net_tensor result;
        const struct wr_format format = format_for(plan, 8, width, height);
        struct test_frames in = test_frames_new(&format, 1);
        test_frames_fill(&in, 7);
        open_network(&network, &spread, width, height);
        build(&program, &network, steps, &format, 0.2f, &result);
        struct values want = reference(&network, steps, &in, 0, 0.2f);
        for (const struct wr_cpu_level *level = wr_cpu_levels; level->name; level++)
            if (level_runs(level)) {
                check_level(plan, &program, level, &in, &result, &want, 1);
                check_level(plan, &program, level, &in, &result, &want, 9);
            }
        free(want.at);
        wr_program_close(&program);
        close_network(&network);
        test_frames_free(&in);
    }
}
END_TEST

// ---- whole programs on executors

static void check_frames(const struct network *plan, const struct wr_network *network,
                         const float *steps, const struct test_frames *in,
                         const struct test_frames *out)
{
    static const int plane_of[] = {2, 0, 1};
    const int planes = wr_format_planes(&in->format), max = (1 << in->format.depth) - 1;
    for (int f = 0; f < in->count; f++) {
        struct values want = reference(network, steps, in, f, 0.2f);
        for (int c = 0; c < planes; c++)
            for (int y = 0; y < want.size.height; y++)
                for (int x = 0; x < want.size.width; x++) {
                    const int got = test_get(out, f, planes == 1 ? 0 : plane_of[c], x, y);
                    if (got != to_sample(value_at(&want, x, y, c), max))
                        ck_abort_msg("%s: channel %d of frame %d at %d, %d is %d, wanted %d",
                                     plan->name, c, f, x, y, got,
                                     to_sample(value_at(&want, x, y, c), max));
                }
        free(want.at);
    }
}

static void check_device(const struct network *plan, const struct wr_program *program,
                         const struct wr_network *network, const float *steps,
                         const struct test_frames *in, const char *device,
                         const struct wr_executor_options *options)
{
    struct wr_error error = {0};
    struct wr_executor *executor;
    if (!test_has_device(device))
        return;
    ck_assert_msg(!wr_executor_open(&executor, device, program, options, &error), "%s", error.text);
    struct test_frames out = test_frames_new(&program->output.format, in->count);
    test_run_batches(executor, program, in, options->batch, &out);
    wr_executor_close(&executor);
    test_frames_check_guards(&out);
    check_frames(plan, network, steps, in, &out);
    test_frames_free(&out);
}

START_TEST(test_bands)
{
    static const struct wr_executor_options options[] = {
        {.batch = 1, .threads = 1},
        {.batch = 3, .threads = 4, .band_rows = 1},
        {.batch = 2, .threads = 2, .band_rows = 5},
        {.batch = 3, .threads = 1, .held_frames = 2},
        {.batch = 2, .threads = 1, .held_frames = 1},
        {.batch = 3, .threads = 2, .room = 1}, // as little memory as possible
    };
    const struct network *plan = &networks[_i % COUNT(networks)];
    const float *steps = steps_for(_i >= COUNT(networks));
    struct wr_network network;
    struct wr_program program;
    struct wr_net_tensor result;
    const struct wr_format format = format_for(plan, 16, 26, 18);
    struct test_frames in = test_frames_new(&format, 3);
    test_frames_fill(&in, 3);
    open_network(&network, plan, 26, 18);
    build(&program, &network, steps, &format, 0.2f, &result);
    for (int n = 0; n < COUNT(options); n++) {
        check_device(plan, &program, &network, steps, &in, "cpu", &options[n]);
        check_device(plan, &program, &network, steps, &in, "cuda", &options[n]);
    }
    wr_program_close(&program);
    close_network(&network);
    test_frames_free(&in);
}
END_TEST

static const struct network deep = {
    "deep", 1, {SAME(3, 64, 0), SAME(3, 64, 1), SAME(3, 64, 2), SAME(3, 64, 3), SAME(3, 1, 4)}};

// What lies between two of the layers with 64 channels in a frame is the least that is enough.
START_TEST(what_is_held_is_near_the_least)
{
    const struct wr_format format = format_for(&deep, 8, 320, 640);
    const int64_t bound = (int64_t)2 * 64 * 320 * 640 * (int64_t)sizeof(float);
    struct wr_executor_options options = {.threads = 2};
    struct wr_network network;
    struct wr_program program;
    struct wr_net_tensor result;
    struct wr_memory memory;
    struct wr_error error;
    const int batch = 16;
    open_network(&network, &deep, 320, 640);
    build(&program, &network, NULL, &format, 0, &result);
    ck_assert(!wr_executor_estimate("cpu", &program, &options, &batch, 1, &memory, &error));
    ck_assert_int_le(memory.arena, bound + bound / 20);
    // With less room frames are cut into bands that hold no more.
    for (int part = 2; part <= 4; part++) {
        options.room = bound / part;
        ck_assert(!wr_executor_estimate("cpu", &program, &options, &batch, 1, &memory, &error));
        ck_assert_int_le(wr_memory_held(&memory), options.room);
    }
    wr_program_close(&program);
    close_network(&network);
}
END_TEST

// Where convolutions have many channels, rows that neighbouring bands need are not computed twice,
// since that would take longer than to keep whole frames.
START_TEST(deep_networks_repeat_little)
{
    struct wr_network network;
    struct wr_program program;
    struct wr_net_tensor result;
    struct wr_bands bands;
    struct wr_error error = {0};
    const struct wr_format format = format_for(&deep, 8, 64, 512);
    double computed = 0, needed = 0;
    open_network(&network, &deep, 64, 512);
    build(&program, &network, NULL, &format, 0, &result);
    ck_assert(!wr_bands_open(&bands, &program, 8, 1, &error));
    for (int k = 0; k < program.pass_count; k++) {
        const struct wr_pass *pass = &program.passes[k];
        const double reads = (double)pass->out[0].width * pass->span;
        needed += pass->out[0].height * reads;
        for (int band = 0; band < bands.count; band++) {
            const struct wr_rows rows = wr_bands_rows(&bands, &program, band, pass);
            computed += (rows.to - rows.from) * reads;
        }
    }
    ck_assert_msg(computed <= 1.02 * needed, "%.3f times", computed / needed);
    wr_bands_close(&bands);
    wr_program_close(&program);
    close_network(&network);
}
END_TEST

START_TEST(test_functions)
{
    static const float ends[] = {INFINITY, -INFINITY, NAN};
    float sigmoids[3], tanhs[3];
    for (double x = -100; x < 100; x += 0.013) {
        const float at = (float)x;
        ck_assert_double_eq_tol((double)sigmoid(at), 1 / (1 + exp(-(double)at)), 2e-7);
        ck_assert_double_eq_tol((double)net_activate(WR_ACTIVATION_TANH, NULL, 0, at),
                                tanh((double)at), 3e-7);
    }
    for (int n = 0; n < 3; n++) {
        sigmoids[n] = sigmoid(ends[n]);
        tanhs[n] = net_activate(WR_ACTIVATION_TANH, NULL, 0, ends[n]);
    }
    ck_assert(sigmoids[0] == 1 && sigmoids[1] >= 0 && sigmoids[2] == 1);
    ck_assert(tanhs[0] == 1 && tanhs[1] == -1 && tanhs[2] == -1);
}
END_TEST

START_TEST(test_steps)
{
    static const struct {
        float value, steps;
        int want;
    } cases[] = {{0.25f, 10, 3},      {-0.25f, 10, -3},      {0.24f, 10, 2},
                 {-0.24f, 10, -2},    {2, 4095.5f, 8191},    {-3, 4095.5f, -8191},
                 {INFINITY, 1, 8191}, {-INFINITY, 1, -8191}, {NAN, 1, -8191},
                 {0, 8000, 0}};
    for (int n = 0; n < COUNT(cases); n++)
        ck_assert_int_eq(net_to_steps(cases[n].value, cases[n].steps), cases[n].want);
}
END_TEST

START_TEST(test_padding)
{
    ck_assert_int_eq(wr_net_padded(1), 8);
    ck_assert_int_eq(wr_net_padded(13), 16);
    ck_assert_int_eq(wr_net_padded(56), 64);
    ck_assert_int_eq(wr_net_padded(1536), 1536);
    ck_assert_int_eq(wr_net_padded(1537), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("net");
    TCase *tcase = tcase_create("net");
    tcase_set_timeout(tcase, 600);
    tcase_add_loop_test(tcase, test_values, 0, 2 * COUNT(networks));
    tcase_add_loop_test(tcase, test_bands, 0, 2 * COUNT(networks));
    tcase_add_test(tcase, what_is_held_is_near_the_least);
    tcase_add_test(tcase, deep_networks_repeat_little);
    tcase_add_test(tcase, test_functions);
    tcase_add_test(tcase, test_steps);
    tcase_add_test(tcase, test_padding);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
