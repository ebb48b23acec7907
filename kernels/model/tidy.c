// SPDX-License-Identifier: MIT
// Makes a network smaller without changing a value of its result.
#include "kernels/model/tidy.h"

#include <stdlib.h>
#include <string.h>

static void close_layer(struct wr_layer *layer)
{
    free(layer->name);
    free(layer->type);
    free(layer->in);
    free(layer->weights);
    free(layer->bias);
    free(layer->constant);
    free(layer->slope);
    *layer = (struct wr_layer){0};
}

void wr_network_close(struct wr_network **network)
{
    if (!*network)
        return;
    for (int n = 0; n < (*network)->count; n++)
        close_layer(&(*network)->layers[n]);
    free((*network)->layers);
    free(*network);
    *network = NULL;
}

// The layer that makes a tensor, NULL for the input.
static struct wr_layer *maker(const struct wr_network *network, int tensor)
{
    return tensor ? &network->layers[tensor - 1] : NULL;
}

// How often each tensor is read. What the result does not need reads nothing.
static void count_readers(const struct wr_network *network, int result, int *readers)
{
    memset(readers, 0, ((size_t)network->count + 1) * sizeof *readers);
    readers[result] = 1;
    for (int n = network->count - 1; n >= 0; n--)
        for (int k = 0; readers[n + 1] && k < network->layers[n].inputs; k++)
            readers[network->layers[n].in[k]]++;
}

static bool is_sigmoid_of(const struct wr_layer *layer, int tensor)
{
    return layer && layer->kind == WR_LAYER_PER_VALUE && layer->in[0] == tensor &&
           layer->activation == WR_ACTIVATION_SIGMOID;
}

// x * sigmoid(x) is one activation of x.
static void join_swish(const struct wr_network *network, struct wr_layer *layer)
{
    if (layer->kind != WR_LAYER_MULTIPLY || layer->inputs != 2)
        return;
    const int first = layer->in[0], second = layer->in[1];
    const bool is_first = is_sigmoid_of(maker(network, second), first);
    if (!is_first && !is_sigmoid_of(maker(network, first), second))
        return;
    layer->kind = WR_LAYER_PER_VALUE;
    layer->inputs = 1;
    layer->in[0] = is_first ? first : second;
    layer->activation = WR_ACTIVATION_SWISH;
}

// Gives an activation to the layer before it. This layer does nothing then.
static void give_activation(const struct wr_network *network, struct wr_layer *layer,
                            const int *readers)
{
    struct wr_layer *const before =
        layer->kind == WR_LAYER_PER_VALUE ? maker(network, layer->in[0]) : NULL;
    if (!before || before->activation || readers[layer->in[0]] != 1)
        return;
    before->activation = layer->activation;
    before->slope = layer->slope;
    before->low = layer->low;
    before->high = layer->high;
    layer->activation = WR_ACTIVATION_NONE;
    layer->slope = NULL;
}

// Closes what is not needed and numbers the rest anew; *renamed has room for every tensor.
static void drop(struct wr_network *network, const int *readers, int *renamed)
{
    int kept = 0;
    renamed[0] = 0;
    for (int n = 0; n < network->count; n++) {
        struct wr_layer *const layer = &network->layers[n];
        const bool does_nothing = layer->kind == WR_LAYER_PER_VALUE && !layer->activation;
        for (int k = 0; readers[n + 1] && k < layer->inputs; k++)
            layer->in[k] = renamed[layer->in[k]];
        renamed[n + 1] = does_nothing && layer->in ? layer->in[0] : kept + 1;
        if (readers[n + 1] && !does_nothing)
            network->layers[kept++] = *layer;
        else
            close_layer(layer);
    }
    network->count = kept;
}

// A network that gives its input out again.
static bool add_nothing(struct wr_network *network)
{
    struct wr_layer *const layer = calloc(1, sizeof *layer);
    if (!layer)
        return false;
    free(network->layers);
    network->layers = layer;
    network->count = 1;
    *layer = (struct wr_layer){.kind = WR_LAYER_PER_VALUE,
                               .inputs = 1,
                               .name = strdup(""),
                               .type = strdup("Identity"),
                               .in = calloc(1, sizeof *layer->in),
                               .out = network->input};
    return layer->name && layer->type && layer->in;
}

bool wr_network_tidy(struct wr_network *network, int result)
{
    const size_t tensors = (size_t)network->count + 1;
    int *const readers = calloc(2 * tensors, sizeof *readers);
    if (!readers)
        return false;
    for (int n = 0; n < network->count; n++)
        join_swish(network, &network->layers[n]);
    count_readers(network, result, readers);
    for (int n = 0; n < network->count; n++)
        if (readers[n + 1])
            give_activation(network, &network->layers[n], readers);
    drop(network, readers, readers + tensors);
    free(readers);
    return network->count || add_nothing(network);
}
