// SPDX-License-Identifier: MIT
// What the ways of lowering layers share: tensors as planes of floats, and passes that make them.
#pragma once

#include "kernels/model/network.h"
#include "kernels/program/filter.h"

// A tensor of the network on its way through lowering. With factor above 1 its plane holds it with
// so many times so many channels for each pixel (depth to space), which nobody has spread yet.
struct wr_net_tensor {
    struct wr_tensor size; // once it is spread
    struct wr_plane plane;
    int factor;
    bool depth_first; // of the channels: see WR_LAYER_DEPTH_TO_SPACE
    float steps;      // its values are integers, so many to 1; 0: they are floats
};

// Channels as they lie in a plane, 0: there are too many. The number divides NET_COLUMNS.
int wr_net_padded(int channels);

// A pass that makes a tensor of so many channels and that size, which *out then is, apart from its
// steps. Inputs, tables and rows are the caller's to fill in.
struct wr_pass *wr_net_pass(struct wr_lowering *lowering, const struct wr_kernel *kernel,
                            const void *arguments, struct wr_tensor size,
                            struct wr_net_tensor *out);

// A table of `count` channels, padded with zeros; values NULL: all zeros.
int wr_net_table(struct wr_lowering *lowering, const float *values, int count, int padded);

// Makes row y of the pass's output read rows first[y] to first[y] + count of its first input, as
// far as there are such rows.
void wr_net_rows(struct wr_lowering *lowering, struct wr_pass *pass, const int32_t *first,
                 int count);

// The same for rows y / factor - before to `count` behind that.
void wr_net_near_rows(struct wr_lowering *lowering, struct wr_pass *pass, int factor, int before,
                      int count);

// Each lowers one layer. in: its inputs, spread, of floats. They leave the activation out where
// noted. Those of convolutions take integers, too; then the first of them makes integers where
// out->steps says so.
void wr_net_conv(struct wr_lowering *lowering, const struct wr_layer *layer,
                 const struct wr_net_tensor *in, struct wr_net_tensor *out);
void wr_net_conv_transpose(struct wr_lowering *lowering, const struct wr_layer *layer,
                           const struct wr_net_tensor *in, struct wr_net_tensor *out);
// Also WR_LAYER_PER_VALUE, and only the activation of any other kind of layer.
void wr_net_values(struct wr_lowering *lowering, const struct wr_layer *layer,
                   const struct wr_net_tensor *in, struct wr_net_tensor *out);
// These two without the activation.
void wr_net_concat(struct wr_lowering *lowering, const struct wr_layer *layer,
                   const struct wr_net_tensor *in, struct wr_net_tensor *out);
void wr_net_place(struct wr_lowering *lowering, const struct wr_layer *layer,
                  const struct wr_net_tensor *in, struct wr_net_tensor *out);
void wr_net_linear(struct wr_lowering *lowering, const struct wr_layer *layer,
                   const struct wr_net_tensor *in, struct wr_net_tensor *out);

// Spreads a tensor that is not spread yet.
void wr_net_spread(struct wr_lowering *lowering, struct wr_net_tensor *tensor);

// Turns a spread tensor of floats into one of integers, so many steps to 1.
void wr_net_round(struct wr_lowering *lowering, float steps, struct wr_net_tensor *tensor);
