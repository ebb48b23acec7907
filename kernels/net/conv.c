// SPDX-License-Identifier: MIT
// Convolutions, and transposed ones: these are convolutions that make a square of outputs for each
// pixel, as further channels, which are spread afterwards.
#include "kernels/net/conv.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/net/layer.h"

WR_DEFINE_KERNELS

// Weights that training has all but removed count as 0: processors take many times as long for
// numbers that lose digits for being so small. The result changes only where a later weight is huge
// enough to make them count again.
static float without_tiny(float weight)
{
    return fabsf(weight) < 0x1p-100f ? 0.0f : weight;
}

static int kernel_size(const struct wr_layer *layer)
{
    return layer->kernel_width * layer->kernel_height;
}

// Adds a table that is not needed here any more.
static int hand_over(struct wr_lowering *lowering, void *table, size_t bytes)
{
    const int number = table ? wr_program_table(lowering->program, table, bytes) : 0;
    lowering->program->out_of_memory |= !table;
    free(table);
    return number;
}

// Weights as the kernel reads them, from those of the layer.
static int reorder(struct wr_lowering *lowering, const struct wr_layer *layer, int channels)
{
    const size_t taps = (size_t)(kernel_size(layer) * channels);
    const size_t padded = (size_t)wr_net_padded(layer->out.channels);
    float *table = calloc(taps * padded, sizeof *table);
    for (size_t c = 0; c < (size_t)layer->out.channels && table; c++)
        for (size_t n = 0; n < taps; n++)
            table[n * padded + c] = without_tiny(layer->weights[c * taps + n]);
    return hand_over(lowering, table, taps * padded * sizeof *table);
}

// ---- the same as integers

static double largest(const float *values, int count)
{
    double most = 0;
    for (int n = 0; n < count; n++)
        most = fmax(most, (double)fabsf(without_tiny(values[n])));
    return most;
}

static double rounded(double value)
{
    return floor(value + 0.5);
}

// How many steps of an output channel's weights are 1: as many as 12 bits hold, halved until no sum
// can be too large for 32 bits, whatever the input.
static double find_weight_steps(const float *weights, int count, double bias)
{
    const double most = largest(weights, count);
    for (double steps = most > 0 ? NET_MOST_WEIGHT / most : 1;; steps /= 2) {
        double sum = fabs(rounded(bias * steps));
        for (int n = 0; n < count; n++)
            sum += NET_MOST_STEPS * fabs(rounded((double)without_tiny(weights[n]) * steps));
        if (!(sum > INT32_MAX))
            return steps;
    }
}

// Fills in the weights, the bias and the factor of output channel c. from: the first of its weights
// in the layer.
static void round_channel(const struct wr_layer *layer, const struct wr_net_tensor *in, int c,
                          int16_t (*to)[2], int32_t *bias, float *factor)
{
    const int channels = in->size.channels, pairs = (channels + 1) / 2;
    const int padded = wr_net_padded(layer->out.channels), places = kernel_size(layer);
    const float *from = layer->weights + (ptrdiff_t)c * places * channels;
    const double of_bias = (double)layer->bias[c] * (double)in->steps;
    const double steps = find_weight_steps(from, places * channels, of_bias);
    for (int place = 0; place < places; place++)
        for (int k = 0; k < channels; k++, from++)
            to[(ptrdiff_t)(place * pairs + k / 2) * padded + c][k % 2] =
                (int16_t)rounded((double)without_tiny(*from) * steps);
    *bias = (int32_t)rounded(of_bias * steps);
    *factor = (float)(1 / (steps * (double)in->steps));
}

// Weights, biases, and what sums are multiplied by, as tables.
static void round_weights(struct wr_lowering *lowering, const struct wr_layer *layer,
                          const struct wr_net_tensor *in, int *tables)
{
    const size_t words = (size_t)(kernel_size(layer) * ((in->size.channels + 1) / 2));
    const size_t padded = (size_t)wr_net_padded(layer->out.channels);
    int16_t(*weights)[2] = calloc(words * padded, sizeof *weights);
    int32_t *bias = calloc(padded, sizeof *bias);
    float *factors = calloc(padded, sizeof *factors);
    for (int c = 0; c < layer->out.channels && weights && bias && factors; c++)
        round_channel(layer, in, c, weights, &bias[c], &factors[c]);
    tables[0] = hand_over(lowering, weights, words * padded * sizeof *weights);
    tables[1] = hand_over(lowering, bias, padded * sizeof *bias);
    tables[2] = hand_over(lowering, factors, padded * sizeof *factors);
}

// ---- passes

static struct net_conv arguments_for(const struct wr_layer *layer, const struct wr_net_tensor *in)
{
    const int in_word = in->steps > 0 ? 2 : 1; // channels
    return (struct net_conv){
        .kernel_width = layer->kernel_width,
        .kernel_height = layer->kernel_height,
        .left = layer->left,
        .top = layer->top,
        .in_words = (in->size.channels + in_word - 1) / in_word,
        .in_padded = wr_net_padded(in->size.channels) / in_word,
        .out_channels = layer->out.channels,
        .out_padded = wr_net_padded(layer->out.channels),
        .activation = {layer->activation, layer->low, layer->high},
    };
}

void wr_net_conv(struct wr_lowering *lowering, const struct wr_layer *layer,
                 const struct wr_net_tensor *in, struct wr_net_tensor *out)
{
    const bool is_int = in->steps > 0, has_slopes = layer->activation == WR_ACTIVATION_PRELU;
    const struct net_conv_int arguments = {arguments_for(layer, in), out->steps};
    const int channels = arguments.conv.out_channels, padded = arguments.conv.out_padded;
    int tables[3]; // weights, bias, factors
    if (is_int) {
        round_weights(lowering, layer, in, tables);
    } else {
        tables[0] = reorder(lowering, layer, in->size.channels);
        tables[1] = wr_net_table(lowering, layer->bias, channels, padded);
    }
    const int slopes =
        has_slopes ? wr_net_table(lowering, layer->slope, channels, padded) : tables[1];
    const struct wr_kernel *const kernel = !is_int          ? &wr_net_conv_kernel
                                           : out->steps > 0 ? &wr_net_conv_int_kernel
                                                            : &wr_net_conv_to_float_kernel;
    struct wr_pass *pass = wr_net_pass(lowering, kernel, &arguments, layer->out, out);
    wr_pass_in(pass, in->plane);
    // Weights of floats, or of pairs of integers; all else is a number for each channel.
    const size_t row = (size_t)padded * sizeof(float);
    const size_t words = (size_t)(kernel_size(layer) * arguments.conv.in_words);
    wr_pass_table(pass, tables[0], words * row);
    wr_pass_table(pass, tables[1], row);
    wr_pass_table(pass, slopes, row);
    if (is_int)
        wr_pass_table(pass, tables[2], row);
    pass->span = kernel_size(layer) * in->size.channels;
    pass->scratch = net_conv_scratch(&arguments.conv);
    pass->work = kernel_size(layer) * wr_net_padded(in->size.channels);
    wr_net_near_rows(lowering, pass, 1, layer->top, layer->kernel_height);
}

// Along one direction: which inputs an output can need, counted from the one of its square.
struct reach {
    int first, last;
};

static struct reach find_reach(int kernel, int before, int stride)
{
    struct reach reach = {0, 0};
    bool any = false;
    for (int part = 0; part < stride; part++)
        for (int v = 0; v < kernel; v++) {
            const int far = part + before - v;
            if (far % stride)
                continue;
            reach.first = !any || far / stride < reach.first ? far / stride : reach.first;
            reach.last = !any || far / stride > reach.last ? far / stride : reach.last;
            any = true;
        }
    return reach;
}

// The weights of one square's outputs.
static void square_weights(const struct wr_layer *layer, const struct wr_layer *square,
                           int in_channels, float *weights)
{
    const int stride = layer->stride;
    for (int c = 0; c < square->out.channels; c++) {
        const int part_y = c / stride % stride, part_x = c % stride;
        const float *from = layer->weights + (ptrdiff_t)(c / (stride * stride)) *
                                                 layer->kernel_height * layer->kernel_width *
                                                 in_channels;
        for (int y = 0; y < square->kernel_height; y++)
            for (int x = 0; x < square->kernel_width; x++, weights += in_channels) {
                const int v = part_y + layer->top - stride * (y - square->top);
                const int u = part_x + layer->left - stride * (x - square->left);
                if (v < 0 || v >= layer->kernel_height || u < 0 || u >= layer->kernel_width)
                    continue;
                for (int n = 0; n < in_channels; n++)
                    weights[n] = from[(ptrdiff_t)(v * layer->kernel_width + u) * in_channels + n];
            }
    }
}

static void repeat(const float *values, int count, int times, float *to)
{
    for (int n = 0; n < count * times; n++)
        to[n] = values[n / times];
}

void wr_net_conv_transpose(struct wr_lowering *lowering, const struct wr_layer *layer,
                           const struct wr_net_tensor *in, struct wr_net_tensor *out)
{
    const int stride = layer->stride, parts = stride * stride;
    const struct reach down = find_reach(layer->kernel_height, layer->top, stride);
    const struct reach across = find_reach(layer->kernel_width, layer->left, stride);
    struct wr_layer square = *layer;
    square.out =
        (struct wr_tensor){layer->out.channels * parts, (layer->out.width + stride - 1) / stride,
                           (layer->out.height + stride - 1) / stride};
    square.top = -down.first;
    square.left = -across.first;
    square.kernel_height = down.last - down.first + 1;
    square.kernel_width = across.last - across.first + 1;
    const size_t channels = (size_t)square.out.channels;
    const size_t weights =
        channels * (size_t)(square.kernel_height * square.kernel_width) * (size_t)in->size.channels;
    float *memory = calloc(weights + 2 * channels, sizeof *memory);
    if (!memory) {
        lowering->program->out_of_memory = true;
        return;
    }
    square.weights = memory;
    square.bias = memory + weights;
    square.slope = square.bias + channels;
    square_weights(layer, &square, in->size.channels, square.weights);
    repeat(layer->bias, layer->out.channels, parts, square.bias);
    if (layer->activation == WR_ACTIVATION_PRELU)
        repeat(layer->slope, layer->out.channels, parts, square.slope);
    wr_net_conv(lowering, &square, in, out);
    free(memory);
    out->size = layer->out;
    out->factor = stride;
    out->depth_first = false;
}
