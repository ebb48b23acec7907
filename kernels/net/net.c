// SPDX-License-Identifier: MIT
// Lowers the layers of a network in their order.
#include "kernels/net/net.h"

#include <stdlib.h>

#include "kernels/net/activation.h"

enum { MOST_INPUTS = 64, COLORS = 3 };

static const double usual_noise = 15;

int wr_net_colors_of(const struct wr_network *network)
{
    return network->input.channels < COLORS ? 1 : COLORS;
}

float wr_net_noise(double noise)
{
    return (float)((noise < 0 ? usual_noise : noise) / 255);
}

typedef void lower_layer(struct wr_lowering *lowering, const struct wr_layer *layer,
                         const struct wr_net_tensor *in, struct wr_net_tensor *out);

// Depth to space is left for whoever reads the tensor: the way out of it does that at once.
static void leave_spreading(struct wr_lowering *lowering, const struct wr_layer *layer,
                            const struct wr_net_tensor *in, struct wr_net_tensor *out)
{
    (void)lowering;
    *out = *in;
    out->size = layer->out;
    out->factor = layer->factor;
    out->depth_first = layer->column_major;
}

static const struct kind {
    lower_layer *lower;
    bool activates; // does the activation itself
} kinds[] = {
    [WR_LAYER_CONV] = {wr_net_conv, true},
    [WR_LAYER_CONV_TRANSPOSE] = {wr_net_conv_transpose, true},
    [WR_LAYER_PER_VALUE] = {wr_net_values, true},
    [WR_LAYER_ADD] = {wr_net_values, true},
    [WR_LAYER_SUBTRACT] = {wr_net_values, true},
    [WR_LAYER_MULTIPLY] = {wr_net_values, true},
    [WR_LAYER_DEPTH_TO_SPACE] = {leave_spreading, false},
    [WR_LAYER_SPACE_TO_DEPTH] = {wr_net_place, false},
    [WR_LAYER_RESIZE_NEAREST] = {wr_net_place, false},
    [WR_LAYER_REPEAT] = {wr_net_place, false},
    [WR_LAYER_RESIZE_LINEAR] = {wr_net_linear, false},
    [WR_LAYER_CONCAT] = {wr_net_concat, false},
    [WR_LAYER_SLICE] = {wr_net_place, false},
    [WR_LAYER_PAD] = {wr_net_place, false},
};

static enum wr_status check_layer(const struct wr_lowering *lowering, const struct wr_layer *layer)
{
    const int stride = layer->kind == WR_LAYER_CONV_TRANSPOSE ? layer->stride : 1;
    if (layer->inputs > MOST_INPUTS)
        return wr_refuse(lowering, "%s %s has %d inputs, at most %d are possible", layer->type,
                         layer->name, layer->inputs, MOST_INPUTS);
    if (stride > NET_COLUMNS || layer->out.channels > NET_COLUMNS / (stride * stride))
        return wr_refuse(lowering, "%s %s makes %d channels, at most %d are possible", layer->type,
                         layer->name, layer->out.channels, NET_COLUMNS / (stride * stride));
    return WR_OK;
}

// A network on its way through lowering.
struct lowered {
    struct wr_lowering *lowering;
    const struct wr_network *network;
    const float *steps;            // of each tensor as integers; NULL: convolutions take floats
    struct wr_net_tensor *tensors; // as layers made them
    struct wr_net_tensor *rounded; // as integers; without a plane: nobody needed them yet
    bool input_is_read;
};

static bool is_convolution(const struct wr_layer *layer)
{
    return layer->kind == WR_LAYER_CONV || layer->kind == WR_LAYER_CONV_TRANSPOSE;
}

// Whether a layer makes integers: it can, and all who read them take integers.
static bool makes_integers(const struct lowered *l, int n)
{
    const struct wr_network *network = l->network;
    bool all = l->steps && network->layers[n].kind == WR_LAYER_CONV && n + 1 < network->count;
    for (int reader = n + 1; reader < network->count; reader++)
        for (int k = 0; k < network->layers[reader].inputs; k++)
            all &=
                network->layers[reader].in[k] != n + 1 || is_convolution(&network->layers[reader]);
    return all;
}

// Appends once more the passes that make a plane of floats from what is none.
static struct wr_plane make_again(struct wr_lowering *lowering, struct wr_plane plane)
{
    struct wr_program *const program = lowering->program;
    int k = program->pass_count - 1;
    while (k >= 0 && program->passes[k].out[0].buffer != plane.buffer)
        k--;
    if (k < 0 || program->buffers[plane.buffer].storage != WR_F32)
        return plane;
    struct wr_pass again = program->passes[k];
    const struct wr_format *const format = &lowering->picture.format;
    for (int n = 0; n < again.inputs; n++)
        again.in[n] = make_again(lowering, again.in[n]);
    again.out[0] = wr_program_buffer(program, WR_F32, format, plane.width, plane.height);
    *wr_program_pass(program, again.kernel, again.label, format, again.arguments) = again;
    return again.out[0];
}

// A tensor as the layer takes it. The network's input is made anew for each layer but the first
// that reads it: so nobody has to keep it, and the picture it is made from is smaller.
static struct wr_net_tensor input_for(struct lowered *l, const struct wr_layer *layer, int number)
{
    struct wr_net_tensor *const tensor = &l->tensors[number], *const rounded = &l->rounded[number];
    wr_net_spread(l->lowering, tensor);
    if (tensor->steps > 0 || !l->steps || !is_convolution(layer)) {
        struct wr_net_tensor taken = *tensor;
        if (number == 0 && l->input_is_read)
            taken.plane = make_again(l->lowering, tensor->plane);
        l->input_is_read |= number == 0;
        return taken;
    }
    if (!rounded->factor) {
        *rounded = *tensor;
        wr_net_round(l->lowering, l->steps[number], rounded);
    }
    return *rounded;
}

static void lower_one(struct lowered *l, int n)
{
    const struct wr_layer *const layer = &l->network->layers[n];
    struct wr_net_tensor in[MOST_INPUTS], *const out = &l->tensors[n + 1];
    for (int k = 0; k < layer->inputs; k++)
        in[k] = input_for(l, layer, layer->in[k]);
    l->lowering->part = wr_program_name(l->lowering->program, l->lowering->filter, layer->name);
    const struct kind *kind = &kinds[layer->kind];
    out->steps = makes_integers(l, n) ? l->steps[n + 1] : 0;
    kind->lower(l->lowering, layer, in, out);
    if (kind->activates || layer->activation == WR_ACTIVATION_NONE)
        return;
    struct wr_layer rest = *layer;
    rest.kind = WR_LAYER_PER_VALUE;
    wr_net_spread(l->lowering, out);
    in[0] = *out;
    wr_net_values(l->lowering, &rest, in, out);
}

enum wr_status wr_net_lower(struct wr_lowering *lowering, const struct wr_network *network,
                            const float *steps, struct wr_net_tensor *tensors)
{
    struct wr_net_tensor *rounded = calloc((size_t)network->count + 1, sizeof *rounded);
    if (!rounded)
        return wr_fail(lowering->error, WR_FAILED, "out of memory while preparing the filters");
    struct lowered lowered = {lowering, network, steps, tensors, rounded, false};
    enum wr_status status = WR_OK;
    for (int n = 0; n < network->count && !status; n++) {
        status = check_layer(lowering, &network->layers[n]);
        if (!status)
            lower_one(&lowered, n);
    }
    lowering->part = NULL;
    free(rounded);
    return status;
}
