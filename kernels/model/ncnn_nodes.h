// SPDX-License-Identifier: MIT
// Nodes that ncnn's layers become.
#pragma once

#include "kernels/model/ncnn.h"

// Begins a node for the layer, with an operator by ONNX's name. It is n->node from now on.
enum wr_status wr_ncnn_begin(struct wr_ncnn *n, const char *operation);

// Gives the node `count` of the layer's own inputs, from `first` on.
enum wr_status wr_ncnn_connect(struct wr_ncnn *n, int first, int count);

// Gives the node the layer's outputs.
enum wr_status wr_ncnn_end(struct wr_ncnn *n);

// A node with the layer's inputs and outputs and nothing else.
enum wr_status wr_ncnn_plain(struct wr_ncnn *n, const char *operation);

// A value of this layer that has no name in the file. Names there have no blanks.
enum wr_status wr_ncnn_inner(struct wr_ncnn *n, const char *what, int *value);

// Gives the node an input that is a constant. It becomes the model's, also on failure.
enum wr_status wr_ncnn_constant(struct wr_ncnn *n, const char *what, struct wr_constant *c);
enum wr_status wr_ncnn_numbers(struct wr_ncnn *n, const char *what, bool is_integer, int count,
                               const double *numbers);

// Gives the node an attribute: a text, or numbers.
enum wr_status wr_ncnn_set(struct wr_ncnn *n, const char *name, const char *text, bool is_integer,
                           int count, const double *numbers);
enum wr_status wr_ncnn_set_text(struct wr_ncnn *n, const char *name, const char *text);
enum wr_status wr_ncnn_set_integers(struct wr_ncnn *n, const char *name, int count,
                                    const double *numbers);

// Layers that take more reading.
enum wr_status wr_ncnn_convolution(struct wr_ncnn *n);
enum wr_status wr_ncnn_deconvolution(struct wr_ncnn *n);
enum wr_status wr_ncnn_slice(struct wr_ncnn *n);
enum wr_status wr_ncnn_crop(struct wr_ncnn *n);
enum wr_status wr_ncnn_padding(struct wr_ncnn *n);
