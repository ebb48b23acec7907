// SPDX-License-Identifier: MIT
// What a network costs and reaches.
#include "kernels/model/measure.h"

#include <math.h>
#include <stdlib.h>

static struct wr_tensor tensor_of(const struct wr_network *network, int tensor)
{
    return tensor ? network->layers[tensor - 1].out : network->input;
}

// Of pixel x = k * factor + phase: which pixel of the smaller picture is the first that it reads,
// counted from k.
static double first_read(const struct wr_layer *layer, int phase)
{
    const double f = layer->factor;
    if (layer->kind != WR_LAYER_RESIZE_LINEAR)
        return 0;
    return floor(layer->half_pixel ? (phase + 0.5) / f - 0.5 : phase / f);
}

static struct wr_reach enlarge(struct wr_reach in, const struct wr_layer *layer)
{
    const bool is_linear = layer->kind == WR_LAYER_RESIZE_LINEAR;
    double first = 0, last = -layer->factor;
    for (int phase = 0; phase < layer->factor; phase++) {
        const double at = first_read(layer, phase) - (double)phase / layer->factor;
        first = fmin(first, at);
        last = fmax(last, at + is_linear);
    }
    // Aligned corners move samples by less than one pixel.
    first -= layer->align_corners;
    return (struct wr_reach){in.step / layer->factor, in.first + in.step * first,
                             in.last + in.step * last};
}

static struct wr_reach join(const struct wr_layer *layer, const struct wr_reach *reach)
{
    struct wr_reach all = reach[layer->in[0]];
    for (int k = 1; k < layer->inputs; k++) {
        all.first = fmin(all.first, reach[layer->in[k]].first);
        all.last = fmax(all.last, reach[layer->in[k]].last);
    }
    return all;
}

// Columns stand for rows, except where kernels and paddings differ: the larger one counts.
static struct wr_reach reach_of(const struct wr_layer *layer, const struct wr_reach *reach)
{
    struct wr_reach in = join(layer, reach);
    const int width = layer->kernel_width, height = layer->kernel_height;
    const int first = layer->left > layer->top ? layer->left : layer->top;
    const int after =
        width - layer->left > height - layer->top ? width - layer->left : height - layer->top;
    switch (layer->kind) {
    case WR_LAYER_CONV:
        return (struct wr_reach){in.step, in.first - first * in.step,
                                 in.last + (after - 1) * in.step};
    case WR_LAYER_CONV_TRANSPOSE: {
        const double step = in.step / layer->stride;
        return (struct wr_reach){step, in.first - (after - 1) * step, in.last + first * step};
    }
    case WR_LAYER_DEPTH_TO_SPACE:
    case WR_LAYER_RESIZE_NEAREST:
    case WR_LAYER_RESIZE_LINEAR:
        return enlarge(in, layer);
    case WR_LAYER_SPACE_TO_DEPTH:
        return (struct wr_reach){in.step * layer->factor, in.first,
                                 in.last + in.step * (layer->factor - 1)};
    case WR_LAYER_SLICE:
        return (struct wr_reach){in.step, in.first + layer->left * in.step,
                                 in.last + layer->left * in.step};
    case WR_LAYER_PAD:
        return (struct wr_reach){in.step, in.first - layer->left * in.step,
                                 in.last - layer->left * in.step};
    default:
        return in;
    }
}

void wr_network_reach(const struct wr_network *network, struct wr_reach *reach)
{
    reach[0] = (struct wr_reach){1, 0, 0};
    for (int n = 0; n < network->count; n++)
        reach[n + 1] = reach_of(&network->layers[n], reach);
}

static double weights_of(const struct wr_network *network, const struct wr_layer *layer)
{
    return layer->weights ? (double)layer->kernel_width * layer->kernel_height *
                                layer->out.channels * tensor_of(network, layer->in[0]).channels
                          : 0;
}

int64_t wr_layer_parameters(const struct wr_network *network, int n)
{
    const struct wr_layer *const layer = &network->layers[n];
    const int lists = (layer->bias != NULL) + (layer->slope != NULL) + (layer->constant != NULL);
    return (int64_t)weights_of(network, layer) + (int64_t)lists * layer->out.channels;
}

double wr_layer_macs(const struct wr_network *network, int n, const struct wr_reach *reach)
{
    const struct wr_layer *const layer = &network->layers[n];
    // Each weight of a transposed convolution meets each pixel of its input once.
    const double step =
        layer->kind == WR_LAYER_CONV_TRANSPOSE ? reach[layer->in[0]].step : reach[n + 1].step;
    return weights_of(network, layer) / (step * step);
}

// Whether a layer can write over what it reads.
static bool is_in_place(const struct wr_layer *layer)
{
    return layer->kind == WR_LAYER_PER_VALUE || layer->kind == WR_LAYER_CONCAT ||
           (layer->kind >= WR_LAYER_ADD && layer->kind <= WR_LAYER_MULTIPLY);
}

static double values_of(const struct wr_network *network, int tensor, const struct wr_reach *reach)
{
    return tensor_of(network, tensor).channels / (reach[tensor].step * reach[tensor].step);
}

// The most values at one time; *last has room for the last reader of each tensor.
static double find_live(const struct wr_network *network, const struct wr_reach *reach, int *last)
{
    for (int n = 0; n < network->count; n++)
        for (int k = 0; k < network->layers[n].inputs; k++)
            last[network->layers[n].in[k]] = n;
    last[network->count] = network->count;
    double now = values_of(network, 0, reach), most = now;
    for (int n = 0; n < network->count; n++) {
        const struct wr_layer *const layer = &network->layers[n];
        const double made = values_of(network, n + 1, reach);
        double freed = 0;
        for (int k = 0; k < layer->inputs; k++) {
            const int in = layer->in[k];
            if (last[in] == n)
                freed += values_of(network, in, reach);
            if (last[in] == n)
                last[in] = -1; // an input that is named twice counts once
        }
        const double replaced = is_in_place(layer) ? fmin(freed, made) : 0;
        most = fmax(most, now + made - replaced);
        now += made - freed;
    }
    return most;
}

// How far the result's pixels read from the pixel of the input that they lie in, or the pixels that
// lie in them. What is lost at the border is taken to be lost on both sides alike.
static void find_place(const struct wr_network *network, struct wr_reach last,
                       struct wr_network_facts *facts)
{
    const double nearly = 1e-6;
    const struct wr_tensor out = tensor_of(network, network->count);
    const double lost = (network->input.width - out.width * last.step) / 2;
    const double before = -ceil(last.first - lost - nearly);
    const double after = floor(last.last - lost + 1 - last.step + nearly);
    facts->scale = 1 / last.step;
    facts->border = lost > 0 ? (int)ceil(lost) : 0;
    facts->reach = (int)fmax(fmax(before, after), 0);
}

bool wr_network_measure(const struct wr_network *network, struct wr_network_facts *facts)
{
    const size_t tensors = (size_t)network->count + 1;
    struct wr_reach *const reach = calloc(tensors, sizeof *reach);
    int *const last = calloc(tensors, sizeof *last);
    *facts = (struct wr_network_facts){0};
    if (reach && last) {
        wr_network_reach(network, reach);
        for (int n = 0; n < network->count; n++) {
            facts->parameters += wr_layer_parameters(network, n);
            facts->macs += wr_layer_macs(network, n, reach);
        }
        facts->live = find_live(network, reach, last);
        find_place(network, reach[network->count], facts);
    }
    const bool is_done = reach && last;
    free(reach);
    free(last);
    return is_done;
}
