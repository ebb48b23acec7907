// SPDX-License-Identifier: MIT
// Reads ONNX files.
#pragma once

#include "kernels/model/model_file.h"
#include "kernels/model/protobuf.h"

// Fills in a model, of which only the path is set, from the bytes of a file.
enum wr_status wr_onnx_read(struct wr_model_file *model, const void *data, size_t size,
                            struct wr_error *error);

// Reads a TensorProto. Its name goes into *name, which is the caller's to free, also on failure.
enum wr_status wr_onnx_tensor(const struct wr_model_file *model, struct wr_protobuf message,
                              char **name, struct wr_constant *constant, struct wr_error *error);

// Reads an AttributeProto; what it holds is the caller's, also on failure.
enum wr_status wr_onnx_attribute(const struct wr_model_file *model, const struct wr_node *node,
                                 struct wr_protobuf message, struct wr_attribute *attribute,
                                 struct wr_error *error);

// A string as text of the caller's.
enum wr_status wr_onnx_text(const struct wr_model_file *model, const struct wr_field *field,
                            char **text, struct wr_error *error);

enum wr_status wr_onnx_broken(const struct wr_model_file *model, struct wr_error *error);
