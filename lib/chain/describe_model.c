// SPDX-License-Identifier: MIT
// The network in a model file in words and numbers.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/model/measure.h"
#include "kernels/model/model.h"
#include "lib/warpreel.h"

// A size that most networks take; numbers for each pixel do not depend on it.
enum { SIZE = 240 };

static const char *const kinds[] = {
    [WR_LAYER_CONV] = "convolution",
    [WR_LAYER_CONV_TRANSPOSE] = "transposed",
    [WR_LAYER_PER_VALUE] = "activation",
    [WR_LAYER_ADD] = "add",
    [WR_LAYER_SUBTRACT] = "subtract",
    [WR_LAYER_MULTIPLY] = "multiply",
    [WR_LAYER_DEPTH_TO_SPACE] = "depth to space",
    [WR_LAYER_SPACE_TO_DEPTH] = "space to depth",
    [WR_LAYER_RESIZE_NEAREST] = "resize, nearest",
    [WR_LAYER_REPEAT] = "repeat channels",
    [WR_LAYER_RESIZE_LINEAR] = "resize, linear",
    [WR_LAYER_CONCAT] = "concatenate",
    [WR_LAYER_SLICE] = "slice",
    [WR_LAYER_PAD] = "pad",
};
static const char *const activations[] = {
    [WR_ACTIVATION_NONE] = "",           [WR_ACTIVATION_RELU] = "relu",
    [WR_ACTIVATION_PRELU] = "prelu",     [WR_ACTIVATION_CLIP] = "clip",
    [WR_ACTIVATION_SIGMOID] = "sigmoid", [WR_ACTIVATION_TANH] = "tanh",
    [WR_ACTIVATION_SWISH] = "swish",
};

// Copies a name, or of a long one the end, from where a character of UTF-8 begins.
static void copy_end(char *to, size_t room, const char *name)
{
    const size_t length = strlen(name);
    const char *from = length < room ? name : name + length - room + 1;
    while (from > name && ((unsigned char)*from & 0xC0) == 0x80)
        from++;
    snprintf(to, room, "%s", from);
}

static const char *kind_of(const struct wr_layer *layer)
{
    const bool does_nothing = layer->kind == WR_LAYER_PER_VALUE && !layer->activation;
    return does_nothing ? "copy" : kinds[layer->kind];
}

static void describe_layer(const struct wr_network *network, int n, const struct wr_reach *reach,
                           struct wr_model_layer_info *info)
{
    const struct wr_layer *const layer = &network->layers[n];
    *info = (struct wr_model_layer_info){
        .kind = kind_of(layer),
        .activation = activations[layer->activation],
        .channels = layer->out.channels,
        .kernel_width = layer->kernel_width,
        .kernel_height = layer->kernel_height,
        .scale = 1 / reach[n + 1].step,
        .parameters = wr_layer_parameters(network, n),
        .macs = wr_layer_macs(network, n, reach),
    };
    copy_end(info->name, sizeof info->name, *layer->name ? layer->name : layer->type);
    snprintf(info->type, sizeof info->type, "%s", layer->type);
}

static bool describe_layers(const struct wr_network *network, struct wr_model_info *info)
{
    struct wr_reach *const reach = calloc((size_t)network->count + 1, sizeof *reach);
    info->layers = calloc((size_t)network->count, sizeof *info->layers);
    const bool has_memory = reach && info->layers;
    if (has_memory) {
        info->layer_count = network->count;
        wr_network_reach(network, reach);
        for (int n = 0; n < network->count; n++)
            describe_layer(network, n, reach, &info->layers[n]);
    }
    free(reach);
    return has_memory;
}

static bool describe(const struct wr_model_file *model, const struct wr_network *network,
                     struct wr_model_info *info)
{
    struct wr_network_facts facts;
    const struct wr_tensor input = wr_model_input(model);
    *info = (struct wr_model_info){0};
    if (!wr_network_measure(network, &facts))
        return false;
    *info = (struct wr_model_info){
        .format = wr_model_format(model),
        .width = input.width,
        .height = input.height,
        .channels_in = network->input.channels,
        .channels_out = network->layers[network->count - 1].out.channels,
        .scale = facts.scale,
        .border = facts.border,
        .reach = facts.reach,
        .parameters = facts.parameters,
        .macs = facts.macs,
        .live = facts.live,
    };
    return describe_layers(network, info);
}

enum wr_status wr_model_describe(const char *path, struct wr_model_info *info,
                                 struct wr_error *error)
{
    struct wr_model_file *model = NULL;
    struct wr_network *network = NULL;
    *info = (struct wr_model_info){0};
    enum wr_status status = wr_model_open(&model, path, error);
    if (!status) {
        const struct wr_tensor input = wr_model_input(model);
        status = wr_network_open(&network, model, input.width ? input.width : SIZE,
                                 input.height ? input.height : SIZE, error);
    }
    if (!status && !describe(model, network, info))
        status = wr_fail(error, WR_FAILED, "model '%s': out of memory", path);
    if (status)
        wr_model_info_free(info);
    wr_network_close(&network);
    wr_model_close(&model);
    return status;
}

void wr_model_info_free(struct wr_model_info *info)
{
    free(info->layers);
    *info = (struct wr_model_info){0};
}
