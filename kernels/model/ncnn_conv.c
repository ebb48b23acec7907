// SPDX-License-Identifier: MIT
// ncnn's convolutions in ONNX's words. Numbers of parameters are ncnn's.
#include <stdlib.h>

#include "kernels/model/ncnn_nodes.h"

enum { AUTOMATIC = -233, SAME_LOWER = -234 };

// Ends a node with the activation that is a parameter of its layer.
static enum wr_status end_activated(struct wr_ncnn *n)
{
    static const char *const operators[] = {NULL, "Relu", "LeakyRelu", "Clip", "Sigmoid"};
    const int kind = wr_ncnn_integer(n, 9, 0);
    const struct wr_constant *const numbers = &n->parameters[10];
    if (!kind)
        return wr_ncnn_end(n);
    if (kind < 0 || kind > 4)
        return wr_ncnn_refuse(n, "its activation %d is not supported", kind);
    int value;
    enum wr_status status = wr_ncnn_inner(n, "without activation", &value);
    if (!status)
        status = wr_node_output(n->model, n->node, value, n->error);
    if (!status)
        status = wr_ncnn_begin(n, operators[kind]);
    if (!status)
        status = wr_node_input(n->model, n->node, value, n->error);
    if (!status && kind == 2) {
        const double slope = numbers->count ? wr_constant_number(numbers, 0) : 0;
        status = wr_ncnn_set(n, "alpha", NULL, false, 1, &slope);
    }
    for (size_t k = 0; !status && kind == 3 && k < 2 && k < numbers->count; k++) {
        const double limit = wr_constant_number(numbers, k);
        status = wr_ncnn_numbers(n, k ? "max" : "min", false, 1, &limit);
    }
    return status ? status : wr_ncnn_end(n);
}

static enum wr_status set_padding(struct wr_ncnn *n)
{
    const int left = wr_ncnn_integer(n, 4, 0), top = wr_ncnn_integer(n, 14, left);
    const int right = wr_ncnn_integer(n, 15, left), bottom = wr_ncnn_integer(n, 16, top);
    if (left == AUTOMATIC || left == SAME_LOWER)
        return wr_ncnn_set_text(n, "auto_pad", left == AUTOMATIC ? "SAME_UPPER" : "SAME_LOWER");
    const double pads[] = {top, left, bottom, right};
    return wr_ncnn_set_integers(n, "pads", 4, pads);
}

// The weights as ONNX has them: those of a transposed convolution begin with the input channel.
static enum wr_status add_weights(struct wr_ncnn *n, int width, int height, bool is_transposed)
{
    const int64_t out = wr_ncnn_integer(n, 0, 0), all = wr_ncnn_integer(n, 6, 0);
    const int64_t each = out * width * height, in = each > 0 && all % each == 0 ? all / each : 0;
    const int64_t sizes[4] = {out, in, height, width};
    struct wr_constant c;
    enum wr_status status = wr_ncnn_weights(n, true, 4, sizes, &c);
    if (!status && is_transposed) {
        const int64_t turned[4] = {in, out, height, width}, kernel = (int64_t)width * height;
        const int64_t steps[4] = {kernel, in * kernel, width, 1};
        struct wr_constant before = c;
        if (!wr_constant_pick(&c, &before, 4, turned, 0, steps))
            status = wr_fail(n->error, WR_FAILED, "model '%s': out of memory", n->model->path);
        wr_constant_close(&before);
    }
    return status ? status : wr_ncnn_constant(n, "weights", &c);
}

static enum wr_status convolve(struct wr_ncnn *n, bool is_transposed)
{
    const int width = wr_ncnn_integer(n, 1, 0), height = wr_ncnn_integer(n, 11, width);
    const double strides[2] = {wr_ncnn_integer(n, 13, wr_ncnn_integer(n, 3, 1)),
                               wr_ncnn_integer(n, 3, 1)};
    const double dilations[2] = {wr_ncnn_integer(n, 12, wr_ncnn_integer(n, 2, 1)),
                                 wr_ncnn_integer(n, 2, 1)};
    const double more[2] = {wr_ncnn_integer(n, 19, 0), wr_ncnn_integer(n, 18, 0)};
    const int64_t biases = wr_ncnn_integer(n, 0, 0);
    if (width < 1 || height < 1 || width > 255 || height > 255 || n->input_count != 1)
        return wr_ncnn_refuse(n, "%d inputs and a kernel of %dx%d are not supported",
                              n->input_count, width, height);
    if (wr_ncnn_integer(n, 8, 0) || (!is_transposed && wr_ncnn_number(n, 18, 0) != 0) ||
        wr_ncnn_integer(n, 20, 0) || wr_ncnn_integer(n, 21, 0))
        return wr_ncnn_refuse(n, "one of its parameters 8, 18, 20 and 21 is not supported");
    enum wr_status status = wr_ncnn_begin(n, is_transposed ? "ConvTranspose" : "Conv");
    if (!status)
        status = wr_ncnn_connect(n, 0, 1);
    if (!status)
        status = add_weights(n, width, height, is_transposed);
    if (!status && wr_ncnn_integer(n, 5, 0)) {
        struct wr_constant c;
        status = wr_ncnn_weights(n, false, 1, &biases, &c);
        if (!status)
            status = wr_ncnn_constant(n, "bias", &c);
    }
    if (!status)
        status = wr_ncnn_set_integers(n, "strides", 2, strides);
    if (!status)
        status = wr_ncnn_set_integers(n, "dilations", 2, dilations);
    if (!status && is_transposed)
        status = wr_ncnn_set_integers(n, "output_padding", 2, more);
    if (!status)
        status = set_padding(n);
    return status ? status : end_activated(n);
}

enum wr_status wr_ncnn_convolution(struct wr_ncnn *n)
{
    return convolve(n, false);
}

enum wr_status wr_ncnn_deconvolution(struct wr_ncnn *n)
{
    return convolve(n, true);
}