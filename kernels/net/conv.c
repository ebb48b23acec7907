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

// Weights as the kernel reads them, from those of the layer.
static int reorder(struct wr_lowering *lowering, const struct net_conv *p, const float *weights)
{
    const size_t taps = (size_t)(p->kernel_width * p->kernel_height) * (size_t)p->in_channels;
    float *table = calloc(taps * (size_t)p->out_padded, sizeof *table);
    if (!table) {
        lowering->program->out_of_memory = true;
        return 0;
    }
    for (size_t c = 0; c < (size_t)p->out_channels; c++)
        for (size_t n = 0; n < taps; n++)
            table[n * (size_t)p->out_padded + c] = without_tiny(weights[c * taps + n]);
    const int number =
        wr_program_table(lowering->program, table, taps * (size_t)p->out_padded * sizeof *table);
    free(table);
    return number;
}

void wr_net_conv(struct wr_lowering *lowering, const struct wr_layer *layer,
                 const struct wr_net_tensor *in, struct wr_net_tensor *out)
{
    const struct net_conv arguments = {
        .kernel_width = layer->kernel_width,
        .kernel_height = layer->kernel_height,
        .left = layer->left,
        .top = layer->top,
        .in_channels = in->size.channels,
        .in_padded = wr_net_padded(in->size.channels),
        .out_channels = layer->out.channels,
        .out_padded = wr_net_padded(layer->out.channels),
        .activation = {layer->activation, layer->low, layer->high},
    };
    const int weights = reorder(lowering, &arguments, layer->weights);
    const int bias =
        wr_net_table(lowering, layer->bias, arguments.out_channels, arguments.out_padded);
    const int slope =
        layer->activation == WR_ACTIVATION_PRELU
            ? wr_net_table(lowering, layer->slope, arguments.out_channels, arguments.out_padded)
            : bias;
    struct wr_pass *pass = wr_net_pass(lowering, &wr_net_conv_kernel, &arguments, layer->out, out);
    wr_pass_in(pass, in->plane);
    wr_pass_table(pass, weights);
    wr_pass_table(pass, bias);
    wr_pass_table(pass, slope);
    pass->span = layer->kernel_width * layer->kernel_height * in->size.channels;
    pass->scratch = net_conv_scratch(&arguments);
    pass->work = layer->kernel_width * layer->kernel_height * arguments.in_padded;
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
