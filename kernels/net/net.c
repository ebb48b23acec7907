// SPDX-License-Identifier: MIT
// Lowers the layers of a network in their order.
#include "kernels/net/net.h"

#include <stdlib.h>

#include "kernels/net/activation.h"

enum { MOST_INPUTS = 64 };

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

static void lower_one(struct wr_lowering *lowering, const struct wr_layer *layer,
                      struct wr_net_tensor *tensors, struct wr_net_tensor *out)
{
    struct wr_net_tensor in[MOST_INPUTS];
    for (int n = 0; n < layer->inputs; n++) {
        wr_net_spread(lowering, &tensors[layer->in[n]]);
        in[n] = tensors[layer->in[n]];
    }
    const struct kind *kind = &kinds[layer->kind];
    kind->lower(lowering, layer, in, out);
    if (kind->activates || layer->activation == WR_ACTIVATION_NONE)
        return;
    struct wr_layer rest = *layer;
    rest.kind = WR_LAYER_PER_VALUE;
    wr_net_spread(lowering, out);
    in[0] = *out;
    wr_net_values(lowering, &rest, in, out);
}

enum wr_status wr_net_lower(struct wr_lowering *lowering, const struct wr_network *network,
                            struct wr_net_tensor *tensor)
{
    struct wr_net_tensor *tensors = calloc((size_t)network->count + 1, sizeof *tensors);
    if (!tensors)
        return wr_fail(lowering->error, WR_FAILED, "out of memory while preparing the filters");
    enum wr_status status = WR_OK;
    tensors[0] = *tensor;
    for (int n = 0; n < network->count && !status; n++) {
        status = check_layer(lowering, &network->layers[n]);
        if (!status)
            lower_one(lowering, &network->layers[n], tensors, &tensors[n + 1]);
    }
    *tensor = tensors[network->count];
    free(tensors);
    return status;
}
