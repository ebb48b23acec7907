// SPDX-License-Identifier: MIT
// What ncnn's layers are in ONNX's words. Numbers of parameters are ncnn's.
#include <stdio.h>
#include <string.h>

#include "kernels/model/model.h"
#include "kernels/model/ncnn_nodes.h"

static enum wr_status read_input(struct wr_ncnn *n)
{
    if (n->model->input >= 0)
        return wr_ncnn_refuse(n, "it is a second input, and one is supported");
    const int channels = wr_ncnn_integer(n, 2, 0);
    if (channels < 0 || n->output_count != 1)
        return wr_ncnn_refuse(n, "it gives %d channels and %d outputs", channels, n->output_count);
    n->model->input = n->outputs[0];
    n->model->size.channels = channels;
    return wr_model_make(n->model, n->outputs[0], n->error);
}

static enum wr_status read_memory(struct wr_ncnn *n)
{
    const int64_t sizes[3] = {wr_ncnn_integer(n, 2, 1), wr_ncnn_integer(n, 1, 1),
                              wr_ncnn_integer(n, 0, 1)};
    if (wr_ncnn_integer(n, 21, 1) != 1 || n->output_count != 1)
        return wr_ncnn_refuse(n, "constants of this kind are not supported");
    const enum wr_status status = wr_model_make(n->model, n->outputs[0], n->error);
    return status ? status
                  : wr_ncnn_weights(n, false, 3, sizes, &n->model->values[n->outputs[0]].constant);
}

static enum wr_status read_prelu(struct wr_ncnn *n)
{
    const int64_t sizes[3] = {wr_ncnn_integer(n, 0, 0), 1, 1};
    struct wr_constant c;
    enum wr_status status = wr_ncnn_begin(n, "PRelu");
    if (!status)
        status = wr_ncnn_connect(n, 0, n->input_count);
    if (!status)
        status = wr_ncnn_weights(n, false, 3, sizes, &c);
    if (!status)
        status = wr_ncnn_constant(n, "slope", &c);
    return status ? status : wr_ncnn_end(n);
}

static enum wr_status read_relu(struct wr_ncnn *n)
{
    const double slope = wr_ncnn_number(n, 0, 0);
    enum wr_status status = wr_ncnn_begin(n, slope != 0 ? "LeakyRelu" : "Relu");
    if (!status)
        status = wr_ncnn_connect(n, 0, n->input_count);
    if (!status)
        status = wr_ncnn_set(n, "alpha", NULL, false, 1, &slope);
    return status ? status : wr_ncnn_end(n);
}

static enum wr_status read_clip(struct wr_ncnn *n)
{
    const double low = wr_ncnn_number(n, 0, -3.4028235e38),
                 high = wr_ncnn_number(n, 1, 3.4028235e38);
    enum wr_status status = wr_ncnn_begin(n, "Clip");
    if (!status)
        status = wr_ncnn_connect(n, 0, 1);
    if (!status)
        status = wr_ncnn_numbers(n, "min", false, 1, &low);
    if (!status)
        status = wr_ncnn_numbers(n, "max", false, 1, &high);
    return status ? status : wr_ncnn_end(n);
}

static enum wr_status rearrange(struct wr_ncnn *n, const char *operation)
{
    const double factor = wr_ncnn_integer(n, 0, 1);
    enum wr_status status = wr_ncnn_begin(n, operation);
    if (!status)
        status = wr_ncnn_connect(n, 0, n->input_count);
    if (!status)
        status = wr_ncnn_set_integers(n, "blocksize", 1, &factor);
    if (!status)
        status = wr_ncnn_set_text(n, "mode", wr_ncnn_integer(n, 1, 0) ? "DCR" : "CRD");
    return status ? status : wr_ncnn_end(n);
}

static enum wr_status read_pixel_shuffle(struct wr_ncnn *n)
{
    return rearrange(n, "DepthToSpace");
}

static enum wr_status read_reorg(struct wr_ncnn *n)
{
    return rearrange(n, "SpaceToDepth");
}

static enum wr_status read_interp(struct wr_ncnn *n)
{
    const int mode = wr_ncnn_integer(n, 0, 0);
    const double scales[4] = {1, 1, wr_ncnn_number(n, 1, 1), wr_ncnn_number(n, 2, 1)};
    static const char *const modes[] = {NULL, "nearest", "linear", "cubic"};
    if (n->input_count != 1 || mode < 1 || mode > 3 || wr_ncnn_integer(n, 3, 0) ||
        wr_ncnn_integer(n, 4, 0))
        return wr_ncnn_refuse(n, "it is supported by a factor only");
    enum wr_status status = wr_ncnn_begin(n, "Resize");
    if (!status)
        status = wr_ncnn_connect(n, 0, 1);
    if (!status)
        status = wr_node_input(n->model, n->node, -1, n->error);
    if (!status)
        status = wr_ncnn_numbers(n, "scales", false, 4, scales);
    if (!status)
        status = wr_ncnn_set_text(n, "mode", modes[mode]);
    if (!status && mode == 1)
        status = wr_ncnn_set_text(n, "nearest_mode", "floor");
    if (!status)
        status = wr_ncnn_set_text(n, "coordinate_transformation_mode",
                                  mode == 1                  ? "asymmetric"
                                  : wr_ncnn_integer(n, 6, 0) ? "align_corners"
                                                             : "half_pixel");
    return status ? status : wr_ncnn_end(n);
}

static enum wr_status read_binary(struct wr_ncnn *n)
{
    static const char *const operators[] = {"Add", "Sub", "Mul", "Div", NULL,
                                            NULL,  NULL,  "Sub", "Div"};
    const int kind = wr_ncnn_integer(n, 0, 0);
    const bool has_scalar = wr_ncnn_integer(n, 1, 0), is_reversed = kind >= 7;
    const double scalar = wr_ncnn_number(n, 2, 0);
    if (kind < 0 || kind > 8 || !operators[kind] || n->input_count != 2 - has_scalar)
        return wr_ncnn_refuse(n, "its operation %d with %d inputs is not supported", kind,
                              n->input_count);
    enum wr_status status = wr_ncnn_begin(n, operators[kind]);
    for (int k = 0; !status && k < 2; k++) {
        const int input = is_reversed ? 1 - k : k;
        status = input && has_scalar ? wr_ncnn_numbers(n, "operand", false, 1, &scalar)
                                     : wr_ncnn_connect(n, input, 1);
    }
    return status ? status : wr_ncnn_end(n);
}

// A value that a node makes for the next one of the same layer.
static enum wr_status pass_on(struct wr_ncnn *n, const char *what, int number, int *value)
{
    char name[32];
    snprintf(name, sizeof name, "%s %d", what, number);
    const enum wr_status status = wr_ncnn_inner(n, name, value);
    return status ? status : wr_node_output(n->model, n->node, *value, n->error);
}

// Input k of a sum, multiplied by its weight.
static enum wr_status weigh(struct wr_ncnn *n, int k, int *value)
{
    const struct wr_constant *const weights = &n->parameters[1];
    const double weight = k < (int)weights->count ? wr_constant_number(weights, (size_t)k) : 1;
    char name[32];
    *value = n->inputs[k];
    if (weight == 1)
        return WR_OK;
    snprintf(name, sizeof name, "weight %d", k);
    enum wr_status status = wr_ncnn_begin(n, "Mul");
    if (!status)
        status = wr_ncnn_connect(n, k, 1);
    if (!status)
        status = wr_ncnn_numbers(n, name, false, 1, &weight);
    return status ? status : pass_on(n, "weighted", k, value);
}

// A sum or a product of any number of pictures: one node after the other.
static enum wr_status read_eltwise(struct wr_ncnn *n)
{
    const int kind = wr_ncnn_integer(n, 0, 0);
    const bool is_sum = kind == 1;
    if (kind < 0 || kind > 1 || n->input_count < 2 || (!is_sum && n->parameters[1].count))
        return wr_ncnn_refuse(n, "only sums and products of two and more pictures are supported");
    int first, next = 0;
    enum wr_status status = weigh(n, 0, &first);
    for (int k = 1; !status && k < n->input_count; k++) {
        status = weigh(n, k, &next);
        if (!status)
            status = wr_ncnn_begin(n, is_sum ? "Add" : "Mul");
        if (!status)
            status = wr_node_input(n->model, n->node, first, n->error);
        if (!status)
            status = wr_node_input(n->model, n->node, next, n->error);
        if (!status && k < n->input_count - 1)
            status = pass_on(n, "of", k + 1, &first);
    }
    return status ? status : wr_ncnn_end(n);
}

static enum wr_status read_concat(struct wr_ncnn *n)
{
    const int axis = wr_ncnn_integer(n, 0, 0);
    const double onnx_axis = axis < 0 ? axis : axis + 1; // ncnn has no batch
    enum wr_status status = wr_ncnn_begin(n, "Concat");
    if (!status)
        status = wr_ncnn_connect(n, 0, n->input_count);
    if (!status)
        status = wr_ncnn_set_integers(n, "axis", 1, &onnx_axis);
    return status ? status : wr_ncnn_end(n);
}

// Layers that an operator stands for as they are, and those that take some reading.
static const struct layer {
    const char *name, *operation;
    enum wr_status (*read)(struct wr_ncnn *n);
} layers[] = {
    {"BinaryOp", NULL, read_binary},
    {"Clip", NULL, read_clip},
    {"Concat", NULL, read_concat},
    {"Convolution", NULL, wr_ncnn_convolution},
    {"Crop", NULL, wr_ncnn_crop},
    {"Deconvolution", NULL, wr_ncnn_deconvolution},
    {"Eltwise", NULL, read_eltwise},
    {"Input", NULL, read_input},
    {"Interp", NULL, read_interp},
    {"MemoryData", NULL, read_memory},
    {"PReLU", NULL, read_prelu},
    {"Padding", NULL, wr_ncnn_padding},
    {"PixelShuffle", NULL, read_pixel_shuffle},
    {"ReLU", NULL, read_relu},
    {"Reorg", NULL, read_reorg},
    {"Sigmoid", "Sigmoid", NULL},
    {"Slice", NULL, wr_ncnn_slice},
    {"Split", "Identity", NULL},
    {"Swish", "Swish", NULL},
    {"TanH", "Tanh", NULL},
};

enum wr_status wr_ncnn_layer(struct wr_ncnn *n)
{
    for (size_t k = 0; k < sizeof layers / sizeof *layers; k++)
        if (!strcmp(n->type, layers[k].name))
            return layers[k].read ? layers[k].read(n) : wr_ncnn_plain(n, layers[k].operation);
    return wr_ncnn_refuse(n, "this layer is not supported");
}

const char *wr_ncnn_layer_name(int n)
{
    return n < (int)(sizeof layers / sizeof *layers) ? layers[n].name : NULL;
}
