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

// The layer that an activation goes to: the one before it, or, if that is depth to space, the one
// before that, so that nobody has to spread the values first. NULL: none.
static struct wr_layer *find_taker(const struct wr_network *network, const struct wr_layer *layer,
                                   const int *readers)
{
    if (layer->kind != WR_LAYER_PER_VALUE || readers[layer->in[0]] != 1)
        return NULL;
    struct wr_layer *const before = maker(network, layer->in[0]);
    const bool only_spreads = before && before->kind == WR_LAYER_DEPTH_TO_SPACE &&
                              !before->activation && readers[before->in[0]] == 1;
    struct wr_layer *const first =
        only_spreads && !layer->slope ? maker(network, before->in[0]) : NULL;
    struct wr_layer *const taker = first && !first->activation ? first : before;
    return taker && !taker->activation ? taker : NULL;
}

// Gives an activation to a layer before it. This layer does nothing then.
static void give_activation(const struct wr_network *network, struct wr_layer *layer,
                            const int *readers)
{
    struct wr_layer *const before = find_taker(network, layer, readers);
    if (!before)
        return;
    before->activation = layer->activation;
    before->slope = layer->slope;
    before->low = layer->low;
    before->high = layer->high;
    layer->activation = WR_ACTIVATION_NONE;
    layer->slope = NULL;
}

static bool combines_two(const struct wr_layer *layer)
{
    return layer->kind >= WR_LAYER_ADD && layer->kind <= WR_LAYER_MULTIPLY && layer->inputs == 2 &&
           !layer->slope;
}

static bool only_moves(const struct wr_network *network, int tensor, enum wr_layer_kind kind,
                       const int *readers)
{
    const struct wr_layer *const layer = maker(network, tensor);
    return layer && layer->kind == kind && !layer->activation && readers[tensor] == 1;
}

// Depth to space of one tensor, plus another enlarged by repeating its pixels, is depth to space of
// a sum: that of the one tensor and the other one's channels repeated. So nothing as large as the
// result lies between the layers. The same for differences and products. The three layers change
// places, so that each still comes after those that it reads.
static void add_before_spreading(const struct wr_network *network, int n, const int *readers)
{
    struct wr_layer *const layers = network->layers;
    if (!combines_two(&layers[n]))
        return;
    const int *const in = layers[n].in;
    const int enlarged = only_moves(network, in[1], WR_LAYER_RESIZE_NEAREST, readers) ? 1 : 0;
    if (!only_moves(network, in[enlarged], WR_LAYER_RESIZE_NEAREST, readers) ||
        !only_moves(network, in[1 - enlarged], WR_LAYER_DEPTH_TO_SPACE, readers))
        return;
    struct wr_layer sum = layers[n], repeat = *maker(network, in[enlarged]),
                    spread = *maker(network, in[1 - enlarged]);
    const int first = in[0] < in[1] ? in[0] : in[1], second = in[0] + in[1] - first;
    if (spread.factor != repeat.factor || repeat.in[0] >= first || !spread.in[0])
        return;
    repeat.kind = WR_LAYER_REPEAT;
    repeat.column_major = spread.column_major;
    repeat.out = sum.out = maker(network, spread.in[0])->out;
    sum.in[enlarged] = first;
    sum.in[1 - enlarged] = spread.in[0];
    spread.in[0] = second;
    layers[first - 1] = repeat;
    layers[second - 1] = sum;
    layers[n] = spread;
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
    for (int n = 0; n < network->count; n++)
        if (readers[n + 1])
            add_before_spreading(network, n, readers);
    drop(network, readers, readers + tensors);
    free(readers);
    return network->count || add_nothing(network);
}
