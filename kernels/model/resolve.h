// SPDX-License-Identifier: MIT
// What is known while a model becomes a network: for each value a constant or a picture.
#pragma once

#include "kernels/model/model_file.h"

enum wr_known_kind {
    WR_NOT_KNOWN,
    WR_CONSTANT,
    WR_PICTURE,
    WR_REARRANGED // a picture on the way through Reshape, Transpose, Reshape
};

struct wr_known {
    enum wr_known_kind kind;
    struct wr_constant constant; // CONSTANT; the resolver's own where is_own, else the model's
    bool is_own;
    int tensor; // PICTURE, REARRANGED: number in the network
    // REARRANGED: six sizes, and which of them axis n now is.
    int64_t sizes[6];
    int64_t order[6];
};

struct wr_resolver {
    const struct wr_model_file *model;
    const struct wr_node *node; // that is at work
    struct wr_network *network;
    struct wr_tensor *tensors; // of the network, by number
    struct wr_known *values;   // by their number in the model
    size_t weights;            // floats in the layers so far
    int64_t room;              // for values that are computed from constants
    struct wr_error *error;
};

struct wr_operator {
    const char *name; // ONNX's
    // Computes the node's output where an input is a picture. NULL: that is not supported.
    enum wr_status (*lower)(struct wr_resolver *resolver);
    // The same where all inputs are constants. NULL: that is not supported.
    enum wr_status (*fold)(struct wr_resolver *resolver);
    int detail; // what distinguishes operators with the same functions
};

// Refuses the node that is at work, or says that there is no memory.
#define wr_resolver_refuse(r, ...) wr_node_refuse((r)->model, (r)->node, (r)->error, __VA_ARGS__)
enum wr_status wr_resolver_fail(const struct wr_resolver *r);

// What the node's input n is, NULL where there is none.
const struct wr_known *wr_resolver_input(const struct wr_resolver *r, int n);

// Input n as a constant or a picture. NULL without an error where it is left out; NULL with one
// (*status) where it is something else.
const struct wr_constant *wr_resolver_constant(const struct wr_resolver *r, int n,
                                               enum wr_status *status);
const struct wr_tensor *wr_resolver_picture(const struct wr_resolver *r, int n, int *tensor,
                                            enum wr_status *status);

// Axis n of `rank`, where negative ones count from the end. Fails where there is no such axis.
enum wr_status wr_resolver_axis(const struct wr_resolver *r, int64_t axis, int rank, int *found);

// A list that stands in input n or in an attribute, as the opset has it. NULL as above.
const struct wr_constant *wr_resolver_list(const struct wr_resolver *r, int n, const char *name,
                                           enum wr_status *status);

// Takes room for a constant of these sizes that the node computes. Fails where shape arithmetic
// would not need so many values.
enum wr_status wr_resolver_room(struct wr_resolver *r, int rank, const int64_t *sizes);

// Gives the node's first output: a constant, which becomes the resolver's; or a tensor.
enum wr_status wr_resolver_give(struct wr_resolver *r, struct wr_constant *constant);
enum wr_status wr_resolver_give_tensor(struct wr_resolver *r, int output, int tensor);

// Adds a layer for the node at work, with room for its inputs, and for its output number `output`.
// NULL, with an error, where the picture would be too large or memory is short.
struct wr_layer *wr_resolver_add(struct wr_resolver *r, enum wr_layer_kind kind, int inputs,
                                 struct wr_tensor out, int output);

// Room for that many weights of a layer, zeros; NULL, with an error, where there is not enough.
float *wr_resolver_weights(struct wr_resolver *r, size_t count);

// Constant input n as one value for each channel, for a layer to keep. NULL, with an error, where
// it is not that or not finite.
float *wr_resolver_channels(struct wr_resolver *r, int n, int channels);

// Refuses weights that are not finite.
enum wr_status wr_resolver_finite(const struct wr_resolver *r, const struct wr_constant *c);
