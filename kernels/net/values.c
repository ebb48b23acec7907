// SPDX-License-Identifier: MIT
// Layers that compute each value by itself, and the ways into tensors and out of them.
#include "kernels/net/values.h"

#include "kernels/net/layer.h"
#include "kernels/net/net.h"

enum {
    net_values_scratch_use = WR_NO_SCRATCH,
    net_load_scratch_use = WR_NO_SCRATCH,
    net_store_scratch_use = WR_NO_SCRATCH,
};
WR_DEFINE_KERNELS

static int operation_of(const struct wr_layer *layer)
{
    switch (layer->kind) {
    case WR_LAYER_ADD:
        return NET_ADD;
    case WR_LAYER_SUBTRACT:
        return layer->inputs == 1 && layer->constant_first ? NET_SUBTRACT_FROM : NET_SUBTRACT;
    case WR_LAYER_MULTIPLY:
        return NET_MULTIPLY;
    default:
        return NET_ACTIVATE;
    }
}

void wr_net_values(struct wr_lowering *lowering, const struct wr_layer *layer,
                   const struct wr_net_tensor *in, struct wr_net_tensor *out)
{
    const int operation = operation_of(layer), channels = layer->out.channels;
    const struct net_values arguments = {
        .operation = operation,
        .is_constant = operation != NET_ACTIVATE && layer->inputs == 1,
        .padded = wr_net_padded(channels),
        .activation = {layer->activation, layer->low, layer->high},
    };
    const int slopes =
        wr_net_table(lowering, layer->activation == WR_ACTIVATION_PRELU ? layer->slope : NULL,
                     channels, arguments.padded);
    const int constants = arguments.is_constant
                              ? wr_net_table(lowering, layer->constant, channels, arguments.padded)
                              : slopes;
    struct wr_pass *pass =
        wr_net_pass(lowering, &wr_net_values_kernel, &arguments, layer->out, out);
    pass->in_place = true;
    wr_pass_in(pass, in[0].plane);
    if (operation != NET_ACTIVATE && layer->inputs == 2)
        wr_pass_in(pass, in[1].plane);
    const size_t bytes = (size_t)arguments.padded * sizeof(float);
    wr_pass_table(pass, slopes, bytes);
    wr_pass_table(pass, constants, bytes);
}

void wr_net_round(struct wr_lowering *lowering, float steps, struct wr_net_tensor *tensor)
{
    const struct net_round arguments = {steps};
    const struct wr_plane from = tensor->plane;
    wr_pass_in(wr_net_pass(lowering, &wr_net_round_kernel, &arguments, tensor->size, tensor), from);
    tensor->steps = steps;
}

void wr_net_load(struct wr_lowering *lowering, const struct wr_plane *planes, int count,
                 int channels, float rest, struct wr_net_tensor *tensor)
{
    const struct wr_tensor size = {channels, planes[0].width, planes[0].height};
    const struct net_load arguments = {
        .planes = count,
        .padded = wr_net_padded(channels),
        .largest = (float)((1 << lowering->picture.format.depth) - 1),
        .rest = rest,
    };
    struct wr_pass *pass = wr_net_pass(lowering, &wr_net_load_kernel, &arguments, size, tensor);
    for (int n = 0; n < count; n++)
        wr_pass_in(pass, planes[n]);
}

struct wr_plane wr_net_store(struct wr_lowering *lowering, const struct wr_net_tensor *tensor,
                             int channel, const struct wr_plane *before, double strength)
{
    const int parts = tensor->factor * tensor->factor;
    const struct net_store arguments = {
        .channel = channel,
        .channels = tensor->size.channels,
        .padded = wr_net_padded(tensor->size.channels * parts),
        .factor = tensor->factor,
        .depth_first = tensor->depth_first,
        .max = (1 << lowering->picture.format.depth) - 1,
        .strength = (float)strength,
        .mixes = before != NULL,
    };
    const struct wr_format *format = &lowering->picture.format;
    struct wr_pass *pass = wr_program_pass(lowering->program, &wr_net_store_kernel,
                                           lowering->filter, format, &arguments);
    const struct wr_plane plane = wr_program_buffer(lowering->program, WR_SAMPLE, format,
                                                    tensor->size.width, tensor->size.height);
    wr_pass_in(pass, tensor->plane);
    if (before)
        wr_pass_in(pass, *before);
    wr_pass_out(pass, plane);
    pass->span = 1;
    wr_net_near_rows(lowering, pass, tensor->factor, 0, 1);
    return plane;
}
