// SPDX-License-Identifier: MIT
// Operators on pictures: each gives the node's outputs, mostly by a layer of the network.
#pragma once

#include "kernels/model/resolve.h"

enum wr_status wr_lower_activation(struct wr_resolver *r); // the detail: which one
enum wr_status wr_lower_binary(struct wr_resolver *r);
enum wr_status wr_lower_cast(struct wr_resolver *r);
enum wr_status wr_lower_concat(struct wr_resolver *r);
enum wr_status wr_lower_convolution(struct wr_resolver *r);
enum wr_status wr_lower_identity(struct wr_resolver *r); // for all outputs
enum wr_status wr_lower_normalization(struct wr_resolver *r);
enum wr_status wr_lower_pad(struct wr_resolver *r);
enum wr_status wr_lower_prelu(struct wr_resolver *r);
enum wr_status wr_lower_rearrangement(struct wr_resolver *r); // the detail: which kind of layer
enum wr_status wr_lower_reshape(struct wr_resolver *r);
enum wr_status wr_lower_resize(struct wr_resolver *r);
enum wr_status wr_lower_shape(struct wr_resolver *r);
enum wr_status wr_lower_slice(struct wr_resolver *r);
enum wr_status wr_lower_split(struct wr_resolver *r);
enum wr_status wr_lower_transpose(struct wr_resolver *r);
enum wr_status wr_lower_transposed_convolution(struct wr_resolver *r);

// Resize by bicubic interpolation, samples at the middle of pixels.
enum wr_status wr_lower_cubic(struct wr_resolver *r, int tensor, double factor);
