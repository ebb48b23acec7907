// SPDX-License-Identifier: MIT
// Layers that take values from other places: tables of where from.
#include "kernels/net/moves.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/net/layer.h"

enum {
    net_place_scratch_use = WR_NO_SCRATCH,
    net_linear_scratch_use = WR_NO_SCRATCH,
    net_concat_scratch_use = WR_NO_SCRATCH,
};
WR_DEFINE_KERNELS

// Where the values of a layer come from.
struct places {
    struct net_place arguments;
    int32_t *columns, *rows; // pixels and rows of the input, -1: none
    int32_t *further;        // see net_place
    int row_count;           // of the input, that a row of the output reads
};

static void close_places(struct places *places)
{
    free(places->columns);
    free(places->rows);
    free(places->further);
}

static bool open_places(struct places *places, struct wr_tensor out, int phases)
{
    const int padded = wr_net_padded(out.channels);
    *places = (struct places){
        .arguments = {out.channels, padded, phases, phases, 0.0f},
        .columns = calloc((size_t)out.width, sizeof *places->columns),
        .rows = calloc((size_t)out.height, sizeof *places->rows),
        .further = calloc((size_t)(2 * phases * phases * padded), sizeof *places->further),
        .row_count = 1,
    };
    return places->columns && places->rows && places->further;
}

// Where sample n of a direction comes from, -1: nowhere.
static int source(const struct wr_layer *layer, int n, int before, int size)
{
    int from = n;
    switch (layer->kind) {
    case WR_LAYER_DEPTH_TO_SPACE:
    case WR_LAYER_RESIZE_NEAREST:
        return wr_min(n / layer->factor, size - 1);
    case WR_LAYER_SPACE_TO_DEPTH:
        return n * layer->factor;
    case WR_LAYER_REPEAT:
        return n;
    case WR_LAYER_SLICE:
        return n + before;
    default:
        from = n - before;
        if (from >= 0 && from < size)
            return from;
        if (layer->edge == WR_EDGE_CONSTANT)
            return -1;
        if (layer->edge == WR_EDGE_REFLECT)
            from = from < 0 ? -from : 2 * (size - 1) - from;
        return wr_clamp(from, 0, size - 1);
    }
}

// How many elements and rows further than its pixel a channel comes from.
static void find_further(const struct wr_layer *layer, int in_padded, struct places *places)
{
    const int factor = layer->factor, channels = layer->out.channels, squared = factor * factor;
    for (int phase = 0; phase < places->arguments.phase_rows * places->arguments.phase_columns;
         phase++)
        for (int c = 0; c < channels; c++) {
            int32_t *further = places->further + 2 * (phase * places->arguments.padded + c);
            if (layer->kind == WR_LAYER_DEPTH_TO_SPACE) {
                further[0] = layer->column_major ? phase * channels + c : c * squared + phase;
            } else if (layer->kind == WR_LAYER_SPACE_TO_DEPTH) {
                const int of_input = channels / squared;
                const int part = layer->column_major ? c / of_input : c % squared;
                const int from = layer->column_major ? c % of_input : c / squared;
                further[0] = part % factor * in_padded + from;
                further[1] = part / factor;
            } else if (layer->kind == WR_LAYER_REPEAT) {
                further[0] = layer->column_major ? c % (channels / squared) : c / squared;
            } else {
                further[0] = c + (layer->kind == WR_LAYER_SLICE ? layer->first : 0);
            }
        }
}

static void fill_places(const struct wr_layer *layer, const struct wr_net_tensor *in,
                        struct places *places)
{
    const int in_padded = wr_net_padded(in->size.channels);
    for (int x = 0; x < layer->out.width; x++) {
        const int from = source(layer, x, layer->left, in->size.width);
        places->columns[x] = from < 0 ? -1 : from * in_padded;
    }
    for (int y = 0; y < layer->out.height; y++)
        places->rows[y] = source(layer, y, layer->top, in->size.height);
    find_further(layer, in_padded, places);
    places->arguments.outside = layer->value;
    places->row_count = layer->kind == WR_LAYER_SPACE_TO_DEPTH ? layer->factor : 1;
}

// A table of the pass's own, all of which its kernel may read.
static void add_table(struct wr_program *program, struct wr_pass *pass, const void *data,
                      size_t bytes)
{
    wr_pass_table(pass, wr_program_table(program, data, bytes), bytes);
}

void wr_net_place(struct wr_lowering *lowering, const struct wr_layer *layer,
                  const struct wr_net_tensor *in, struct wr_net_tensor *out)
{
    struct places places;
    const int phases = layer->kind == WR_LAYER_DEPTH_TO_SPACE ? layer->factor : 1;
    const struct wr_tensor size = layer->out;
    if (!open_places(&places, size, phases)) {
        lowering->program->out_of_memory = true;
        close_places(&places);
        return;
    }
    fill_places(layer, in, &places);
    struct wr_program *program = lowering->program;
    const size_t columns = sizeof(int32_t) * (size_t)size.width;
    const size_t rows = sizeof(int32_t) * (size_t)size.height;
    const size_t pairs = sizeof(int32_t) * (size_t)(2 * phases * phases * places.arguments.padded);
    struct wr_pass *pass =
        wr_net_pass(lowering, &wr_net_place_kernel, &places.arguments, size, out);
    wr_pass_in(pass, in->plane);
    add_table(program, pass, places.columns, columns);
    add_table(program, pass, places.rows, rows);
    add_table(program, pass, places.further, pairs);
    wr_net_rows(lowering, pass, places.rows, places.row_count);
    close_places(&places);
}

void wr_net_spread(struct wr_lowering *lowering, struct wr_net_tensor *tensor)
{
    const int factor = tensor->factor;
    if (factor == 1)
        return;
    const struct wr_layer layer = {.kind = WR_LAYER_DEPTH_TO_SPACE,
                                   .out = tensor->size,
                                   .factor = factor,
                                   .column_major = tensor->depth_first};
    struct wr_net_tensor in = *tensor;
    in.size = (struct wr_tensor){tensor->size.channels * factor * factor,
                                 (tensor->size.width + factor - 1) / factor,
                                 (tensor->size.height + factor - 1) / factor};
    wr_net_place(lowering, &layer, &in, tensor);
}

// For each sample of a direction the one before it in the input, and how far it is from there.
static void find_between(const struct wr_layer *layer, int in, int out, int32_t *before,
                         float *along)
{
    for (int n = 0; n < out; n++) {
        const double at = layer->align_corners ? (out > 1 ? (double)n * (in - 1) / (out - 1) : 0)
                          : layer->half_pixel  ? (n + 0.5) / layer->factor - 0.5
                                               : (double)n / layer->factor;
        const double within = fmin(fmax(at, 0), in - 1);
        before[n] = (int32_t)within;
        along[n] = (float)(within - before[n]);
    }
}

void wr_net_linear(struct wr_lowering *lowering, const struct wr_layer *layer,
                   const struct wr_net_tensor *in, struct wr_net_tensor *out)
{
    const struct wr_tensor size = layer->out;
    const size_t most = (size_t)wr_max(size.width, size.height);
    int32_t *before = calloc(most, sizeof *before);
    float *along = calloc(most, sizeof *along);
    if (!before || !along) {
        lowering->program->out_of_memory = true;
    } else {
        struct wr_program *program = lowering->program;
        const struct net_linear arguments = {wr_net_padded(size.channels)};
        struct wr_pass *pass = wr_net_pass(lowering, &wr_net_linear_kernel, &arguments, size, out);
        wr_pass_in(pass, in->plane);
        const size_t columns = (size_t)size.width, rows = (size_t)size.height;
        find_between(layer, in->size.width, size.width, before, along);
        add_table(program, pass, before, columns * sizeof *before);
        add_table(program, pass, along, columns * sizeof *along);
        find_between(layer, in->size.height, size.height, before, along);
        add_table(program, pass, before, rows * sizeof *before);
        add_table(program, pass, along, rows * sizeof *along);
        wr_net_rows(lowering, pass, before, 2);
    }
    free(before);
    free(along);
}

// More tensors than a pass takes are put together in several passes.
void wr_net_concat(struct wr_lowering *lowering, const struct wr_layer *layer,
                   const struct wr_net_tensor *in, struct wr_net_tensor *out)
{
    struct wr_net_tensor together = in[0];
    int next = 1;
    do {
        const struct wr_net_tensor *parts[WR_MAX_INPUTS] = {&together};
        struct net_concat arguments = {.inputs = 1};
        while (arguments.inputs < WR_MAX_INPUTS && next < layer->inputs)
            parts[arguments.inputs++] = &in[next++];
        int channels = 0;
        for (int n = 0; n < arguments.inputs; n++) {
            channels += parts[n]->size.channels;
            arguments.end[n] = channels;
            arguments.in_padded[n] = wr_net_padded(parts[n]->size.channels);
        }
        const struct wr_tensor size = {channels, layer->out.width, layer->out.height};
        arguments.padded = wr_net_padded(channels);
        struct wr_pass *pass = wr_net_pass(lowering, &wr_net_concat_kernel, &arguments, size, out);
        for (int n = 0; n < arguments.inputs; n++)
            wr_pass_in(pass, parts[n]->plane);
        together = *out;
    } while (next < layer->inputs);
}
