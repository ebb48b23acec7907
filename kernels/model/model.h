// SPDX-License-Identifier: MIT
// Models of small convolutional networks, read from files, and resolved to networks for frames of
// one size.
#pragma once

#include "kernels/model/network.h"
#include "lib/base/error.h"

struct wr_model_file;

// Reads a model: ONNX, or ncnn where the name ends in ".param"; its weights are then in the file
// beside it that ends in ".bin". Both endings may be in capitals. The model is the caller's to
// close. Fails with WR_USAGE and one sentence where the file cannot be read, is broken, or holds
// what is not supported; *model is NULL then.
enum wr_status wr_model_open(struct wr_model_file **model, const char *path,
                             struct wr_error *error);

// Tolerates NULL and models half open.
void wr_model_close(struct wr_model_file **model);

// "ONNX" or "ncnn".
const char *wr_model_format(const struct wr_model_file *model);

// The input that the file asks for; width and height are 0 where any will do.
struct wr_tensor wr_model_input(const struct wr_model_file *model);

// The names of ONNX's operators and of ncnn's layers that models may use, in the order of the
// alphabet; NULL from `n` = their number on.
const char *wr_operator_name(int n);
const char *wr_ncnn_layer_name(int n);

// Makes the network for frames of that size: shapes are known numbers then, activations belong to
// the layer before them, and layers that nothing reads are gone. It is the caller's to close with
// wr_network_close() and needs the model no longer. Fails as wr_model_open() where the model
// cannot take the size or uses an operator in a way that is not supported.
enum wr_status wr_network_open(struct wr_network **network, const struct wr_model_file *model,
                               int width, int height, struct wr_error *error);
