// SPDX-License-Identifier: MIT
// A small convolutional network for frames of one size: layers in the order in which they are
// computed, between tensors whose sizes are known.
//
// A tensor is a picture of so many channels. Its values are float32. Tensor 0 is the network's
// input, each layer makes one more: layer n makes tensor n + 1, from tensors made before it. The
// last layer makes the result.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct wr_tensor {
    int channels, width, height;
};

enum wr_layer_kind {
    WR_LAYER_CONV,           // stride 1, outside the picture 0
    WR_LAYER_CONV_TRANSPOSE, // the transpose of a convolution of that stride
    WR_LAYER_PER_VALUE,      // only the activation
    WR_LAYER_ADD,            // of two tensors, or of one and a constant; so also the next two
    WR_LAYER_SUBTRACT,
    WR_LAYER_MULTIPLY,
    WR_LAYER_DEPTH_TO_SPACE,
    WR_LAYER_SPACE_TO_DEPTH,
    WR_LAYER_RESIZE_NEAREST,
    WR_LAYER_REPEAT, // each channel factor * factor times, as DEPTH_TO_SPACE would look for it
    WR_LAYER_RESIZE_LINEAR,
    WR_LAYER_CONCAT, // along the channels, in the order of the inputs
    WR_LAYER_SLICE,  // a box of the input
    WR_LAYER_PAD
};

// What is done to each value that a layer has computed, before it is stored.
enum wr_activation {
    WR_ACTIVATION_NONE,
    WR_ACTIVATION_RELU,
    WR_ACTIVATION_PRELU, // x < 0: x * slope of the channel; also for LeakyRelu
    WR_ACTIVATION_CLIP,  // into [low, high]
    WR_ACTIVATION_SIGMOID,
    WR_ACTIVATION_TANH,
    WR_ACTIVATION_SWISH // x * sigmoid(x)
};

enum wr_edge { WR_EDGE_CONSTANT, WR_EDGE_REFLECT, WR_EDGE_NEAREST };

struct wr_layer {
    enum wr_layer_kind kind;
    char *name; // the node's in the file, for messages
    char *type; // what the file calls the operator, for messages
    int inputs; // how many of `in` there are
    int *in;    // tensor numbers
    struct wr_tensor out;

    // Convolutions: weights[output channel][y][x][input channel], bias[output channel], never
    // NULL. A transposed one adds input (x, y) times the weight at (u, v) to its output
    // (x * stride + u - left, y * stride + v - top).
    int kernel_width, kernel_height;
    int left, top; // columns and rows of zeros before the picture; PAD, SLICE: added, or skipped
    int stride;
    float *weights, *bias;

    // ADD, SUBTRACT, MULTIPLY of one tensor: the other operand, one value for each channel.
    // constant_first: it stands left of the operator.
    float *constant;
    bool constant_first;

    int factor; // DEPTH_TO_SPACE, SPACE_TO_DEPTH, RESIZE, REPEAT: whole, >= 2
    // DEPTH_TO_SPACE, SPACE_TO_DEPTH, REPEAT: of C channels in the large picture's small squares,
    // channel c at (x, y) is (y * factor + x) * C + c (ONNX calls it DCR), not (c * factor + y) *
    // factor + x.
    bool column_major;
    bool align_corners, half_pixel; // RESIZE: where the samples lie
    int first;                      // SLICE: the first channel
    enum wr_edge edge;              // PAD
    float value;                    // PAD with WR_EDGE_CONSTANT

    enum wr_activation activation;
    float *slope; // PRELU: of each channel
    float low, high;
};

struct wr_network {
    struct wr_tensor input;
    struct wr_layer *layers;
    int count;
};

// Tolerates NULL and networks half open.
void wr_network_close(struct wr_network **network);
